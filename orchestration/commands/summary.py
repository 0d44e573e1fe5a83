"""What a run prints at its end, and the back-test.

Belongs here: a short readable account from the ad hoc database. Not here: the account of a release (`publications/`).
"""

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pandas as pd

from orchestration.ledger.current import is_current
from orchestration.ledger.records import recorded_inputs, recorded_stages
from orchestration.releases.publishing import latest_release, release_fingerprint
from orchestration.releases.registry import pages_and_workbooks
from orchestration.settings import PUBLISHED_FIGURES_DIR, Settings
from orchestration.storage.analysis_database import open_for_reading
from orchestration.storage.warehouse import has_table, read_table

if TYPE_CHECKING:
    from orchestration.releases.backtest import Comparison

# Bulletin, table of its annex, and the stage that its tables passed.
BACKTESTED = (("2023/04", "annex_b", "publication_gate"), ("2020/03", "annex_c", "needs_gate"))

HEADLINES = {
    "term_positive_pct": "terminations were for positive reasons",
    "reoffended_pct": "reoffended within one year",
    "reoffences_mean": "reoffences on average, of those who reoffended",
    "both_kq_completion_gap": "higher completion rate where both key questions were positive, against both negative",
    "both_kq_reoffending_gap": "lower reoffending rate where both key questions were positive, against both negative",
}
UNITS = {"percent": "%", "percentage_points": " points"}


def print_summary(settings: Settings) -> None:
    """Match rates, headlines, gates, and where the page, workbook and database are."""
    release = latest_release(settings.published_dir)
    with open_for_reading(settings.analysis_database) as connection:
        print("\nMatch rates")
        for source, eligible, matched, rate in connection.execute(
            "select source, eligible, matched, rate from results.match_rates "
            "where item = 'all_cases' order by source desc"
        ).fetchall():
            print(f"  {source:<13} {matched:,} of {eligible:,} eligible cases ({rate:.1f}%)")
        print("Headlines")
        rows = connection.execute("select id, value, unit from results.headlines where value is not null").fetchall()
        headlines = {identifier: (value, unit) for identifier, value, unit in rows}
        for identifier, words in HEADLINES.items():
            if identifier in headlines:
                value, unit = headlines[identifier]
                print(f"  {value:.1f}{UNITS.get(unit, '')} {words}")
        print("Gates")
        made = recorded_stages(connection).get("release")
        gates = connection.execute(_GATES).fetchall()
        for gate, passed, total, warnings in gates:
            remark = f", {warnings} warning{'s' if warnings > 1 else ''}" if warnings else ""
            print(f"  {gate:<13} {passed} of {total} expectations met{remark}")
        if any(warnings for *_, warnings in gates):
            print("  (make warnings lists them)")
    print("Where")
    if release is not None:
        for path in pages_and_workbooks(release):
            print(f"  {'page' if path.suffix == '.html' else 'workbook':<9} {_shown(path)}")
        print(f"  release   {_shown(settings.published_dir / 'latest')} -> {release.name}")
    if release is None or release_fingerprint(release) != made:
        print("  NOTE      the figures above were published and withdrawn; they are not those of the latest release")
    print(f"  database  {_shown(settings.analysis_database)} (make sql)")


def print_warnings(settings: Settings) -> None:
    """What the gates warned of when they last judged, one message a line."""
    with open_for_reading(settings.analysis_database) as connection:
        messages = connection.execute(_WARNINGS).fetchall()
    print("\n".join(message for (message,) in messages) or "No warnings.")


def _shown(path: Path) -> Path:
    """A path as it is shortest to type from where the user stands."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def print_backtest(settings: Settings) -> int:
    """Compare both annexes and the headlines with the published figures; returns 0 when only listed ones disagree."""
    from orchestration.releases.backtest import Comparison, is_as_listed, report

    comparisons: list[Comparison] = []
    with open_for_reading(settings.analysis_database) as connection:
        for bulletin, annex, stage in BACKTESTED:
            if not has_table(connection, f"results.{annex}"):
                print(f"{bulletin}: its tables are not made, so nothing of it is compared (make bulletin makes them).")
                continue
            if not is_current(stage, recorded_stages(connection), settings, recorded_inputs(connection)):
                print(
                    f"{bulletin}: compared as last made; code or parameters have changed since, or extracts were read."
                )
            comparisons += _compared(connection, bulletin, annex)
    if comparisons:
        print(report(comparisons))
    return 0 if is_as_listed(comparisons) else 1


def _compared(connection: duckdb.DuckDBPyConnection, bulletin: str, annex: str) -> "list[Comparison]":
    from orchestration.releases.backtest import compare_cells, compare_headlines

    published, headlines, impossible = (
        pd.read_csv(PUBLISHED_FIGURES_DIR / f"{name}.csv", dtype={"category": str})
        for name in (annex, "headlines", "impossible_figures")
    )
    ours = connection.execute("select id, value_published from results.headlines where bulletin = ?", [bulletin]).df()
    cells = read_table(connection, f"results.{annex}")
    return [
        compare_cells(annex.replace("_", " ").title(), cells, published, impossible),
        compare_headlines(bulletin, ours, headlines, impossible),
    ]


_WARNINGS = (
    "select message from (from quality.gate_results qualify judged_at = max(judged_at) over (partition by gate)) "
    "where not success"
)

_GATES = """
    with latest as (
        select * from quality.gate_results
        qualify run_id = last_value(run_id) over (
            partition by gate order by judged_at rows between unbounded preceding and unbounded following
        )
    )
    select gate, count(*) filter (success), count(*), count(*) filter (not success and severity = 'warn')
    from latest where severity <> 'unused' group by gate order by max(judged_at)
"""
