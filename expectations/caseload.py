"""The suite of caseload: the eligible cases from which each provider's sample was drawn.

Belongs here: rules of this source, its cases against the inspected ones, its size against the sample's. Not here:
rules on one column (`contract_rules`), and what a sample needs (`orchestration/methods`).
"""

from typing import Any

import pandas as pd

from expectations.contract_rules import bounded_frame, column_rules, in_order
from expectations.inspections import provider_and_type, provider_inspected
from expectations.runner import Checked, about, check, nowhere
from expectations.source_gate import SourceContext, SourceGate
from orchestration.ingest.extracts import SourceExtract
from orchestration.settings import Parameters
from orchestration.tables.contract import CASELOAD

LOOKS_LIKE_A_PERSON = r"(?i)^\s*(?:[a-z]\s*[0-9]{6}|(?:[0-9]{2}){1,2}/[0-9]{1,7}[a-z])\s*$"  # a CRN, a PNC identifier


def caseload_frame(rows: pd.DataFrame, inspected: pd.DataFrame) -> pd.DataFrame:
    """`bounded_frame` with what the rules look at; `inspected`: accepted inspections.

    `provider_and_type`; and the row's case_id, otherwise missing, in `case_unknown` where no inspection has it, in
    `case_elsewhere` where another provider's has it, in `case_again` where further rows name it.
    """
    providers = provider_and_type(rows)
    case_ids = rows["case_id"]
    inspected_at = case_ids.map(pd.Series(provider_and_type(inspected).to_numpy(), index=inspected["case_id"]))
    is_elsewhere = inspected_at.notna() & (inspected_at != providers)
    return bounded_frame(CASELOAD, rows).assign(
        provider_and_type=providers,
        case_unknown=case_ids.where(case_ids.notna() & inspected_at.isna()),
        case_elsewhere=case_ids.where(is_elsewhere),
        case_again=case_ids.where(case_ids.notna() & case_ids.duplicated(keep=False)),
    )


def caseload_suite(inspected: pd.DataFrame) -> list[Any]:
    """Expectations on `caseload_frame`."""
    return [*column_rules(CASELOAD), provider_inspected(inspected), *_cases_inspected(), _no_identifier()]


def _cases_inspected() -> list[Any]:
    import great_expectations.expectations as gxe

    rules = {
        "case_inspected": ("case_unknown", "case_id is not one of the inspections"),
        "case_of_provider": ("case_elsewhere", "case_id was inspected at another provider than the row's"),
        "case_stands_once": ("case_again", "case_id stands on more than one row"),
    }
    remedy = "Correct the case_id, or empty it: the sample comes from the inspections and does not need it."
    return [
        gxe.ExpectColumnValuesToBeNull(column=column, meta=about(name, "case_id", problem, remedy))
        for name, (column, problem) in rules.items()
    ]


def _no_identifier() -> Any:
    import great_expectations.expectations as gxe

    words = about(
        "id_is_no_identifier",
        "caseload_id",
        "caseload_id looks like a person's identifier (a CRN or a PNC identifier)",
        "Have the rows numbered afresh: the caseload needs no identifier of a person.",
        warns=True,
    )
    return gxe.ExpectColumnValuesToNotMatchRegex(column="caseload_id", regex=LOOKS_LIKE_A_PERSON, meta=words)


def caseload_sizes(rows: pd.DataFrame, inspected: pd.DataFrame) -> pd.DataFrame:
    """One row an inspected provider: provider_and_type, inspected_cases, eligible_cases (missing where none)."""
    inspected_cases = provider_and_type(inspected).value_counts().sort_index()
    eligible_cases = provider_and_type(rows).value_counts().reindex(inspected_cases.index)
    return pd.DataFrame(
        {
            "provider_and_type": inspected_cases.index.to_numpy(),
            "inspected_cases": inspected_cases.to_numpy(dtype="float64"),
            "eligible_cases": eligible_cases.to_numpy(dtype="float64"),
        }
    )


def sizes_rules(frame: pd.DataFrame) -> list[Any]:
    """On `caseload_sizes`: every inspected provider has a caseload (a warning), none smaller than its sample."""
    import great_expectations.expectations as gxe

    without = "; ".join(frame.loc[frame["eligible_cases"].isna(), "provider_and_type"])
    small = "; ".join(frame.loc[frame["eligible_cases"] < frame["inspected_cases"], "provider_and_type"])
    delivered = about(
        "every_provider_has_caseload",
        "provider, provider_type",
        f"inspected providers have no caseload ({without})",
        "Deliver theirs too; the sample design is without them.",
        warns=True,
    )
    holds = about(
        "caseload_holds_sample",
        "provider, provider_type",
        f"providers have fewer eligible cases than inspected ones ({small})",
        "Deliver their whole caseload at the time of the inspection: a part of it gives wrong weights.",
    )
    return [
        gxe.ExpectColumnValuesToNotBeNull(column="eligible_cases", meta=delivered),
        in_order("eligible_cases", "inspected_cases", holds),
    ]


def _rows(extract: SourceExtract, context: SourceContext) -> tuple[pd.DataFrame, list[Any]]:
    inspected = context.cases(CASELOAD.name)
    return caseload_frame(extract.parsed, inspected), caseload_suite(inspected)


def _whole(
    accepted: pd.DataFrame, extract: SourceExtract, _parameters: Parameters, context: SourceContext
) -> list[Checked]:
    """What it says of each inspected provider; nothing is asked where nothing was delivered."""
    providers = caseload_sizes(accepted, context.cases(CASELOAD.name))
    return check(CASELOAD.name, providers, sizes_rules(providers), nowhere) if len(extract.deliveries) else []


GATE = SourceGate(_rows, _whole)
