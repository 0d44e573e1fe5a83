"""The suite of inspections: rules between the columns of a case assessment.

Belongs here: cross-field rules of this source. Not here: rules on one column (`contract_rules`).
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from expectations.contract_rules import CORRECT_ROWS, born_before, bounded_frame, column_rules, in_order
from expectations.runner import about
from orchestration.ingest.contract import INSPECTIONS, NEEDS, STRENGTHS

ADULT_AGE = 18


def inspections_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """`bounded_frame` with `age_at_start` (whole years, missing where the date of birth cannot be right)."""
    start, born = rows["start_date"], rows["date_of_birth"]
    had_birthday = (start.dt.month * 100 + start.dt.day) >= (born.dt.month * 100 + born.dt.day)
    age = start.dt.year - born.dt.year - (~had_birthday).astype("int64")
    return bounded_frame(INSPECTIONS, rows).assign(age_at_start=age.where(born <= start).astype("Int64"))


def inspections_suite(known_providers: Sequence[tuple[str, str]]) -> list[Any]:
    """Expectations on `inspections_frame`."""
    return [
        *column_rules(INSPECTIONS),
        _provider_known(known_providers),
        _started_before_fieldwork(),
        *(_answered_only_where(f"delivery_{need}", f"need_{need}", "need") for need in NEEDS),
        *(_answered_only_where(f"building_{name}", f"strength_{name}", "strength") for name in STRENGTHS),
        _adult(),
        born_before(INSPECTIONS),
    ]


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
    return gxe.ExpectColumnPairValuesToBeInSet(
        column_A="provider",
        column_B="provider_type",
        value_pairs_set=list(pairs),
        ignore_row_if="either_value_is_missing",
        meta=words,
    )


def _started_before_fieldwork() -> Any:
    words = about(
        "started_before_fieldwork",
        "start_date, fieldwork_date",
        "start_date lies after fieldwork_date",
        CORRECT_ROWS,
        rejects=True,
        columns=("start_date",),
    )
    return in_order("fieldwork_date", "start_date", words)


def _answered_only_where(answer: str, condition: str, noun: str) -> Any:
    import great_expectations.expectations as gxe

    words = about(
        f"answered_only_where_{noun}",
        answer,
        f"{answer} is answered where {condition} is not yes",
        CORRECT_ROWS,
        rejects=True,
    )
    return gxe.ExpectColumnValuesToBeNull(
        column=answer, row_condition=f'{condition} != "yes"', condition_parser="pandas", meta=words
    )


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
