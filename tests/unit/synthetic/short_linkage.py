"""The linkage method in plain loops, to see what the written extracts link to.

Belongs here: a second reading of the method for the generator's tests, working on the files' text alone. Not
here: anything of the generator (its own idea of what links is what is being tested).
"""

import csv
import re
import unicodedata
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
FOLDS = str.maketrans({"Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ß": "ss", "ı": "i"})
TITLES = {"MR", "MRS", "MS", "MISS", "MX", "DR", "PROF", "REV", "SIR"}
PLACEHOLDERS = {
    "",
    "UNKNOWN",
    "NOT KNOWN",
    "NOTKNOWN",
    "NK",
    "N A",
    "NONE",
    "NULL",
    "TBC",
    "X",
    "XX",
    "XXX",
}
DATE_COLUMN = {"inspections": "start_date", "terminations": "sentence_date", "reoffending": "index_date"}
RULES = (
    ("pnc", "dob", "surname"), ("pnc", "dob"), ("pnc", "surname"), ("crn", "dob"), ("crn", "surname"),
    ("surname", "forenames", "dob"), ("surname", "first", "dob"), ("swap", "dob"), ("pnc",), ("crn",),
    ("surname", "near first", "dob"), ("near surname", "first", "dob"),
)  # fmt: skip
UNIQUE = (6, 7, 8, 11, 12)


def as_date(text: str) -> date | None:
    if not text:
        return None
    return datetime.strptime(text, "%d/%m/%Y" if "/" in text else "%Y-%m-%d").date()


def plain(text: str) -> str:
    text = re.sub("['‘’‛`´ʹʼ′＇]", "", text.translate(FOLDS))
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).upper()
    words = re.sub("[^A-Z]+", " ", text).split()
    while words and words[0] in TITLES:
        words = words[1:]
    name = " ".join(words)
    return "" if name in PLACEHOLDERS else name


def valid_pnc(text: str) -> str:
    text = re.sub(r"\s", "", text.replace("\u00a0", "")).upper()
    readings = []
    if found := re.fullmatch(r"(\d{2}|\d{4})/(\d{1,7})([A-Z])", text):
        readings = [found.groups()]
    elif found := re.fullmatch(r"(\d+)([A-Z])", text):
        digits, letter = found.groups()
        readings = [(digits[:n], digits[n:], letter) for n in (2, 4) if 1 <= len(digits) - n <= 7]
        readings = [r for r in readings if len(r[0]) == 2 or 1950 <= int(r[0]) <= 2021]
    good = [r for r in readings if LETTERS[int(r[0][-2:] + r[1].zfill(7)) % 23] == r[2] and int(r[1])]
    if len(good) != 1:
        return ""
    year = int(good[0][0])
    if len(good[0][0]) == 2:
        year += 2000 if year <= 21 else 1900
    return f"{year}/{good[0][1].zfill(7)}{good[0][2]}" if 1900 <= year <= 2021 else ""


def normalised(row: dict[str, str], source: str) -> dict:
    on = as_date(row[DATE_COLUMN[source]])
    born = as_date(row["date_of_birth"])
    if born and (born in (date(1900, 1, 1), date(1901, 1, 1)) or born > on or born.year < on.year - 110):
        born = None
    crn = re.sub(r"\s", "", row["crn"]).upper()
    surname, forenames = plain(row["surname"]), plain(row["forenames"])
    fields = {
        "pnc": valid_pnc(row["pnc_id"]),
        "crn": crn if re.fullmatch(r"[A-Z]\d{6}", crn) else "",
        "dob": born,
        "surname": surname.replace(" ", ""),
        "forenames": forenames,
        "first": forenames.split(" ")[0],
        "on": on,
    }
    names = (fields["surname"], forenames, born)
    key = fields["pnc"] or fields["crn"] or (names if all(names) else row.get("record_id"))
    return row | {"fields": fields, "person": key}


def read_source(folder: Path) -> list[dict]:
    """All rows of a source, the latest delivery of each id."""
    latest: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.csv"), key=lambda p: re.search(r"\d{4}-\d\d-\d\d", p.name).group()):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                latest[row.get("record_id") or row["case_id"]] = row
    return [normalised(row, folder.name) for row in latest.values()]


