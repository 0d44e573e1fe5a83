"""An explanation in words: what is printed for one case.

Belongs here: wording and layout, at most 100 columns. Not here: reading tables (`reading.py`).
"""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from orchestration.linkage.explaining.reading import MOST_RECORDS, SourceExplanation
from orchestration.linkage.explaining.words import (
    BROUGHT_BY,
    CONDITIONS,
    FIELDS,
    GUARDS,
    OUTCOMES,
    READ_FROM,
    STATES,
    STATUSES,
    TIERS,
    VERDICTS,
)
from orchestration.linkage.review.contents import IDENTIFIERS

WIDTH = 100


def explanation_text(case_id: str, case_key: str, sources: Sequence[SourceExplanation], window: int) -> str:
    """The whole explanation of a case. `window`: largest allowed date difference in days."""
    lines = [f"Case {case_id}", f"case_key {case_key}", "=" * WIDTH]
    for source in sources:
        lines += ["", *_source_lines(source, window)]
    return "\n".join(line.rstrip() for line in lines)


def _source_lines(source: SourceExplanation, window: int) -> Iterator[str]:
    if source.looked_at.empty:
        yield f"{source.source.upper()}: not eligible"
        yield f"  Its case type is {source.case_type or 'missing'}; only community sentences have termination records."
        return
    first = source.looked_at.iloc[0]
    records = source.looked_at[source.looked_at["record_id"].notna()]
    yield f"{source.source.upper()}: {_verdict(first, records)}"
    if first["status"] == "matched":
        yield f"  How certain: {TIERS.get(first['tier'], first['tier'])}"
    yield from ["", "  Identifiers of the case", *_states(first, "case")]
    yield from ["", "  Rules, in the order tried", *_rule_lines(source.steps, first, records)]
    yield from ["", *_record_lines(source, records)]
    yield from ["", "  In short", *_wrapped(_in_short(first, records, window), 4)]
    yield from _outcome_lines(source)
    yield from _offence_lines(source.offences)
    yield from _override_lines(source.overrides)


def _verdict(first: pd.Series, records: pd.DataFrame) -> str:
    status = STATUSES.get(first["status"], first["status"])
    if first["status"] != "matched":
        return status + (f" ({first['rule']})" if first["status"] == "ambiguous" else "")
    return f"{status} by {first['rule']} to {records.iloc[0]['record_id']}, {_days(first['date_difference_days'])}"


def _states(row: pd.Series, side: str) -> list[str]:
    names = ("pnc", "crn", "dob", "surname", "forenames")
    return [f"    {FIELDS[name]:<16}{STATES.get(row[f'{side}_{name}_state'], 'not usable')}" for name in names]


def _rule_lines(steps: pd.DataFrame, first: pd.Series, records: pd.DataFrame) -> Iterator[str]:
    for step in steps.to_dict("records"):
        words = f"{step['rule_rank']:>2}  {step['rule']:<26}{_step_words(step, first)}{_guarded(step, records)}"
        yield from textwrap.wrap(words, WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 34)


def _step_words(step: dict[Any, Any], first: pd.Series) -> str:
    if pd.isna(step["step_outcome"]):
        return "not needed"
    if step["step_outcome"] == "no_person":
        absent = _absent(step["fields"].split(), first)
        return f"cannot apply: no usable {' or '.join(absent)} in the case" if absent else "no record satisfies it"
    persons, inside = int(step["persons_reached"]), int(step["persons_in_window"])
    if step["step_outcome"] == "no_record_in_window":
        nearest = step["smallest_difference_days"]
        near = "" if pd.isna(nearest) else f" (nearest: {int(nearest)} days)"
        return f"reaches {_count(persons, 'person')}, none with a record in the window{near}"
    found = f"{_count(inside, 'person')} with {_count(int(step['records_in_window']), 'record')} in the window"
    return f"AMBIGUOUS: reaches {found}" if step["step_outcome"] == "ambiguous" else f"DECIDES: reaches {found}"


