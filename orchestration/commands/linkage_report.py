"""`make linkage-quality`: judge the links that stand in the warehouse against the truth files, and print it.

Nothing is written, so that another truth file, such as a new sample, can be looked at between two runs.

Belongs here: the words and layout of the printed account. Not here: what is counted (`methods/linkage/`).
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from orchestration.errors import PipelineError
from orchestration.linkage.evidence import collect_evidence
from orchestration.methods.linkage.accuracy.losses import FALSE_REASONS, MISSED_REASONS, REJECTED, linkage_losses
from orchestration.methods.linkage.accuracy.quality import linkage_quality
from orchestration.settings import Settings
from orchestration.storage.warehouse import has_table, open_warehouse

MEASURES = {
    "precision": "of the matched cases have a true record",
    "recall": "of the linkable cases are matched to a true record",
    "f1": "F1 of the two",
    "closest_true_record": "of the true links are to the closest true record",
    "specificity": "of the cases that cannot be linked stayed unmatched",
    "cases_kept_by_blocks": "of the linkable cases: a true record was compared",
    "pairs_kept_by_blocks": "of the true pairs inside the window were compared",
    "precision_of_records": "of the records combined are true",
    "recall_of_records": "of the true records inside the window are combined",
    "termination_reason_differs": "of the matched cases: another termination reason than by their true records",
    "reoffended_differs": "of the matched cases: otherwise reoffended than by their true records",
    "reoffences_differs": "of the matched cases: another number of reoffences than by their true records",
}
REASONS = {**FALSE_REASONS, **MISSED_REASONS, REJECTED: "the only true record was rejected before linkage"}
KINDS = {"false_link": "False links", "missed_link": "Missed links", "lost_before_linkage": "Lost before linkage"}


def print_linkage_quality(settings: Settings) -> None:
    """Print how good the links are and where they are lost, by source.

    Raises PipelineError where there are no links or no truth file yet, or where a truth file cannot be used.
    """
    if not settings.warehouse.exists():
        raise _no_links()
    with open_warehouse(settings.warehouse, settings.limits, read_only=True) as connection:
        if not has_table(connection, "marts.cases"):
            raise _no_links()
        evidence = collect_evidence(connection, settings.truth_dir, settings.parameters.match_window_days)
    if not evidence:
        raise PipelineError(
            problem="There is no truth to judge the links by.",
            remedy="Put truth/terminations.csv or truth/reoffending.csv (case_id, record_id) into the data folder.",
            where=str(settings.truth_dir),
        )
    print(quality_text(linkage_quality(evidence), linkage_losses(evidence).linkage_losses))


def quality_text(quality: pd.DataFrame, losses: pd.DataFrame) -> str:
    """The account of results.linkage_quality and results.linkage_losses, a paragraph a source."""
    if quality.empty:
        return "The truth names no eligible case: there is nothing to judge."
    return "\n".join(
        line
        for source, rows in quality.groupby("source", sort=False)
        for line in _of_source(str(source), rows, losses[losses["source"] == source])
    )


def _of_source(source: str, quality: pd.DataFrame, losses: pd.DataFrame) -> Iterator[str]:
    whole = {row["measure"]: row for row in quality[quality["item"] == "all_cases"].to_dict("records")}
    n_matched, n_linkable = whole["matched"]["numerator"], whole["linkable"]["numerator"]
    yield f"{source}: {whole['matched']['n']:,} cases judged, {n_linkable:,} linkable, {n_matched:,} matched"
    for measure, words in MEASURES.items():
        if measure in whole:
            yield f"  {_share(whole[measure])} {words}"
    yield "  by rule: precision, and share of all true links"
    rules = quality[quality["item"] == "rule"]
    shares = rules[rules["measure"] == "share_of_true_links"].set_index("category")["value"]
    for row in rules[rules["measure"] == "precision"].to_dict("records"):
        share = shares[row["category"]]
        yield f"  {_share(row)} {row['category']}" + ("" if pd.isna(share) else f" ({share:.1f}% of true links)")
    for kind, words in KINDS.items():
        found = losses[(losses["kind"] == kind) & (losses["n"] > 0)]
        yield f"  {words}: {found['n'].sum():,}"
        for loss in found.to_dict("records"):
            yield f"    {loss['n']:>6,}  {loss['reason']}: {REASONS[loss['reason']]}"


def _share(row: Mapping[Hashable, Any]) -> str:
    counts = f"{row['numerator']:>9,} of {row['n']:>9,}"
    if pd.isna(row["value"]):
        return f"{counts} {'':>34}"
    return f"{counts} {row['value']:>8.3f}% ({row['ci_low']:>7.3f} to {row['ci_high']:>7.3f}) "


def _no_links() -> PipelineError:
    return PipelineError(
        problem="There are no links to judge yet.", remedy="Run make bulletin first, which ingests and links."
    )
