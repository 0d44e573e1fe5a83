"""The linkage a second time: plain loops over a case and all records, no index, no bit mask, no blocks.

Belongs here: persons, rules, guards, the window and the decision, written from the description of the method.
Not here: anything of the SQL or its reference tables.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from tests.integration.linkage_oracle import normalising


@dataclass(frozen=True)
class Row:
    """A case or a record as received: `own_date` is the start, sentence or index date."""

    id: str
    own_date: datetime.date
    pnc_id: str | None = None
    crn: str | None = None
    surname: str | None = None
    forenames: str | None = None
    date_of_birth: datetime.date | None = None
    case_type: str | None = "community"
    reoffended: int = 0
    reoffences: int = 0
    days_to_first_reoffence: int | None = None


@dataclass(frozen=True)
class Person:
    """The normalised identifiers of a row."""

    row: Row
    pnc: str | None
    crn: str | None
    surname: str | None
    forenames: str | None
    first_forename: str | None
    dob: datetime.date | None
    words: tuple[str, ...] | None = None

    def key(self) -> tuple:
        if self.pnc:
            return ("pnc", self.pnc)
        if self.crn:
            return ("crn", self.crn)
        if self.surname and self.forenames and self.dob:
            return ("name", self.surname, self.forenames, self.dob)
        return ("record", self.row.id)


@dataclass(frozen=True)
class Rule:
    """A rule of the method: all of its fields must agree, and those of no set in `unless` may all differ altogether.

    `tier`: how certain its links are.
    """

    rank: int
    name: str
    fields: tuple[str, ...]
    is_unique: bool = False
    unless: tuple[tuple[str, ...], ...] = ()
    tier: str = "near"


@dataclass(frozen=True)
class Override:
    """A reviewer's decision on one case and one record of a source: `must_link` or `must_not_link`."""

    source: str
    case_id: str
    record_id: str
    decision: str


@dataclass(frozen=True)
class Outcome:
    """What became of a case: everything that is compared with the SQL."""

    status: str
    record_id: str | None = None
    rule: str | None = None
    tier: str | None = None
    date_difference_days: int | None = None
    is_tied: bool | None = None
    rules_satisfied: tuple[str, ...] = ()
    records_combined: int | None = None
    reoffended: int | None = None
    reoffences: int | None = None
    days_to_first_reoffence: int | None = None
    steps: tuple[tuple[str, int, int], ...] = field(default=())


RULES = (
    Rule(1, "pnc_dob_surname", ("pnc", "dob", "surname"), tier="number_and_birthday"),
    Rule(2, "pnc_dob", ("pnc", "dob"), tier="number_and_birthday"),
    Rule(3, "pnc_surname", ("pnc", "surname"), tier="number_and_name"),
    Rule(4, "crn_dob", ("crn", "dob"), tier="number_and_birthday"),
    Rule(5, "crn_surname", ("crn", "surname"), unless=(("dob",),), tier="number_and_name"),
    Rule(6, "surname_forenames_dob", ("surname", "forenames", "dob", "certain_dob"), True, tier="names_and_birthday"),
    Rule(
        7, "surname_forename_dob", ("surname", "first_forename", "dob", "certain_dob"), True, tier="names_and_birthday"
    ),
    Rule(8, "swapped_names_dob", ("swapped_names", "dob", "certain_dob"), True, tier="names_and_birthday"),
    Rule(9, "pnc", ("pnc",), tier="number_and_name"),
    Rule(10, "crn", ("crn",), tier="number_and_name"),
    Rule(11, "surname_near_forename_dob", ("surname", "near_forename", "dob", "certain_dob"), True),
    Rule(12, "near_surname_forename_dob", ("near_surname", "first_forename", "dob", "certain_dob"), True),
    Rule(13, "surname_nickname_dob", ("surname", "nickname", "dob", "certain_dob"), True),
    Rule(14, "surname_name_words_dob", ("surname", "name_words", "dob", "certain_dob"), True),
    Rule(15, "forename_name_words_dob", ("first_forename", "name_words", "dob", "certain_dob"), True),
)
# Shipped unused: they take the sentence date for evidence.
RULES_WITH_THE_DAY = (
    Rule(16, "surname_initial_dob_day", ("surname", "initial", "dob", "same_day"), True),
    Rule(17, "forenames_dob_day", ("first_forename", "forenames", "other_surname", "dob", "same_day"), True),
    Rule(18, "surname_dob_day", ("surname", "dob", "same_day"), True),
    Rule(19, "surname_forenames_weak_dob_day", ("surname", "forenames", "dob", "same_day"), True),
    Rule(20, "surname_forename_near_dob_day", ("surname", "first_forename", "near_dob", "same_day"), True),
    Rule(21, "surname_forename_dob_day", ("surname", "first_forename", "dob", "same_day"), True),
    Rule(22, "surname_forename_day", ("surname", "first_forename", "same_day"), True, (("dob",),)),
    Rule(23, "forename_dob_day", ("first_forename", "dob", "same_day"), True),
)
# Shipped unused: it has Splink asked.
RULE_OF_SPLINK = Rule(24, "probable_dob", ("probable", "dob", "certain_dob"), True, tier="probable")
EXEMPT_FROM_THE_VETO = ({"crn", "dob"}, {"surname", "first_forename", "dob", "same_day"})
# Of the reference table, those that the worlds draw.
NICKNAMES = {
    "ROBERT": ("BOB", "BOBBY", "ROB", "ROBBIE", "ROBBY", "BERT"),
    "MUHAMMAD": ("MOHAMMED", "MOHAMED", "MOHAMMAD", "MUHAMMED", "MOHAMAD", "MOHD", "MD", "MO"),
}