def _guarded(step: dict[Any, Any], records: pd.DataFrame) -> str:
    """Records that hold all a rule needs and were kept from it by a guard."""
    if step["step_outcome"] != "no_person":
        return ""
    refused = records["rules_refused"].str.split("; ")
    told = {guard: int(refused.map(lambda rules, g=guard: f"{step['rule']}: {g}" in rules).sum()) for guard in GUARDS}
    words = ", ".join(f"{number} {guard.replace('_', ' ')}" for guard, number in told.items() if number)
    return f" ({words})" if words else ""


def _absent(fields: list[str], first: pd.Series) -> list[str]:
    needed = [need for field in fields for need in READ_FROM.get(field, [field])]
    return [FIELDS.get(name, name) for name in needed if first.get(f"case_{name}_state", "valid") != "valid"]


def _record_lines(source: SourceExplanation, records: pd.DataFrame) -> Iterator[str]:
    if records.empty:
        yield "  Records looked at: none shares a block with the case"
        return
    yield f"  Records looked at: {len(records)}"
    for _, record in records.head(MOST_RECORDS).iterrows():
        yield from _record(record)
        if source.identifiers is not None:
            yield from _values(source.identifiers, record["record_id"])
    if len(records) > MOST_RECORDS:
        yield f"    and {len(records) - MOST_RECORDS} more: select * from linkage.explanations"


def _record(record: pd.Series) -> Iterator[str]:
    outcome = OUTCOMES.get(record["record_outcome"], str(record["record_outcome"]))
    inside = "in" if record["is_in_window"] else "outside"
    yield ""
    yield f"    {record['record_id']}  {outcome}"
    yield f"      {_days(record['date_difference_days'])}, {inside} the window; {_brought(record['brought_by'])}"
    yield from _wrapped(f"agree: {_fields(record['fields_agreeing'])}", 6)
    yield from _wrapped(f"differ: {_fields(record['fields_disagreeing'])}", 6)
    yield from _wrapped(f"missing on a side: {_missing(record)}", 6)
    if not pd.isna(record["probability"]):
        yield f"      Splink holds them to be one person with a probability of {record['probability']:.3f}"
    yield from _wrapped(f"satisfies: {record['rules_satisfied'].replace(' ', ', ') or 'no rule'}", 6)
    if record["record_outcome"] in ("vetoed", "contradicted", "no_rule_satisfied"):
        yield from _wrapped(f"refused: {record['rules_refused']}", 6)
    reached = record["person_reached_by"]
    if not pd.isna(reached) and reached != record["rules_satisfied"]:
        yield from _wrapped(f"its person is reached by: {reached.replace(' ', ', ')}", 6)


def _brought(how: str) -> str:
    return BROUGHT_BY.get(how, f"brought together by the block {how}")


def _fields(names: str) -> str:
    return ", ".join(FIELDS.get(name, name) for name in names.split() if name not in CONDITIONS) or "nothing"


def _missing(record: pd.Series) -> str:
    """The fields missing, each with the side and reason where it is an identifier of its own."""
    words = []
    for name in record["fields_missing"].split():
        sides = [
            f"{side}: {STATES.get(record[column], 'not usable')}"
            for side in ("case", "record")
            if (column := f"{side}_{name}_state") in record.index and record[column] != "valid"
        ]
        words.append(FIELDS.get(name, name) + (f" ({'; '.join(sides)})" if sides else ""))
    return ", ".join(words) or "nothing"


def _values(identifiers: pd.DataFrame, record_id: str) -> Iterator[str]:
    row = identifiers.set_index("pair").loc[record_id]
    yield f"      {'':<16}{'case as received':<20}{'record as received':<20}{'case':<20}{'record':<20}"
    for name, title in IDENTIFIERS.items():
        cells = [row[f"{side}_{name}"] for side in ("case_received", "record_received", "case", "record")]
        yield f"      {title:<16}" + "".join(f"{cell[:19]:<20}" for cell in cells)
    yield f"      {'Date':<16}{row['start_date']:<20}{row['record_date']:<20}"


def _in_short(first: pd.Series, records: pd.DataFrame, window: int) -> str:
    if first["status"] != "matched":
        return _why_unmatched(first, records, window)
    return _why_this_record(records, window) + _contested(first)


