"""Reviewers' overrides on a finished run: honoured, listed and told; a file that cannot be used changes nothing."""

import duckdb
import pytest

from orchestration.commands.running import run_job
from orchestration.errors import PipelineError


def query(settings, sql):
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def write_overrides(settings, *lines: str) -> None:
    (settings.data_dir / "review").mkdir(exist_ok=True)
    header = "source,case_id,record_id,decision,reviewer,reviewed_on,reason"
    text = "\n".join([header, *(f"{line},A. Reviewer,2026-01-05,seen" for line in lines)])
    (settings.data_dir / "review" / "overrides.csv").write_text(text + "\n")


@pytest.mark.slow
def test_overrides_are_honoured_listed_and_told(run_copy):
    """Another record of the same person is chosen, a match is undone, and a record outside the window is refused."""
    chosen = query(
        run_copy,
        "select case_id, record_id from linkage.decided_records where source = 'reoffending' and record_order = 2 "
        "order by case_id limit 1",
    )[0]
    undone = query(run_copy, "select case_id, record_id from linkage.termination_matches order by case_id limit 1")[0]
    far = query(
        run_copy,
        "select case_id, record_id from linkage.pair_agreements where source = 'reoffending' and len(rule_ranks) > 0 "
        "and abs(date_difference_days) > 7 order by all limit 1",
    )[0]
    write_overrides(
        run_copy,
        ",".join(("reoffending", *chosen, "must_link")),
        ",".join(("terminations", *undone, "must_not_link")),
        ",".join(("reoffending", *far, "must_link")),
    )
    run_job(run_copy, "link")
    match = f"select record_id, rule from linkage.reoffending_matches where case_id = '{chosen[0]}'"
    assert query(run_copy, match) == [(chosen[1], "override")]
    pair = f"case_id = '{undone[0]}' and record_id = '{undone[1]}'"
    assert query(run_copy, f"select count(*) from linkage.termination_matches where {pair}") == [(0,)]
    became = dict(query(run_copy, "select record_id, outcome from linkage.overrides_outcomes"))
    assert became == {chosen[1]: "applied", undone[1]: "applied", far[1]: "refused_outside_window"}
    told = "select success, severity, observed from quality.gate_results where expectation = 'overrides_taken'"
    assert query(run_copy, f"{told} order by judged_at desc limit 1") == [(False, "warn", "1 of 3 rows")]


def test_overrides_that_cannot_be_used_stop_the_run_before_anything_changes(run_copy):
    ledger = "select * from quality.stages order by stage"
    before = query(run_copy, ledger)
    write_overrides(run_copy, "reoffending,nobody,nothing,must_link")
    with pytest.raises(PipelineError, match="line 2, column case_id: no inspections extract holds this case"):
        run_job(run_copy, "link")
    assert query(run_copy, ledger) == before
