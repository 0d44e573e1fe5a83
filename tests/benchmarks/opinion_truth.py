"""`python -m tests.benchmarks.opinion_truth`: our links and Splink's, each against the truth of synthetic extracts.

Belongs here: counting and printing; counts only. Run `make bulletin` first: it reads the warehouse and the truth
files of the data folder. docs/second-opinion.md keeps what it printed.
"""

import time

import pandas as pd

from orchestration.linkage.probabilistic.model import THRESHOLDS
from orchestration.linkage.probabilistic.scoring import score_pairs
from orchestration.linkage.probabilistic.workspace import splink_workspace
from orchestration.linkage.second_opinion.agreement import answers
from orchestration.linkage.second_opinion.opinion import LINKED_SOURCES, dated_pairs, opinion_tables
from orchestration.methods.statistics.intervals import f1_score, wilson
from orchestration.settings import Settings, read_settings

LINKABLE = """
    select truth.case_id, truth.record_id
    from truth
    inner join case_dates on truth.case_id = case_dates.case_id
    inner join record_dates on truth.record_id = record_dates.record_id
    where abs(record_dates.record_date - case_dates.start_date) <= ?
"""


def source_lines(settings: Settings, source: str) -> list[str]:
    """Rows of the table for one source: ours, then Splink's at each threshold."""
    window = settings.parameters.match_window_days
    started = time.perf_counter()
    with splink_workspace(settings.warehouse, opinion_tables(source)) as connection:
        pairs = dated_pairs(score_pairs(connection))
        seconds = time.perf_counter() - started
        ours = connection.execute("select * from our_answers order by case_id").df()
        truth = pd.read_csv(settings.truth_dir / f"{source}.csv", dtype=str)
        connection.register("truth", truth)
        linkable = connection.execute(LINKABLE, [window]).df()
    true = set(linkable.itertuples(index=False, name=None))
    n_linkable = linkable["case_id"].nunique()
    links = {"ours": ours[["case_id", "our_record_id"]].dropna()}
    for threshold in THRESHOLDS:
        found = answers(ours, pairs, threshold, window)
        links[f"Splink from {threshold}"] = found[["case_id", "splink_record_id"]].dropna()
    lines = [_line(source, name, frame, true, n_linkable) for name, frame in links.items()]
    return [*lines, f"({source}: Splink took {seconds:.1f} s)"]


def _line(source: str, name: str, frame: pd.DataFrame, true: set, n_linkable: int) -> str:
    right = sum(pair in true for pair in frame.itertuples(index=False, name=None))
    f1 = f1_score(right, len(frame) - right, n_linkable - right)
    shares = [_share(right, len(frame)), _share(right, n_linkable)]
    cells = [source, name, n_linkable, len(frame), len(frame) - right, n_linkable - right, *shares, f"{100 * f1:.2f}"]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _share(successes: int, n: int) -> str:
    low, high = wilson(successes, n)
    return f"{100 * successes / n:.2f} ({100 * low:.2f} to {100 * high:.2f})"


def main() -> None:
    """Measure both sources and print a table."""
    settings = read_settings()
    print("| source | links of | linkable | links | false | missed | precision | recall | F1 |")
    print("|---|---|---|---|---|---|---|---|---|")
    for source in LINKED_SOURCES:
        print("\n".join(source_lines(settings, source)), flush=True)


if __name__ == "__main__":
    main()