def person(row: Row) -> Person:
    """A row with its identifiers normalised."""
    return Person(
        row=row,
        pnc=normalising.pnc(row.pnc_id),
        crn=normalising.crn(row.crn),
        surname=normalising.surname(row.surname),
        forenames=normalising.name(row.forenames),
        first_forename=normalising.first_forename(row.forenames),
        dob=normalising.date_of_birth(row.date_of_birth, row.own_date),
        words=_all_words(row),
    )


def _all_words(row: Row) -> tuple[str, ...] | None:
    surname, forenames = normalising.words_of(row.surname), normalising.words_of(row.forenames)
    return None if surname is None or forenames is None else (*surname, *forenames)


def _same(one: object, other: object) -> bool:
    return one is not None and one == other


@cache
def is_near_name(one: str | None, other: str | None) -> bool:
    """One is the other cut short, or they are one typing fault apart; in the shortest names that says nothing."""
    if not one or not other or one == other:
        return False
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 3 and longer[: len(shorter)] == shorter:
        return True
    return len(longer) >= 4 and _is_one_fault_apart(shorter, longer)


def _is_one_fault_apart(shorter: str, longer: str) -> bool:
    if len(longer) - len(shorter) == 1:  # a letter more
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    if len(longer) != len(shorter):
        return False
    differing = [at for at in range(len(longer)) if shorter[at] != longer[at]]
    if len(differing) == 2:  # two neighbours exchanged
        first, second = differing
        return second == first + 1 and shorter[first] == longer[second] and shorter[second] == longer[first]
    return len(differing) == 1  # another letter


def _is_nickname(one: str | None, other: str | None) -> bool:
    if not one or not other or one == other:
        return False
    return any({one, other} <= {name, *forms} for name, forms in NICKNAMES.items())


def _is_initial(one: str | None, other: str | None) -> bool:
    if not one or not other:
        return False
    return min(len(one), len(other)) == 1 < max(len(one), len(other)) and one[0] == other[0]


def _are_words_of_one_name(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> bool:
    if not one or not other or min(len(set(one)), len(set(other))) < 2:
        return False
    return set(one) <= set(other) or set(other) <= set(one)


def is_probable(case_id: str, record_id: str) -> bool:
    """What Splink says of a pair, made up here: yes to one in three."""
    return sum(map(ord, case_id + record_id)) % 3 == 0


def _is_near_date(one: datetime.date | None, other: datetime.date | None) -> bool:
    if one is None or other is None or one == other:
        return False
    is_exchanged = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    return is_exchanged or sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True)) == 1


COMPARED: dict[str, Callable[[Person, Person], bool]] = {
    "near_surname": lambda c, r: is_near_name(c.surname, r.surname),
    "near_forename": lambda c, r: is_near_name(c.first_forename, r.first_forename),
    "swapped_names": lambda c, r: _same(c.surname, r.first_forename) and _same(c.first_forename, r.surname),
    "crossed_name": lambda c, r: _same(c.surname, r.first_forename) or _same(c.first_forename, r.surname),
    "nickname": lambda c, r: _is_nickname(c.first_forename, r.first_forename),
    "initial": lambda c, r: _is_initial(c.first_forename, r.first_forename),
    "other_surname": lambda c, r: _differs("surname", c, r),
    "name_words": lambda c, r: _are_words_of_one_name(c.words, r.words),
    "certain_dob": lambda c, r: _same(c.dob, r.dob) and (c.dob.month, c.dob.day) != (1, 1),
    "near_dob": lambda c, r: _is_near_date(c.dob, r.dob),
    "same_day": lambda c, r: c.row.own_date == r.row.own_date,
    "probable": lambda c, r: is_probable(c.row.id, r.row.id),
}
# What speaks for one person although two values are not equal.
NEARLY = {
    "dob": ("near_dob",),
    "surname": ("near_surname", "swapped_names", "crossed_name", "name_words"),
    "first_forename": ("near_forename", "nickname", "initial", "swapped_names", "crossed_name", "name_words"),
}


