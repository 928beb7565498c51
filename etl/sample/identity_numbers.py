"""Made-up ID numbers: valid in form (GB 11643), of nobody (region 900000 was never issued)."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

REGION = 900000
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK_CHARACTERS = np.frombuffer(b"10X98765432", np.uint8)
NUMBERS_PER_BIRTHDAY = 500  # three digits, of which the last one's parity tells the gender
STEP = 37  # a prime that divides no part of 500: every rank keeps a number of its own, out of order


def check_character(stem: str) -> str:
    """The 18th character of an ID number from its first 17 digits.

    >>> check_character("11010519491231002")
    'X'
    """
    total = int(np.dot(np.array([int(digit) for digit in stem]), WEIGHTS))
    return chr(CHECK_CHARACTERS[total % 11])


def id_numbers(birth_days: Array, is_male: Array, part: int = 0, parts: int = 1) -> Array:
    """One unique ID number (bytes, 'S18') per person; `birth_days` are days since 1970-01-01.

    `part` of `parts` numbers of a birthday are used, so that two cities never share a person. Raises
    ValueError when more persons share a birthday and a gender than there are numbers.
    """
    births = birth_days.astype("datetime64[D]")
    years = births.astype("datetime64[Y]").astype(np.int64) + 1970
    months = births.astype("datetime64[M]").astype(np.int64) % 12 + 1
    days = (births - births.astype("datetime64[M]")).astype(np.int64) + 1
    rank = rank_within(birth_days * 2 + is_male)
    available = NUMBERS_PER_BIRTHDAY // parts
    if len(rank) and rank.max() >= available:
        raise ValueError("There are not enough made-up ID numbers for so many volunteers; ask for fewer.")
    number = part * available + (rank * STEP + birth_days * 7) % available
    sequence = 2 * number + is_male
    stems = ((REGION * 10**8 + years * 10**4 + months * 100 + days) * 1000 + sequence).astype(np.int64)
    digits = np.empty((len(stems), 18), np.uint8)
    weighted = np.zeros(len(stems), np.int64)
    for place in range(16, -1, -1):
        stems, digit = np.divmod(stems, 10)
        digits[:, place] = digit + ord("0")
        weighted += digit * WEIGHTS[place]
    digits[:, 17] = CHECK_CHARACTERS[weighted % 11]
    return digits.reshape(-1).view("S18")


def rank_within(keys: Array) -> Array:
    """For each element, how many earlier elements have the same key (0 for the first)."""
    order = np.argsort(keys, kind="stable")
    sorted_keys = keys[order]
    is_first = np.r_[True, sorted_keys[1:] != sorted_keys[:-1]][: len(keys)]
    starts = np.maximum.accumulate(np.where(is_first, np.arange(len(keys)), 0))
    rank = np.empty(len(keys), np.int64)
    rank[order] = np.arange(len(keys)) - starts
    return rank
