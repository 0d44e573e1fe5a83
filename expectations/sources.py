"""The gate of one source as it arrives.

Belongs here: which suites run on what, and what becomes of the rows they reject. Not here: expectations.
"""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pandas as pd

from expectations import column_findings, intake
from expectations.contract_rules import table_rules
from expectations.deliveries import deliveries_outcomes
from expectations.runner import ERROR, UNUSED, WARN, Checked, GateOutcome, GateResult, check, file_places, nowhere
from expectations.source_gate import SourceContext, SourceGate
from orchestration.ingest.extracts import SourceExtract
from orchestration.ingest.labels import known_providers
from orchestration.ingest.parsing import PLACE_COLUMNS
from orchestration.settings import ROADS, Parameters
from orchestration.tables.contract import WHOLE_CONTRACT

BREAKS_A_RULE = "breaks a rule"


def source_context(
    codes_dir: Path, inspections: pd.DataFrame | None = None, profiled: pd.DataFrame | None = None
) -> SourceContext:
    """The context from the reference tables, accepted inspections (for the gates of all other sources), and the profile
    of the source's deliveries as last accepted."""
    return SourceContext(tuple(known_providers(codes_dir)), inspections, profiled)


def assess_source(
    source: str, extract: SourceExtract, parameters: Parameters, context: SourceContext
) -> tuple[pd.DataFrame, GateResult]:
    """Judge one source: its accepted rows (columns of `extract.parsed`), and the gate's result.

    Rows that break a rule on rows are rejected. When rejected rows, unparsed ones included, pass the source's
    share, `rejected_rows_within_share` fails and stops the run; within it their outcomes are warnings.
    """
    contract, gate = WHOLE_CONTRACT[source], _gate_of(source)
    if source in ROADS and extract.deliveries.empty:
        return extract.parsed, GateResult(source, (_unused(source),), extract.rejected)
    found = check(
        source,
        column_findings.findings_frame(extract.findings),
        column_findings.findings_rules(contract, extract.findings),
        nowhere,
    )
    if stops := [item.outcome for item in found if not item.outcome.success and item.outcome.severity == ERROR]:
        return extract.parsed.head(0), GateResult(source, tuple(stops), extract.rejected)
    files = intake.files_read(extract.deliveries)
    checked = found + check(source, files, intake.files_rules(contract), intake.file_names)
    checked += check(source, extract.rejected, intake.parsing_rules(contract, extract), nowhere)
    checked += check(source, extract.notes, intake.notes_rules(contract, extract), nowhere)
    checked += check(source, extract.parsed.head(0), table_rules(contract), nowhere)
    rules = check(source, *gate.rows(extract, context), file_places)
    rejected = _all_rejected(source, extract, rules)
    is_accepted = ~extract.parsed.index.isin(_rejected_rows(rules))
    accepted = extract.parsed[is_accepted].reset_index(drop=True)
    share, allowed = intake.rejected_share(rejected, len(accepted)), parameters.rejected_share(source)
    share_frame = pd.DataFrame({"rejected_share": [share]})
    share_rules = intake.share_rules(contract, rejected, share, allowed)
    checked += [*rules, *check(source, share_frame, share_rules, nowhere)]
    if share <= allowed:  # else what is wrong with the rows that are left follows from it
        checked += deliveries_outcomes(contract, accepted, rejected, extract, parameters, context)
        checked += gate.whole(accepted, extract, parameters, context)
    outcomes = tuple(_with_severity(item, share <= allowed) for item in checked)
    return accepted, GateResult(source, outcomes, rejected)


def _unused(source: str) -> GateOutcome:
    """The landing folders are ready without it, so that the other road to the same outcome was delivered."""
    return GateOutcome(source, "other_road_delivered", source, True, "nothing delivered", "", UNUSED)


def _gate_of(source: str) -> SourceGate:
    """The gate in the source's own module, loaded by name: a stage rests on its own suite and on no other's."""
    return import_module(f"expectations.{source}").GATE


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