def _agrees(name: str, case: Person, record: Person) -> bool:
    if name in COMPARED:
        return COMPARED[name](case, record)
    return _same(getattr(case, name), getattr(record, name))


def _differs(name: str, case: Person, record: Person) -> bool:
    one, other = getattr(case, name), getattr(record, name)
    return one is not None and other is not None and one != other


def _differs_altogether(name: str, case: Person, record: Person) -> bool:
    return _differs(name, case, record) and not any(_agrees(near, case, record) for near in NEARLY.get(name, ()))


def is_contradicted(case: Person, record: Person) -> bool:
    """Something could be compared, and nothing of it agrees; or it is visibly another person's record."""
    return _has_nothing_in_common(case, record) or _is_anothers(case, record)


def _is_anothers(case: Person, record: Person) -> bool:
    """Birthday and a name differ altogether; or the first forename alone, where they share no number."""
    dob, surname, forename = (_differs_altogether(name, case, record) for name in ("dob", "surname", "first_forename"))
    shares_a_number = _same(case.pnc, record.pnc) or _same(case.crn, record.crn)
    return (dob and (surname or forename)) or (forename and not shares_a_number)


def _has_nothing_in_common(case: Person, record: Person) -> bool:
    present = [
        name
        for name in ("dob", "surname", "first_forename")
        if getattr(case, name) is not None and getattr(record, name) is not None
    ]
    crossed = _same(case.surname, record.first_forename) or _same(case.first_forename, record.surname)
    return bool(present) and not crossed and not any(_agrees(name, case, record) for name in present)


@dataclass(frozen=True)
class Reviewed:
    """What reviewers decided about one case in one source: ids of records."""

    must_link: frozenset[str] = frozenset()
    must_not_link: frozenset[str] = frozenset()


NOTHING_REVIEWED = Reviewed()


def satisfies(rule: Rule, case: Person, record: Person, reviewed: Reviewed = NOTHING_REVIEWED) -> bool:
    """Whether the pair satisfies the rule, all guards included."""
    if not all(_agrees(name, case, record) for name in rule.fields):
        return False
    if is_contradicted(case, record) or record.row.id in reviewed.must_not_link:
        return False
    conflict = case.pnc is not None and record.pnc is not None and case.pnc != record.pnc
    if conflict and not any(held <= set(rule.fields) for held in EXEMPT_FROM_THE_VETO):
        return False
    return not any(all(_differs_altogether(name, case, record) for name in names) for names in rule.unless)


def _days(case: Person, record: Person) -> int:
    return (record.row.own_date - case.row.own_date).days


def _is_ambiguous(left: list[Person], everybody: list[Person]) -> bool:
    """Two PNC identifiers, two CRNs, one of each that no record ties together, or somebody else without either."""
    pncs = {record.pnc for record in left if record.pnc}
    crns = {record.crn for record in left if record.crn}
    known_by_crn_alone = any(record.crn and not record.pnc for record in left)
    without_any_crn = {p for p in pncs if not any(record.pnc == p and record.crn for record in everybody)}
    if len(pncs) >= 2 or len(crns) >= 2 or (known_by_crn_alone and without_any_crn):
        return True
    numbered = [record for record in left if record.pnc or record.crn]
    without_number = {record.key() for record in left} - {record.key() for record in numbered}
    named_alike = {("name", record.surname, record.forenames, record.dob) for record in numbered}
    return len(without_number) >= 2 or (bool(numbered) and not without_number <= named_alike)


def _linked_by_reviewer(case: Person, records: list[Person], reviewed: Reviewed, window: int) -> Person | None:
    """The record that a reviewer linked; None where two were asked for, or it lies outside the window."""
    asked = [record for record in records if record.row.id in reviewed.must_link]
    if len(reviewed.must_link) != 1 or not asked or abs(_days(case, asked[0])) > window:
        return None
    return asked[0]


