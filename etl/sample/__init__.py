"""A city that does not exist: drops of any size, calibrated to one of the five cities' published figures.

`write_sample` writes what the platforms of a city would send: a full register each, one file of service
records per year and one of activities. The people are made up, every row says so (数据性质 = 示例数据), and the
same arguments write the same bytes. What is calibrated to what is in calibration.toml.
"""

from pathlib import Path

from etl.sample.calibration import Calibration, load_calibration
from etl.sample.faults import Fault
from etl.sample.writer import Sample, Writer
from metrics.areas import load_areas

__all__ = ["Fault", "Sample", "write_sample", "write_sample_with_truth"]

MOST_VOLUNTEERS = 1_500_000  # as many as the largest of the five; there are ID numbers for so many
MOST_MONTHS, MOST_FAULTS = 240, 0.5


def write_sample(
    out: Path, city: str, volunteers: int, months: int = 36, seed: int = 1, faults: float = 0.0
) -> list[Path]:
    """Write drops to OUT/<city>/<platform>/*.csv and return their paths, registers first, hours last.

    `volunteers` persons are registered and in force on 2023-12-31; `months` end with December 2023; `faults`
    is the number of faulty rows added, as a share of the right ones. Raises ValueError with a sentence when
    an argument is wrong or the folder holds other drops.
    """
    return write_sample_with_truth(out, city, volunteers, months, seed, faults).paths


def write_sample_with_truth(
    out: Path, city: str, volunteers: int, months: int = 36, seed: int = 1, faults: float = 0.0
) -> Sample:
    """As write_sample, with the list of planted faults (for tests and for trying out a load)."""
    calibration = load_calibration()
    require_arguments(calibration, city, volunteers, months, seed, faults)
    return Writer(Path(out), calibration, calibration.cities[city], volunteers, months, seed, faults).write()


def require_arguments(
    calibration: Calibration, city: str, volunteers: int, months: int, seed: int, faults: float
) -> None:
    if city not in calibration.cities:
        known = ", ".join(f"{code} {load_areas().get(code).area_name}" for code in sorted(calibration.cities))
        raise ValueError(f"There is no sample city with the code '{city}'; choose one of {known}.")
    if not 1 <= volunteers <= MOST_VOLUNTEERS:
        raise ValueError(f"volunteers is {volunteers}; expected 1 to {MOST_VOLUNTEERS}.")
    if not 1 <= months <= MOST_MONTHS:
        raise ValueError(f"months is {months}; expected 1 to {MOST_MONTHS}.")
    if seed < 0:
        raise ValueError(f"seed is {seed}; expected a whole number from 0.")
    if not 0 <= faults <= MOST_FAULTS:
        raise ValueError(f"faults is {faults}; expected a share from 0 to {MOST_FAULTS}.")
