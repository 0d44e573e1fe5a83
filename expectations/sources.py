"""The gate of one source as it arrives.

Belongs here: which suites run on what, and what becomes of the rows they reject. Not here: expectations.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from expectations import intake
from expectations.caseload import caseload_frame, caseload_sizes, caseload_suite, sizes_rules
from expectations.contract_rules import bounded_frame, table_rules
from expectations.coverage import coverage_frame, coverage_rules
from expectations.inspections import inspections_frame, inspections_suite
from expectations.ratings import rated_providers, rated_rules, ratings_frame, ratings_suite
from expectations.reoffending import reoffending_suite
from expectations.runner import ERROR, WARN, Checked, GateOutcome, GateResult, check, file_places, nowhere
from expectations.terminations import terminations_suite
from orchestration.ingest.contract import OPTIONAL_CONTRACT, WHOLE_CONTRACT, Source
from orchestration.ingest.extracts import SourceExtract
from orchestration.ingest.labels import known_providers
from orchestration.ingest.parsing import PLACE_COLUMNS
from orchestration.settings import Parameters

BREAKS_A_RULE = "breaks a rule"


@dataclass(frozen=True)
class SourceContext:
    """What a gate must know besides its own extract.

    `known_providers`: (provider, provider_type) pairs. `inspected`: accepted inspections (case_id, provider,
    provider_type, case_type, start_date), needed by the gates of the other sources.
    """

    known_providers: tuple[tuple[str, str], ...]
    inspected: pd.DataFrame | None


def source_context(codes_dir: Path, inspections: pd.DataFrame | None = None) -> SourceContext:
    """The context from the reference tables and, for the gates of all other sources, accepted inspections."""
    return SourceContext(tuple(known_providers(codes_dir)), inspections)


def assess_source(
    source: str, extract: SourceExtract, parameters: Parameters, context: SourceContext
) -> tuple[pd.DataFrame, GateResult]:
    """Judge one source: its accepted rows (columns of `extract.parsed`), and the gate's result.

    Rows that break a rule on rows are rejected. When rejected rows, unparsed ones included, pass the source's
    share, `rejected_rows_within_share` fails and stops the run; within it their outcomes are warnings.
    """
    contract = WHOLE_CONTRACT[source]
    files = intake.files_read(extract.deliveries)
    checked = check(source, files, intake.files_rules(contract), intake.file_names)
    checked += check(source, extract.rejected, intake.parsing_rules(contract, extract), nowhere)
    checked += check(source, extract.notes, intake.notes_rules(contract, extract), nowhere)
    checked += check(source, extract.parsed.head(0), table_rules(contract), nowhere)
    rules = check(source, *_rows_and_suite(contract, extract, context), file_places)
    rejected = _all_rejected(source, extract, rules)
    is_accepted = ~extract.parsed.index.isin(_rejected_rows(rules))
    accepted = extract.parsed[is_accepted].reset_index(drop=True)
    share, allowed = intake.rejected_share(rejected, len(accepted)), parameters.rejected_share(source)
    share_frame = pd.DataFrame({"rejected_share": [share]})
    share_rules = intake.share_rules(contract, rejected, share, allowed)
    checked += [*rules, *check(source, share_frame, share_rules, nowhere)]
    checked += _coverage(contract, accepted, extract.deliveries, parameters, context)
    outcomes = tuple(_with_severity(item, share <= allowed) for item in checked)
    return accepted, GateResult(source, outcomes, rejected)


def _rows_and_suite(contract: Source, extract: SourceExtract, context: SourceContext) -> tuple[pd.DataFrame, list[Any]]:
    if contract.name == "inspections":
        return inspections_frame(extract.parsed), inspections_suite(context.known_providers)
    if contract.name == "terminations":
        return bounded_frame(contract, extract.parsed), terminations_suite()
    if contract.name == "ratings":
        return ratings_frame(extract.parsed), ratings_suite(_inspected(contract, context))
    if contract.name == "caseload":
        inspected = _inspected(contract, context)
        return caseload_frame(extract.parsed, inspected), caseload_suite(inspected)
    return bounded_frame(contract, extract.parsed), reoffending_suite()


def _coverage(
    contract: Source,
    accepted: pd.DataFrame,
    deliveries: pd.DataFrame,
    parameters: Parameters,
    context: SourceContext,
) -> list[Checked]:
    if contract.name == "inspections":
        return []
    cases = _inspected(contract, context)
    if contract.name in OPTIONAL_CONTRACT:
        return _completeness(contract, accepted, cases) if len(deliveries) else []
    if contract.name == "terminations":
        cases = cases[cases["case_type"] == "community"]  # 2023/04, Annex A (ii): community sentences only
    frame = coverage_frame(contract, accepted, deliveries, cases["start_date"], parameters)
    return check(contract.name, frame, coverage_rules(contract, frame), nowhere)


def _completeness(contract: Source, accepted: pd.DataFrame, inspected: pd.DataFrame) -> list[Checked]:
    """What an optional source says of each inspected provider; nothing is asked of one that was not delivered."""
    if contract.name == "ratings":
        providers = rated_providers(accepted, inspected)
        return check(contract.name, providers, rated_rules(providers), nowhere)
    providers = caseload_sizes(accepted, inspected)
    return check(contract.name, providers, sizes_rules(providers), nowhere)


def _inspected(contract: Source, context: SourceContext) -> pd.DataFrame:
    if context.inspected is None:
        raise ValueError(f"the gate of {contract.name} needs the accepted inspections in its context")
    return context.inspected


def _rejecting(rules: list[Checked]) -> list[Checked]:
    return [item for item in rules if item.is_rule_on_rows and not item.outcome.success]


def _rejected_rows(rules: list[Checked]) -> set[int]:
    return {row for item in _rejecting(rules) for row in item.rows}


def _all_rejected(source: str, extract: SourceExtract, rules: list[Checked]) -> pd.DataFrame:
    """Rows that did not parse, then those that break a rule: one row a row and column at fault."""
    frames = [extract.rejected] if len(extract.rejected) else []
    for item in _rejecting(rules):
        places = extract.parsed.loc[item.rows, ["file", "line"]]
        frames += [
            places.assign(source=source, column=column, value_class=BREAKS_A_RULE, reason=item.problem)
            for column in item.columns
        ]
    if not frames:
        return extract.rejected
    return pd.concat(frames, ignore_index=True)[PLACE_COLUMNS]


def _with_severity(item: Checked, is_within_share: bool) -> GateOutcome:
    """A rule on rows stops the run only together with the others, through the source's share."""
    if not item.is_rule_on_rows:
        return item.outcome
    return replace(item.outcome, severity=WARN if is_within_share else ERROR)