def link(
    case: Person,
    records: list[Person],
    rules: tuple[Rule, ...] = RULES,
    window: int = 7,
    reviewed: Reviewed = NOTHING_REVIEWED,
) -> Outcome:
    """Step 1 and step 2 for one case against all records of a source, reviewers' decisions first."""
    chosen = _linked_by_reviewer(case, records, reviewed, window)
    if chosen is not None:
        left = [
            record
            for record in records
            if record is chosen
            or (
                record.key() == chosen.key()
                and not is_contradicted(case, record)
                and record.row.id not in reviewed.must_not_link
                and abs(_days(case, record)) <= window
            )
        ]
        rule, steps = Rule(0, "override", (), tier="reviewed"), (("override", 1, 1),)
        return _matched(case, left, rule, rules, steps, reviewed, chosen)
    anybody = False
    steps = []
    for rule in sorted(rules, key=lambda r: r.rank):
        reached = {record.key() for record in records if satisfies(rule, case, record, reviewed)}
        anybody = anybody or bool(reached)
        left = [
            record
            for record in records
            if record.key() in reached
            and not is_contradicted(case, record)
            and record.row.id not in reviewed.must_not_link
            and abs(_days(case, record)) <= window
        ]
        steps.append((rule.name, len(reached), len({record.key() for record in left})))
        if not left:
            continue
        if rule.is_unique and _is_ambiguous(left, records):
            return Outcome(status="ambiguous", rule=rule.name, tier=rule.tier, steps=tuple(steps))
        return _matched(case, left, rule, rules, tuple(steps), reviewed)
    return Outcome(status="no_record_in_window" if anybody else "no_person", steps=tuple(steps))


def _closest(case: Person, left: list[Person]) -> Person:
    smallest = min(abs(_days(case, record)) for record in left)
    closest = [record for record in left if abs(_days(case, record)) == smallest]
    after = [record for record in closest if _days(case, record) >= 0] or closest
    return min(after, key=lambda record: record.row.id.encode("utf-8"))


def _matched(
    case: Person,
    left: list[Person],
    rule: Rule,
    rules: tuple[Rule, ...],
    steps: tuple,
    reviewed: Reviewed,
    given: Person | None = None,
) -> Outcome:
    chosen = given or _closest(case, left)
    as_close = [record for record in left if abs(_days(case, record)) == abs(_days(case, chosen))]
    ranked = sorted(rules, key=lambda r: r.rank)
    times = [r.row.days_to_first_reoffence for r in left if r.row.days_to_first_reoffence is not None]
    return Outcome(
        status="matched",
        record_id=chosen.row.id,
        rule=rule.name,
        tier=rule.tier,
        date_difference_days=_days(case, chosen),
        is_tied=len(as_close) > 1,
        rules_satisfied=tuple(r.name for r in ranked if satisfies(r, case, chosen, reviewed)),
        records_combined=len(left),
        reoffended=1 if any(record.row.reoffended for record in left) else 0,
        reoffences=max(record.row.reoffences for record in left),
        days_to_first_reoffence=min(times) if times else None,
        steps=steps,
    )


Eligible = Callable[[Row], bool]


def link_all(
    cases: list[Row],
    records: list[Row],
    is_eligible: Eligible,
    rules: tuple[Rule, ...] = RULES,
    window: int = 7,
    reviewed: dict[str, Reviewed] | None = None,
) -> dict[str, Outcome]:
    """Outcomes of all eligible cases of one world, by case id; `reviewed` by case id too."""
    people = [person(record) for record in records]
    found = reviewed or {}
    return {
        case.id: link(person(case), people, rules, window, found.get(case.id, NOTHING_REVIEWED))
        for case in cases
        if is_eligible(case)
    }


def are_two_people(one: Person, other: Person) -> bool:
    """Whether two cases are visibly of different people, whatever record both are linked to."""

    def differ(*names: str) -> bool:
        return all(_differs_altogether(name, one, other) for name in names)

    if differ("pnc") or differ("dob", "surname") or differ("dob", "first_forename"):
        return True
    shares_a_number = _same(one.pnc, other.pnc) or _same(one.crn, other.crn)
    return not shares_a_number and any(differ(name) for name in ("crn", "dob", "first_forename"))


def contested(cases: list[Row], outcomes: dict[str, Outcome]) -> dict[str, tuple[str, ...]]:
    """Case id -> the cases of other people that are linked to the same record; cases without any are left out."""
    linked = [(person(case), outcomes[case.id].record_id) for case in cases if case.id in outcomes]
    found = {
        case.row.id: tuple(
            sorted(other.row.id for other, its in linked if record and its == record and are_two_people(case, other))
        )
        for case, record in linked
    }
    return {case_id: others for case_id, others in found.items() if others}
