"""Proven reoffending by plain loops, written from docs/offence-records.md and sharing no code with the SQL.

Belongs here: the definition, once more. Not here: drawing histories (`histories.py`) and comparing (`test_measure.py`).
"""

import calendar
import datetime
from dataclasses import dataclass

PROVES = {"conviction", "caution", "conditional_caution", "youth_caution", "reprimand", "final_warning"}
OVERTURNS = {"not_guilty", "quashed", "withdrawn", "discontinued", "dismissed"}


@dataclass(frozen=True)
class Result:
    """One row of an extract of offences."""

    record_id: str
    person: str
    offence_date: datetime.date
    code: str | None
    disposal_date: datetime.date | None
    disposal: str | None
    country: str | None = None
    reference: str | None = None
    end_date: datetime.date | None = None
    index_date: datetime.date | None = None


@dataclass(frozen=True)
class Kind:
    """What an offence code counts as."""

    group: str
    counts: bool
    weight: int


@dataclass(frozen=True)
class Choices:
    """Where the bulletin is silent."""

    followup_months: int = 12
    waiting_months: int = 6
    first_day: int = 0


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def measure(history: list[Result], kinds: dict[str, Kind], choices: Choices) -> dict[str, tuple]:
    """Of one person: record_id of each index event -> what it comes to.

    In order: reoffended, reoffences, days, groups, most severe, highest weight, total, number in each quarter.
    """
    offences: dict[str, list[Result]] = {}
    for row in history:
        offences.setdefault(_identity(row, history), []).append(row)
    events: dict[datetime.date, str] = {}
    for row in history:
        if row.index_date is not None:
            events[row.index_date] = min(events.get(row.index_date, row.record_id), row.record_id)
    return {name: _counted(date, offences, kinds, choices) for date, name in events.items()}


def _identity(row: Result, history: list[Result]) -> str:
    """Its reference; else the first reference of a row that agrees with it; else days, code and country."""
    alike = [other.reference for other in history if _days_code_country(other) == _days_code_country(row)]
    reference = row.reference or min([name for name in alike if name], default=None)
    return f"reference|{reference}" if reference else _days_code_country(row)


def _days_code_country(row: Result) -> str:
    code = row.code.strip().upper() if row.code else ""
    return f"day|{row.offence_date}|{row.end_date or ''}|{code}|{row.country or 'england_and_wales'}"


def _counted(
    index_date: datetime.date, offences: dict[str, list[Result]], kinds: dict[str, Kind], choices: Choices
) -> tuple:
    opens = index_date + datetime.timedelta(days=choices.first_day)
    closes = months_later(index_date, choices.followup_months)
    proven_by = months_later(index_date, choices.followup_months + choices.waiting_months)
    days, groups, weights, severe, quarters = [], set(), [], [], [0, 0, 0, 0]
    for name, rows in offences.items():
        committed = min(row.offence_date for row in rows)
        proof = _proof(rows)
        kind = _kind(rows, kinds)
        if any(row.index_date == index_date for row in rows):
            continue
        if committed < opens or committed > closes:
            continue
        if proof is None or proof > proven_by:
            continue
        if all((row.country or "england_and_wales") != "england_and_wales" for row in rows) or not kind.counts:
            continue
        days.append((committed - index_date).days)
        groups.add(kind.group)
        weights.append(kind.weight)
        severe.append((-kind.weight, committed, name, kind.group))
        for quarter in range(4):
            if committed <= months_later(index_date, 3 * quarter + 3):
                quarters[quarter] += 1
                break
    listed, most_severe = " ".join(sorted(groups)) or None, min(severe)[-1] if severe else None
    first, highest = min(days, default=None), max(weights, default=0)
    return int(bool(days)), len(days), first, listed, most_severe, highest, sum(weights), *quarters


def _proof(rows: list[Result]) -> datetime.date | None:
    """The first proof that no later result overturned: read the results in order, proof last within a day."""
    proof = None
    dated = [(row.disposal_date, _known(row) in PROVES, _known(row)) for row in rows if row.disposal_date is not None]
    for day, proves, result in sorted(dated, key=lambda item: item[:2]):
        if result in OVERTURNS:
            proof = None
        elif proves and proof is None:
            proof = day
    return proof


def _known(row: Result) -> str:
    return row.disposal.strip().lower().replace("-", "_").replace(" ", "_") if row.disposal else ""


def _kind(rows: list[Result], kinds: dict[str, Kind]) -> Kind:
    """That of the latest result; an offence without one stands at its own day."""
    latest = max(rows, key=lambda row: (row.disposal_date or row.offence_date, row.record_id))
    code = (latest.code or "").strip().upper()
    return kinds.get(code) or kinds.get(code[:3]) or kinds["unknown"]
