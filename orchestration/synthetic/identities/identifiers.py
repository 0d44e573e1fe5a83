"""PNC identifiers and CRNs: drawing them, and the ways they are written down.

Belongs here: check letters, valid spellings, and identifiers no reader should accept. Not here: whose
identifier stands in which row (`rendering.py`).
"""

from functools import cache

import numpy as np

CHECK_LETTERS = np.array(list("ZABCDEFGHJKLMNPQRTUVWXY"))
CRN_LETTERS = np.array(list("ABCDEFGHJKLMNPRSTVWX"))
PNC_FORMS = ("long", "short", "long_bare", "short_bare", "long_lower", "long_unpadded", "long_blanks")
MALFORMED_PNC = ("wrong_letter", "no_letter", "zero_serial", "future_year", "words")
FIRST_YEAR = 1900
AMBIGUOUS_WITHOUT_SLASH = (19, 20)  # two-digit years that also begin a four-digit year


def check_letter(year: np.ndarray, serial: np.ndarray) -> np.ndarray:
    """The letter that ends a PNC identifier: (two-digit year and 7-digit serial) modulo 23."""
    return CHECK_LETTERS[((year % 100) * 10_000_000 + serial) % 23]


def draw_serials(rng: np.random.Generator, size: int, largest: int) -> np.ndarray:
    """Distinct whole numbers from 1 to `largest`, in no order."""
    if size > largest // 2:
        raise ValueError(f"{size} distinct serials of {largest} cannot be drawn quickly")
    drawn = np.unique(rng.integers(1, largest + 1, int(size * 1.3) + 100))
    while len(drawn) < size:
        drawn = np.unique(np.concatenate([drawn, rng.integers(1, largest + 1, size)]))
    return rng.permutation(drawn)[:size]


def draw_crns(rng: np.random.Generator, size: int) -> np.ndarray:
    """Distinct case reference numbers: one letter, six digits."""
    return write_crn_number(draw_serials(rng, size, len(CRN_LETTERS) * 1_000_000 - 1))


def write_crn_number(numbers: np.ndarray) -> np.ndarray:
    """Case reference numbers as text; `numbers` are below 1,000,000 times the letters in use, each gives another."""
    thousands, rest = np.divmod(numbers, 1_000)
    starts, ends = _crn_texts()
    return starts[thousands] + ends[rest]


@cache
def _crn_texts() -> tuple[np.ndarray, np.ndarray]:
    """Letter and first three digits of CRNs, and the last three digits."""
    starts = [f"{letter}{digits:03d}" for letter in CRN_LETTERS.tolist() for digits in range(1_000)]
    return np.array(starts, dtype=object), np.array([f"{digits:03d}" for digits in range(1_000)], dtype=object)


@cache
def _year_texts() -> np.ndarray:
    """What stands before the serial, by form (row) and year (column, from FIRST_YEAR)."""
    years = range(FIRST_YEAR, FIRST_YEAR + 200)
    forms = [[f"{y}/" for y in years], [f"{y % 100:02d}/" for y in years], [f"{y}" for y in years]]
    forms += [[f"{y % 100:02d}" for y in years], forms[0], forms[0], [f" {y} / " for y in years]]
    return np.array(forms, dtype=object)


@cache
def _serial_texts() -> tuple[np.ndarray, np.ndarray]:
    """The first three digits of serials, and the last four with each check letter."""
    ends = [f"{digits:04d}{letter}" for digits in range(10_000) for letter in CHECK_LETTERS.tolist()]
    return np.array([f"{digits:03d}" for digits in range(1_000)], dtype=object), np.array(ends, dtype=object)


def write_pnc(year: np.ndarray, serial: np.ndarray, form: np.ndarray) -> np.ndarray:
    """Valid PNC identifiers in the given forms (indices of PNC_FORMS); years from 1900 to 2099."""
    # without a slash such a short form could also be read as a four-digit year
    form = np.where(np.isin(year % 100, AMBIGUOUS_WITHOUT_SLASH) & (form == 3), 1, form)
    letter = ((year % 100) * 10_000_000 + serial) % 23
    starts, (middles, ends) = _year_texts(), _serial_texts()
    text = starts[form, year - FIRST_YEAR] + middles[serial // 10_000] + ends[serial % 10_000 * 23 + letter]
    for row in np.flatnonzero(form >= PNC_FORMS.index("long_lower")):
        if form[row] == PNC_FORMS.index("long_lower"):
            text[row] = text[row].lower()
        elif form[row] == PNC_FORMS.index("long_unpadded"):
            text[row] = f"{year[row]}/{serial[row]}{CHECK_LETTERS[letter[row]]}"
        else:
            text[row] += "\u00a0"
    return text


def write_malformed_pnc(rng: np.random.Generator, year: np.ndarray, serial: np.ndarray) -> np.ndarray:
    """Something in the PNC column that is no valid identifier, of every kind in MALFORMED_PNC."""
    kinds = rng.choice(len(MALFORMED_PNC), len(year), p=(0.60, 0.15, 0.10, 0.05, 0.10))
    shift = rng.integers(1, 23, len(year))
    wrong = CHECK_LETTERS[((year % 100) * 10_000_000 + serial + shift) % 23]
    writers = (
        lambda y, s, a: f"{y}/{s:07d}{a}",
        lambda y, s, a: f"{y}/{s:07d}",
        lambda y, s, a: f"{y}/0000000{a}",
        lambda y, s, a: f"{y + 150}/{s:07d}{a}",
        lambda y, s, a: "NOT KNOWN",
    )
    parts = zip(kinds.tolist(), year.tolist(), serial.tolist(), wrong.tolist(), strict=True)
    return np.array([writers[k](y, s, a) for k, y, s, a in parts], dtype=object)


def write_malformed_crn(rng: np.random.Generator, crn: np.ndarray) -> np.ndarray:
    """Something in the CRN column that is no valid CRN: too short, too long, no letter, words."""
    writers = (lambda c: c[:-1], lambda c: c + c[-1], lambda c: c[1:], lambda c: "N/K")
    kinds = rng.integers(0, len(writers), len(crn))
    return np.array([writers[k](c) for k, c in zip(kinds.tolist(), crn.tolist(), strict=True)], dtype=object)


def write_crn(rng: np.random.Generator, crn: np.ndarray) -> np.ndarray:
    """Valid CRNs, a few in lower case or with a blank."""
    style, text = rng.random(len(crn)), crn.copy()
    for row in np.flatnonzero(style < 0.03):
        text[row] = text[row].lower() if style[row] < 0.02 else f"{text[row][0]} {text[row][1:]} "
    return text