def _why_this_record(records: pd.DataFrame, window: int) -> str:
    rival = records[records["is_runner_up"]]
    if rival.empty:
        outside = records[(records["record_outcome"] == "outside_window") & records["is_person_decided"]]
        nearest = outside["date_difference_days"].abs().min() if len(outside) else None
        more = f"; the person's nearest other record is {int(nearest)} days away" if nearest is not None else ""
        return f"There was no runner-up: no other record of the person lies within {window} days{more}."
    lost = rival.iloc[0]
    tie = " The two are equally near: a tie, kept in is_tied." if lost["record_outcome"].startswith("tie") else ""
    reason = OUTCOMES.get(lost["record_outcome"], "").removeprefix("not chosen: ")
    return f"The runner-up is {lost['record_id']} ({_days(lost['date_difference_days'])}): {reason}.{tie}"


def _contested(first: pd.Series) -> str:
    others = first["contested_by"]
    if pd.isna(others):
        return ""
    return (
        f" The record is linked to {others.replace(' ', ', ')} too, visibly another person: one of the links is false. "
        "A reviewer decides which (must_not_link)."
    )


def _why_unmatched(first: pd.Series, records: pd.DataFrame, window: int) -> str:
    if records.empty:
        return "No record shares a block with the case, so there was nothing to compare."
    if first["status"] == "ambiguous":
        people = records.loc[records["record_outcome"] == "ambiguous", "person_key"].nunique()
        return f"The rule must reach one person, and {people} people satisfy it within {window} days; none is guessed."
    if first["status"] == "no_record_in_window":
        persons = records[records["person_reached_by"].notna()]
        is_inside = persons["is_in_window"].astype(bool)
        nearest = _count(int(persons.loc[~is_inside, "date_difference_days"].abs().min()), "day")
        inside = int(is_inside.sum())
        verb = "was" if inside == 1 else "were"
        left_out = f" {_count(inside, 'record')} inside the window {verb} set aside." if inside else ""
        return f"The person was found, but the nearest record lies {nearest} away; {window} are allowed.{left_out}"
    counts = records["record_outcome"].value_counts()
    told = {
        "must_not_link": "set aside by a reviewer",
        "vetoed": "vetoed",
        "contradicted": "contradicted",
        "no_rule_satisfied": "satisfying no rule",
    }
    return (
        "Records compared: "
        + ", ".join(f"{counts[name]} {word}" for name, word in told.items() if name in counts)
        + "."
    )


def _outcome_lines(source: SourceExplanation) -> Iterator[str]:
    if source.outcome is None:
        return
    combined = source.outcome
    days = combined["days_to_first_reoffence"]
    said = f"reoffended, {_count(combined['reoffences'], 'reoffence')}" if combined["reoffended"] else "not reoffended"
    first = f", the first after {_count(days, 'day')}" if days is not None else ""
    yield from ["", "  Combined outcome", f"    {_count(combined['records_combined'], 'record')}: {said}{first}"]


def _offence_lines(offences: pd.DataFrame) -> Iterator[str]:
    """Each offence of the persons decided, by the days since the index event: no date and no kind is told."""
    if offences.empty:
        return
    for record_id, told in offences.groupby("record_id", sort=False):
        yield from ["", f"  Offences counted from {record_id}"]
        for offence in told.to_dict("records"):
            proof = offence["days_to_proof"]
            proven = "" if pd.isna(proof) else f", proven on day {int(proof)}"
            yield from _wrapped(f"day {int(offence['days_after_index'])}{proven}: {VERDICTS[offence['verdict']]}", 4)


def _override_lines(overrides: pd.DataFrame) -> Iterator[str]:
    if overrides.empty:
        return
    yield from ["", "  Overrides by reviewers"]
    for row in overrides.to_dict("records"):
        day = f"{row['reviewed_on']:%Y-%m-%d}" if hasattr(row["reviewed_on"], "strftime") else str(row["reviewed_on"])
        yield f"    {row['record_id']}  {row['decision']}, reviewed {day}: {row['outcome']}"


def _days(days: float) -> str:
    number = int(days)
    if number == 0:
        return "on the start date"
    return f"{_count(abs(number), 'day')} {'after' if number > 0 else 'before'} the start date"


def _count(number: int, noun: str) -> str:
    plural = {"person": "people"}.get(noun, f"{noun}s")
    return f"{number} {noun if number == 1 else plural}"


def _wrapped(text: str, indent: int) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2))
