"""Arrays to columns of text, without a Python string per row: what a cell of a drop looks like."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from etl.sample.calibration import AgeBand, City, Platform
from etl.sample.days import NEVER
from metrics.areas import load_areas

Array = npt.NDArray[Any]

CITY_PREFIX_SHARE = 0.1  # rows that write 唐山市路南区 rather than 路南区


def labels(values: Sequence[str], index: Array) -> Any:
    """The value of each index."""
    return pa.array(list(values), pa.string()).take(pa.array(index))


def constant(value: str, count: int) -> Any:
    return labels([value], np.zeros(count, np.int64))


def numbered(prefix: str, numbers: Array, width: int) -> Any:
    """`prefix` and the number, zero-padded to `width`."""
    padded = pc.utf8_lpad(pa.array(numbers, pa.int64()).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, padded, "")


def blank_where(is_blank: Array, texts: Any) -> Any:
    return pc.if_else(pa.array(is_blank), "", texts)


def id_text(id_number: Array, platform: Platform, generator: np.random.Generator) -> Any:
    """ID numbers; half of the minute-keeping platforms' X are lower case, as people type them."""
    # From the buffer, because pa.array() splits more than 16 MB of numpy bytes into chunks.
    kind, buffer = pa.binary(id_number.itemsize), pa.py_buffer(np.ascontiguousarray(id_number))
    fixed = pa.FixedSizeBinaryArray.from_buffers(kind, len(id_number), [None, buffer])
    text = fixed.cast(pa.binary()).cast(pa.string())
    if platform.form == "full":
        return text
    return pc.if_else(pa.array(generator.random(len(id_number)) < 0.5), pc.utf8_lower(text), text)


def activity_text(number: Array, prefix: str) -> Any:
    return blank_where(number == 0, numbered(f"{prefix}-HD", number, 7))


def day_text(days: Array, form: str) -> Any:
    """2021-03-05, or 2021/03/05 from a platform that counts minutes; NEVER is blank."""
    known = days[days < NEVER]
    if not len(known):
        return constant("", len(days))
    low, high = int(known.min()), int(known.max())
    texts = np.datetime_as_string(np.arange(low, high + 1).astype("datetime64[D]")).tolist()
    if form != "full":
        texts = [text.replace("-", "/") for text in texts]
    return labels([*texts, ""], np.where(days < NEVER, days - low, len(texts)))


def area_text(
    area: Array, city: City, platform: Platform, city_name_share: float, generator: np.random.Generator
) -> Any:
    """District names (some with the city's) or codes; unknown is blank, or in a share of rows the city."""
    leaves = [load_areas().get(code) for code in city.residents]
    city_name = load_areas().get(city.area_code).area_name
    unknown = len(leaves)
    if platform.form == "full":
        plain = [leaf.area_name for leaf in leaves]
        prefixed = [(city_name if leaf.level == "district" else "") + leaf.area_name for leaf in leaves]
        named = city_name
    else:
        plain = prefixed = [leaf.area_code for leaf in leaves]
        named = city.area_code
    lot = generator.random(len(area))
    with_prefix = (lot < CITY_PREFIX_SHARE) & (area < unknown)
    as_city = (lot < city_name_share) & (area == unknown)
    index = np.where(with_prefix, area + unknown + 2, np.where(as_city, unknown + 1, area))
    return labels([*plain, "", named, *prefixed], index)


def organisation_text(
    area: Array, city: City, volunteers: int, share: float, generator: np.random.Generator
) -> Any:
    """An organisation of the person's district, the first ones far larger than the rest; some have none."""
    residents = np.array([*city.residents.values(), 0], float)
    wanted = city.target("organisations_per_registered") * volunteers * residents / residents.sum()
    sizes = np.maximum(1, np.rint(wanted)).astype(np.int64)[area]
    rank = 1 + np.floor(sizes * generator.random(len(area)) ** 2.5).astype(np.int64)
    return blank_where(generator.random(len(area)) >= share, organisation_of(area, rank, city))


def organisation_of(area: Array, rank: Array, city: City) -> Any:
    codes = [f"ZZ{code}-" for code in (*city.residents, city.area_code)]
    number = pc.utf8_lpad(pa.array(rank, pa.int64()).cast(pa.string()), 5, "0")
    return pc.binary_join_element_wise(labels(codes, area), number, "")


def banded(
    age_bands: tuple[AgeBand, ...], attribute: str, bands: Array, generator: np.random.Generator
) -> Any:
    """A value per person from the table of the person's age band."""
    values: list[str] = []
    index = np.zeros(len(bands), np.int64)
    lot = generator.random(len(bands))
    for position, band in enumerate(age_bands):
        shares = getattr(band, attribute)
        steps = np.cumsum(list(shares.values()))
        here = bands == position
        index[here] = len(values) + np.searchsorted(steps / steps[-1], lot[here], side="right")
        values.extend(shares)
    return labels(values, index)
