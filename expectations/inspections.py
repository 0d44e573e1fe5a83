"""The suite of inspections: rules between the columns of a case assessment.

Belongs here: cross-field rules of this source. Not here: rules on one column (`contract_rules`).
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from expectations.contract_rules import CORRECT_ROWS, born_before, bounded_frame, column_rules, in_order
from expectations.runner import about
from expectations.source_gate import SourceContext, SourceGate
from orchestration.ingest.extracts import SourceExtract
from orchestration.tables.contract import INSPECTIONS, NEEDS, STRENGTHS

ADULT_AGE = 18
CONDITIONS = {f"delivery_{name}": f"need_{name}" for name in NEEDS} | {
    f"building_{name}": f"strength_{name}" for name in STRENGTHS
}


def inspections_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """`bounded_frame` with what the rules between columns look at.

    `provider_and_type`; `age_at_start` (whole years, missing where the date of birth cannot be right); for
    each delivery and building answer `<answer>_unasked`, the answer where its need or strength is not `yes`.
    """
    unasked = {
        f"{answer}_unasked": rows[answer].where(rows[condition].ne("yes").fillna(True))
        for answer, condition in CONDITIONS.items()
    }
    return bounded_frame(INSPECTIONS, rows).assign(
        provider_and_type=provider_and_type(rows), age_at_start=_age(rows), **unasked
    )


def inspections_suite(known_providers: Sequence[tuple[str, str]]) -> list[Any]:
    """Expectations on `inspections_frame`."""
    return [
        *column_rules(INSPECTIONS),
        _provider_known(known_providers),
        _started_before_fieldwork(),
        *(_answered_only_where(answer, condition) for answer, condition in CONDITIONS.items()),
        _adult(),
        *born_before(INSPECTIONS),
    ]


def provider_and_type(rows: pd.DataFrame) -> pd.Series:
    """`<provider> / <provider_type>`: what tells providers apart (London and Wales each have two)."""
    return rows["provider"] + " / " + rows["provider_type"]


def provider_inspected(inspected: pd.DataFrame) -> Any:
    """On a frame with `provider_and_type`: the provider stands in the accepted inspections; else the run stops."""
    import great_expectations.expectations as gxe

    words = about(
        "provider_inspected",
        "provider, provider_type",
        "provider and provider_type do not name a provider of the inspections",
        "Correct them, add the spelling to dbt_project/seeds/codes/provider_spellings.csv, or take the rows out.",
        columns=("provider", "provider_type"),
    )
    known = sorted(set(provider_and_type(inspected)))
    return gxe.ExpectColumnValuesToBeInSet(column="provider_and_type", value_set=known, meta=words)


def _age(rows: pd.DataFrame) -> pd.Series:
    start, born = rows["start_date"], rows["date_of_birth"]
    had_birthday = (start.dt.month * 100 + start.dt.day) >= (born.dt.month * 100 + born.dt.day)
    age = start.dt.year - born.dt.year - (~had_birthday).astype("int64")
    return age.where(born <= start).astype("Int64")


def _provider_known(pairs: Sequence[tuple[str, str]]) -> Any:
    import great_expectations.expectations as gxe

    words = about(
        "provider_known",
        "provider, provider_type",
        "provider and provider_type do not name an inspected provider (2023/04, Table A1)",
        "Correct them, or add the spelling to dbt_project/seeds/codes/provider_spellings.csv.",
        rejects=True,
        columns=("provider", "provider_type"),
    )
    known = [f"{provider} / {provider_type}" for provider, provider_type in pairs]
    return gxe.ExpectColumnValuesToBeInSet(column="provider_and_type", value_set=known, meta=words)


def _started_before_fieldwork() -> Any:
    words = about(
        "started_before_fieldwork",
        "start_date, fieldwork_date",
        "start_date lies after fieldwork_date",
        CORRECT_ROWS,
        rejects=True,
        columns=("start_date", "fieldwork_date"),
    )
    return in_order("fieldwork_date", "start_date", words)


def _answered_only_where(answer: str, condition: str) -> Any:
    import great_expectations.expectations as gxe

    words = about(
        "answered_only_where_asked",
        answer,
        f"{answer} is answered where {condition} is not yes",
        f"Set {condition} to yes where it was identified, or empty {answer} where it was not, and deliver the file "
        "again.",
        rejects=True,
    )
    return gxe.ExpectColumnValuesToBeNull(column=f"{answer}_unasked", meta=words)


def _adult() -> Any:
    import great_expectations.expectations as gxe

    words = about(
        "adult_at_start",
        "date_of_birth",
        f"the person was under {ADULT_AGE} at start_date",
        "The case is kept without an age group; check the date of birth.",
        warns=True,
    )
    return gxe.ExpectColumnValuesToBeBetween(column="age_at_start", min_value=ADULT_AGE, meta=words)


def _rows(extract: SourceExtract, context: SourceContext) -> tuple[pd.DataFrame, list[Any]]:
    return inspections_frame(extract.parsed), inspections_suite(context.known_providers)


GATE = SourceGate(_rows)
