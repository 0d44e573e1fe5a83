"""Normalisation a second time, in plain Python, from the description of the method alone.

Belongs here: names, dates of birth, PNC identifiers and CRNs. Not here: anything read from the reference
tables or shared with the SQL; agreement between the two is what is being tested.
"""

import datetime
import re
import unicodedata
from functools import cache

FOLDS = {
    "Ø": "O", "ø": "O", "Ł": "L", "ł": "L", "Đ": "D", "đ": "D", "Ð": "D", "ð": "D", "Æ": "AE", "æ": "AE",
    "Œ": "OE", "œ": "OE", "ß": "SS", "ẞ": "SS", "Þ": "TH", "þ": "TH", "ı": "I",
}  # fmt: skip
APOSTROPHES = "\u0027\u2018\u2019\u201b\u0060\u00b4\u02b9\u02bc\u2032\uff07"
TITLES = {"MR", "MRS", "MS", "MISS", "MX", "DR", "PROF", "REV", "SIR", "FR", "CLLR"}
TITLES_AND_NAMES = {"LADY", "LORD", "DAME", "HON"}  # dropped in front of a name only
MARKERS = ("MIG ERROR", "DUPLICATE", "NO SHOW", "NOT ENTERED")
PARTICLES = {
    "AL", "EL", "AP", "AB", "DE", "DA", "DI", "DEL", "DELLA", "DOS", "DU", "LA", "LE", "VAN", "VON", "DER", "DEN",
    "BIN", "BINTI", "BINT", "IBN", "BEN", "O",
}  # fmt: skip
NAME_PLACEHOLDERS = {
    "UNKNOWN", "UNKOWN", "UNKNOWM", "UNKNWON", "UNKNOWEN", "UNK", "NOT KNOWN", "NOTKNOWN", "NK", "N K", "N A",
    "NOT APPLICABLE", "NOT AVAILABLE", "NOT GIVEN", "NOT STATED", "NOT RECORDED", "NOT ENTERED", "NOT SUPPLIED",
    "NOT PROVIDED", "NOT DISCLOSED", "NO NAME", "NONAME", "NO FORENAME", "NO SURNAME", "NO FIXED NAME", "NONE",
    "NONE GIVEN", "NULL", "NIL", "BLANK", "MISSING", "TBC", "TBA", "ANON", "ANONYMOUS", "REFUSED", "WITHHELD",
    "DECLINED", "TEST", "TEST TEST", "TESTER", "JOHN DOE TEST", "DUMMY", "BABY", "MALE", "FEMALE", "DECEASED",
    "DUPLICATE", "REF", "VALUE", "DIV", "NAN",
}  # fmt: skip
DATE_PLACEHOLDERS = {datetime.date(1900, 1, 1), datetime.date(1901, 1, 1), datetime.date(1970, 1, 1)}
CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
REFERENCE_YEAR = 2021


@cache
def name(received: str | None) -> str | None:
    """A name in capital letters with single blanks; None where it is missing."""
    if received is None:
        return None
    text = "".join(FOLDS.get(c, c) for c in received)
    text = "".join(c for c in text if c not in APOSTROPHES)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = "".join(c if "A" <= c <= "Z" else " " for c in text.upper())
    text = " ".join(text.split())
    for marker in MARKERS:
        if text.startswith(f"{marker} "):
            text = text[len(marker) + 1 :]
            break
    words = text.split()
    while words and words[-1] in TITLES:
        words = words[:-1]
    while len(words) > 1 and words[0] in TITLES | TITLES_AND_NAMES:
        words = words[1:]
    if words and words[0] in TITLES:
        words = []
    text = " ".join(_with_mc_joined(words))
    is_filled_in = text != "" and all(set(word) in ({"X"}, {"Z"}) for word in text.split())
    return None if text == "" or is_filled_in or text in NAME_PLACEHOLDERS else text


def _with_mc_joined(words: list[str]) -> list[str]:
    """Mc Kenzie as McKenzie; the last word has nothing to join."""
    if len(words) > 1 and words[0] in ("MC", "MAC"):
        return [words[0] + words[1], *_with_mc_joined(words[2:])]
    return [words[0], *_with_mc_joined(words[1:])] if words else []


def words_of(received: str | None) -> list[str] | None:
    """The words of a name without particles (unless it has no others) and initials; None where none is left."""
    cleaned = name(received)
    if cleaned is None:
        return None
    words = cleaned.split(" ")
    return [word for word in [w for w in words if w not in PARTICLES] or words if len(word) > 1] or None


def surname(received: str | None) -> str | None:
    """A surname as it is compared: without blanks."""
    cleaned = name(received)
    return None if cleaned is None else cleaned.replace(" ", "")


def first_forename(received: str | None) -> str | None:
    """The first word of the forenames."""
    cleaned = name(received)
    return None if cleaned is None else cleaned.split(" ")[0]


def birthday(born: datetime.date, years: int) -> datetime.date:
    """The day on which somebody turns `years`; 1 March for a 29 February in a common year."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return datetime.date(born.year + years, 3, 1)


def age(born: datetime.date | None, on: datetime.date) -> int | None:
    """Whole years of age, counted birthday by birthday."""
    if born is None:
        return None
    years = 0
    while birthday(born, years + 1) <= on:
        years += 1
    return years


def date_of_birth(received: datetime.date | None, own_date: datetime.date) -> datetime.date | None:
    """The date of birth, or None where it is a placeholder or impossible beside the row's own date."""
    if received is None or received in DATE_PLACEHOLDERS or received > own_date:
        return None
    return None if birthday(received, 110) < own_date else received


def crn(received: str | None) -> str | None:
    """One letter and six digits, or None."""
    if received is None:
        return None
    text = "".join(received.split()).upper()
    return text if re.fullmatch("[A-Z][0-9]{6}", text) else None


def _is_right(year: int, serial: int, letter: str) -> bool:
    return CHECK_LETTERS[(year % 100 * 10**7 + serial) % 23] == letter


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return 1900 + year if year > REFERENCE_YEAR % 100 else 2000 + year


def pnc(received: str | None) -> str | None:
    """The canonical PNC identifier, or None where it is missing or invalid."""
    if received is None:
        return None
    text = "".join(received.split()).upper()
    found: list[tuple[int, int, str]] = []
    if match := re.fullmatch("([0-9]{2}|[0-9]{4})/([0-9]{1,7})([A-Z])", text):
        year = _full_year(match[1])
        if 1900 <= year <= REFERENCE_YEAR:
            found.append((year, int(match[2]), match[3]))
    else:
        if match := re.fullmatch("([0-9]{2})([0-9]{1,7})([A-Z])", text):
            found.append((_full_year(match[1]), int(match[2]), match[3]))
        if (match := re.fullmatch("([0-9]{4})([0-9]{1,7})([A-Z])", text)) and 1950 <= int(match[1]) <= REFERENCE_YEAR:
            found.append((int(match[1]), int(match[2]), match[3]))
    right = [reading for reading in found if _is_right(*reading)]
    if len(right) != 1 or right[0][1] == 0:
        return None
    year, serial, letter = right[0]
    return f"{year:04d}/{serial:07d}{letter}"


def check_letter(year: int, serial: int) -> str:
    """The letter a PNC identifier of that year and serial carries."""
    return CHECK_LETTERS[(year % 100 * 10**7 + serial) % 23]