def mistyped(name: str) -> set[str]:
    """Every text that one typing fault can make of a name."""
    cuts = [(name[:at], name[at:]) for at in range(len(name) + 1)]
    dropped = {start + end[1:] for start, end in cuts}
    exchanged = {start + end[1] + end[0] + end[2:] for start, end in cuts if len(end) > 1}
    letters = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    added = {start + letter + end for start, end in cuts for letter in letters}
    other = {start + letter + end[1:] for start, end in cuts if end for letter in letters}
    return (dropped | exchanged | added | other) - {name}


def near(one: str, two: str) -> bool:
    """One typing fault apart in four letters and more, or one the first three letters and more of the other."""
    short, long = sorted((one, two), key=len)
    is_slip = len(long) >= 4 and len(long) - len(short) < 2 and short in mistyped(long)
    return one != two and short != "" and (is_slip or (len(short) >= 3 and long.startswith(short)))


def compare(case: dict, record: dict) -> tuple[set[int], bool]:
    """Ranks of the rules the pair satisfies, and whether it is contradicted."""
    one, two = case["fields"], record["fields"]
    same = {f for f in ("pnc", "crn", "dob", "surname", "forenames", "first") if one[f] and one[f] == two[f]}
    if one["surname"] and one["first"] and (one["surname"], one["first"]) == (two["first"], two["surname"]):
        same.add("swap")
    crossed = [x and x == y for x, y in ((one["surname"], two["first"]), (one["first"], two["surname"]))]
    compared = any(one[f] and two[f] for f in ("dob", "surname", "first"))
    if compared and not same & {"dob", "surname", "first"} and not any(crossed):
        return set(), True
    is_vetoed = bool(one["pnc"] and two["pnc"] and one["pnc"] != two["pnc"])
    same |= {f"near {f}" for f in ("surname", "first") if near(one[f], two[f])}
    ranks = {n for n, fields in enumerate(RULES, 1) if set(fields) <= same}
    return {n for n in ranks if not is_vetoed or {"crn", "dob"} <= set(RULES[n - 1])}, False


def _blocks(fields: dict) -> list[tuple]:
    keys = [("pnc", fields["pnc"]), ("crn", fields["crn"])]
    if fields["dob"]:
        keys += [("name", fields["surname"], fields["dob"]), ("name", fields["first"], fields["dob"])]
    return [key for key in keys if key[1]]


def decide(case: dict, candidates: list[dict], persons: dict) -> tuple[str, int, list[dict]]:
    """Status, rank of the deciding rule and the records inside the window, closest first."""
    verdicts = {record["record_id"]: compare(case, record)[0] for record in candidates}
    start = case["fields"]["on"]
    for rank in range(1, len(RULES) + 1):
        hits = [r for r in candidates if rank in verdicts[r["record_id"]]]
        inside = {
            person: [
                r for r in persons[person]
                if abs((r["fields"]["on"] - start).days) <= 7 and not compare(case, r)[1]
            ]
            for person in {r["person"] for r in hits}
        }  # fmt: skip
        left = [r for r in hits if inside[r["person"]]]
        if not left:
            continue
        pncs, crns = ({r["fields"][f] for r in left} - {""} for f in ("pnc", "crn"))
        if rank in UNIQUE and (len(pncs) > 1 or (not pncs and len(crns) > 1)):
            return "ambiguous", rank, []
        reached = [r for records in inside.values() for r in records]
        reached.sort(key=lambda r: (abs((r["fields"]["on"] - start).days), r["fields"]["on"] < start, r["record_id"]))
        return "matched", rank, reached
    return ("no_record_in_window" if any(verdicts.values()) else "no_person"), 0, []


def link(cases: list[dict], records: list[dict]) -> dict[str, tuple[str, int, list[dict]]]:
    """case_id -> (status, rank, records inside the window, closest first)."""
    by_block, persons = defaultdict(list), defaultdict(list)
    for record in records:
        persons[record["person"]].append(record)
        for key in _blocks(record["fields"]):
            by_block[key].append(record)
    linked = {}
    for case in cases:
        near = {r["record_id"]: r for key in _blocks(case["fields"]) for r in by_block.get(key, [])}
        linked[case["case_id"]] = decide(case, list(near.values()), persons)
    return linked
