"""Small made-up worlds of cases and records that confuse a linkage on purpose.

Every world has names, PNC serials and CRNs of its own, so that thousands of them can share one build without
meeting. Belongs here: drawing rows. Not here: what should become of them (`oracle.py`).
"""

import datetime
import random
from dataclasses import dataclass, replace

from tests.integration.linkage_oracle.normalising import check_letter
from tests.integration.linkage_oracle.oracle import Override, Row, is_probable, person

START = datetime.date(2018, 6, 1)
DIFFERENCES = (-21, -9, -8, -7, -7, -6, -3, -1, 0, 0, 1, 2, 3, 3, 6, 7, 7, 8, 9, 10, 20, 400)
SURNAMES = ("Smith", "Ó'Brien", "Smith-Jones", "Łuczak-Kowalska", "Nguyễn", "ＫＩＮＧ", "O’Brien")
FORENAMES = ("Anna", "Zoë Ann", "Mary Jane", "Mary", "Đorđe", "Jean-Paul")
SHORT_FORENAMES = ("Al", "Ali", "Ala", "Alia Ann")  # too short to be near another, or just long enough
FAMILIAR_FORENAMES = ("Robert", "Bob", "Rob Lee", "Muhammad", "Mohammed")
SHORT_FORMS = {"Robert": "Bob", "Bob": "Rob Lee", "Rob Lee": "Robert", "Muhammad": "Mohd", "Mohammed": "Muhammad"}
MISSING_NAMES = ("UNKNOWN", "n/a", "xxx", "Mr", "  ", "N.A.", "NOT_GIVEN", "Zzzz", "#REF!")
MISSING_DATES = (
    datetime.date(1900, 1, 1), datetime.date(1901, 1, 1), datetime.date(1970, 1, 1), datetime.date(2030, 1, 1),
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """Cases and the records of both sources, that meet nobody of another world."""

    cases: list[Row]
    terminations: list[Row]
    reoffending: list[Row]


@dataclass(frozen=True)
class _Pool:
    pncs: list[tuple[int, int]]
    crns: list[str]
    surnames: list[str]
    forenames: list[str]
    births: list[datetime.date]
    numbers_missing: float
    names_missing: float
    faults: float
    slips: float
    people: list[Row]


def _letters(number: int) -> str:
    """What opens a world's names: each letter four times, so that no few typing faults lead to another world's."""
    return "".join(4 * chr(ord("a") + number // 26**place % 26) for place in (2, 1, 0))


def _pool(rng: random.Random, number: int) -> _Pool:
    tag = "q" + _letters(number)
    surnames = [tag + name.replace("-", f"-{tag}") for name in rng.sample(SURNAMES, rng.randint(1, 3))]
    forenames = [
        " ".join([tag + first, *rest]) for first, *rest in (f.split() for f in rng.sample(FORENAMES, rng.randint(1, 3)))
    ]
    if rng.random() < 0.5:  # a surname that is somebody's forename
        forenames.append(surnames[0].replace("-", "").replace(" ", ""))
    births = [datetime.date(1980, 2, 29), datetime.date(1980, 3, 1), datetime.date(1975, 12, 31)]
    if rng.random() < 0.2:  # the day that stands for an unknown one
        births[0] = datetime.date(1980, 1, 1)
    if rng.random() < 0.3:  # forenames shared by many worlds: surnames of one word and birthdays keep them apart
        shared = rng.choice((SHORT_FORENAMES, FAMILIAR_FORENAMES))
        surnames, forenames = [tag + "smith", tag + "o’brien"], rng.sample(shared, 3)
        births = [datetime.date(1940, 1, 2) + datetime.timedelta(days=4 * number + k) for k in range(2)]
    pool = _Pool(
        pncs=[(rng.choice((1979, 1996, 2001, 2017)), number * 1000 + k + 1) for k in range(rng.randint(1, 3))],
        crns=[f"{rng.choice('XDE')}{number * 100 + k:06d}" for k in range(rng.randint(1, 3))],
        surnames=surnames,
        forenames=forenames,
        births=births[: rng.randint(1, 3)],
        numbers_missing=rng.choice((0.05, 0.3, 0.6)),
        names_missing=rng.choice((0.0, 0.05, 0.5)),
        faults=rng.choice((0.0, 0.1, 0.4)),
        slips=rng.choice((0.0, 0.0, 0.0, 0.3)),
        people=[],
    )
    people = [_anyone(rng, pool) for _ in range(rng.randint(1, 4))]
    if rng.random() < 0.6:  # namesakes born on the same day
        first = people[0]
        same = {name: getattr(first, name) for name in ("surname", "forenames", "date_of_birth")}
        people = [replace(person, **same) for person in people]
    return replace(pool, people=people)


def _anyone(rng: random.Random, pool: _Pool) -> Row:
    return Row(
        id="",
        own_date=START,
        pnc_id=_written_pnc(rng, *rng.choice(pool.pncs)),
        crn=rng.choice(pool.crns),
        surname=rng.choice(pool.surnames),
        forenames=rng.choice(pool.forenames),
        date_of_birth=rng.choice(pool.births),
    )


def _written_pnc(rng: random.Random, year: int, serial: int) -> str:
    letter = check_letter(year, serial)
    return rng.choice(
        (
            f"{year}/{serial:07d}{letter}",
            f"{year % 100:02d}/{serial:07d}{letter}",
            f"{year % 100:02d}/{serial}{letter}",
            f"{year}{serial:07d}{letter}",
            f" {year % 100:02d}/{serial:07d} {letter.lower()}\u00a0",
        )
    )


def _blemished(rng: random.Random, pool: _Pool, row: Row) -> Row:
    other = _anyone(rng, pool)
    if row.forenames and rng.random() < 0.3:  # a middle name known to one side only
        row = replace(row, forenames=row.forenames.split(" ")[0] + rng.choice(("", " Lee", " Kim")))
    if row.forenames in SHORT_FORMS and rng.random() < 0.5:
        row = replace(row, forenames=SHORT_FORMS[row.forenames])
    for name in ("pnc_id", "crn", "surname", "forenames", "date_of_birth"):
        if rng.random() < pool.faults:
            row = replace(row, **{name: getattr(other, name)})
        missing = pool.numbers_missing if name in ("pnc_id", "crn") else pool.names_missing
        if rng.random() < missing:
            row = replace(row, **{name: _missing(rng, name, row)})
    if rng.random() < pool.faults:
        row = replace(row, surname=row.forenames, forenames=row.surname)
    for name in ("surname", "forenames"):
        if rng.random() < pool.slips and getattr(row, name):
            row = replace(row, **{name: _mistyped(rng, getattr(row, name))})
    if rng.random() < 0.25:  # half of a double surname, or the first of two forenames, is not given
        row = replace(row, **_without_a_word(rng.choice(("surname", "surname", "forenames")), row))
    if row.surname and rng.random() < pool.slips:  # a marker, or a title after it
        written = ("MIG_ERROR_" + row.surname, row.surname + " Mr")
        row = replace(row, surname=rng.choice(written))
    if row.forenames and rng.random() < pool.slips / 2:
        row = replace(row, forenames=rng.choice((row.forenames[0], "Lord " + row.forenames, "Mc " + row.forenames)))
    if row.date_of_birth and rng.random() < pool.slips:
        row = replace(row, date_of_birth=_mistyped_date(rng, row.date_of_birth))
    return row


def _without_a_word(name: str, row: Row) -> dict[str, str]:
    """The second half of a surname, or the forenames after the first; nothing where there is one word."""
    words = (getattr(row, name) or "").replace("-", " ").split(" ")
    if len(words) < 2:
        return {}
    return {name: " ".join(words[1:])}


def _mistyped_date(rng: random.Random, born: datetime.date) -> datetime.date:
    """Ten days or a year later, or day and month exchanged where that is a date."""
    exchanged = born.replace(month=born.day, day=born.month) if born.day <= 12 else born
    return rng.choice((born + datetime.timedelta(days=10), born.replace(day=1, year=born.year + 1), exchanged))


def _mistyped(rng: random.Random, name: str) -> str:
    """A letter less, more or another, two exchanged, the name cut short, or two such faults."""
    at = rng.randrange(len(name))
    start, letter, end = name[:at], name[at], name[at + 1 :]
    faults = (start + end, start + letter + "e" + end, start + "o" + end, start + end[:1] + letter + end[1:])
    once = rng.choice((*faults, name[: -rng.randint(1, 4)] or name))
    return _mistyped(rng, once) if once and rng.random() < 0.2 else once


def _missing(rng: random.Random, name: str, row: Row) -> object:
    if name in ("surname", "forenames"):
        return rng.choice((None, None, *MISSING_NAMES))
    if name == "date_of_birth":
        return rng.choice((None, None, *MISSING_DATES))
    if name == "pnc_id" and row.pnc_id:  # a wrong letter, or nothing
        return rng.choice((None, row.pnc_id.strip("\u00a0 ")[:-1] + "I", "00/0Z"))
    return rng.choice((None, "X12345", "not known"))


def _dated(rng: random.Random, row: Row, row_id: str) -> Row:
    has_reoffended = int(rng.random() < 0.4)
    return replace(
        row,
        id=row_id,
        own_date=START + datetime.timedelta(days=rng.choice(DIFFERENCES)),
        reoffended=has_reoffended,
        reoffences=rng.randint(1, 9) * has_reoffended,
        days_to_first_reoffence=rng.choice((None, rng.randint(0, 365))) if has_reoffended else None,
    )


def world(seed: int, number: int) -> World:
    """World `number` (0 to 9,999) of a seed: up to 4 cases and up to 9 records a source."""
    rng = random.Random(f"{seed}-{number}")
    pool = _pool(rng, number)

    def rows(prefix: str, count: int) -> list[Row]:
        people = [rng.choice(pool.people) for _ in range(count)]
        ids = rng.sample(range(100), count)
        return [
            _dated(rng, _blemished(rng, pool, p), f"{prefix}{number}-{i}") for p, i in zip(people, ids, strict=True)
        ]

    cases = [
        replace(case, own_date=START, case_type=rng.choice(("community", "community", "post_release", None)))
        for case in rows("c", rng.randint(1, 4))
    ]
    if rng.random() < 0.2:  # cases known by name only
        cases = [replace(case, pnc_id=None, crn=None) for case in cases]
    return World(cases, rows("t", rng.randint(0, 9)), rows("r", rng.randint(0, 9)))


def apart(worlds: list[World]) -> list[World]:
    """Worlds that share no first forename and birthday with one before: no rule can link across two of them."""
    met: set[tuple] = set()
    kept = []
    for each in worlds:
        people = [person(row) for row in (*each.cases, *each.terminations, *each.reoffending)]
        own = {(one.first_forename, one.dob) for one in people if one.first_forename and one.dob}
        if not own & met:
            kept.append(each)
            met |= own
    return kept


def probable_pairs_of(world_drawn: World) -> list[tuple[str, str, str]]:
    """The pairs of a world that Splink would bring: source, case_id, record_id."""
    return [
        (source, case.id, record.id)
        for source in ("terminations", "reoffending")
        for case in world_drawn.cases
        for record in getattr(world_drawn, source)
        if is_probable(case.id, record.id)
    ]


def overrides_of(world_drawn: World, seed: int) -> list[Override]:
    """Up to four reviewers' decisions on a world's cases and records, no pair twice, sense or not."""
    rng = random.Random(f"overrides {seed} {[row.id for row in world_drawn.cases]}")
    pairs = [
        (source, case.id, record.id)
        for source in ("terminations", "reoffending")
        for case in world_drawn.cases
        if source == "reoffending" or case.case_type == "community"
        for record in getattr(world_drawn, source)
    ]
    chosen = rng.sample(pairs, min(len(pairs), rng.randint(0, 4)))
    return [Override(*pair, rng.choice(("must_link", "must_link", "must_not_link"))) for pair in chosen]
