"""One more reoffending extract on a finished run: only what it can change is linked again, and rightly."""

import csv

import duckdb
import pytest

from orchestration.commands.running import run_job
from orchestration.errors import PipelineError
from orchestration.linkage import relinking
from orchestration.linkage.relinking import checked_overrides, link_cases
from orchestration.storage.warehouse import has_table

ABOUT_THE_LINKAGE_ITSELF = ("cases_to_link", "finished_linkage", "case_keys")
LINKED_NOW = "select source, case_id from linkage.cases_to_link order by all"
EXTENT = "select extent from linkage.finished_linkage"


def query(settings, sql):
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def link(settings):
    return link_cases(settings, checked_overrides(settings))


def linkage_tables(settings) -> dict[str, list[tuple]]:
    """Every linkage table's and view's rows in order, without what only says what the last linkage did."""
    listed = query(settings, "select table_name from information_schema.tables where table_schema = 'linkage'")
    names = {name for (name,) in listed}
    found = {}
    for name in sorted(names - set(ABOUT_THE_LINKAGE_ITSELF)):
        left_out = "exclude (is_changed)" if name in ("match_records", "eligible_cases") else ""
        found[name] = query(settings, f"select * {left_out} from linkage.{name} order by all")
    return found


def deliver_one_more_extract(settings) -> None:
    """Twenty records of matched cases corrected, some new ones of people who are known, three of strangers."""
    landing = settings.landing_dir
    (landing / "synthetic_manifest.json").unlink()  # what is delivered now is no longer the generator's
    delivered = sorted((landing / "reoffending").glob("*.csv"))[0]
    matched = {r for (r,) in query(settings, "select record_id from linkage.reoffending_matches order by 1 limit 50")}
    with delivered.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if row["record_id"] in matched]
    corrected = [row | {"pnc_id": "", "surname": "Zz" + row["surname"]} for row in rows[:20]]
    new = [row | {"record_id": f"N{i}", "reoffences": "9", "reoffended": "1"} for i, row in enumerate(rows[20:])]
    strangers = [
        row | {"record_id": f"S{i}", "pnc_id": "", "crn": "", "surname": f"Zzyx{'abc'[i]}", "forenames": "Q"}
        for i, row in enumerate(rows[:3])
    ]
    with (landing / "reoffending" / "zz_one_more_week.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames)
        writer.writeheader()
        writer.writerows([*corrected, *new, *strangers])


@pytest.mark.slow
def test_one_more_extract_links_few_cases_again_and_ends_where_a_full_rebuild_ends(run_copy):
    assert query(run_copy, EXTENT) == [("everything",)]
    before = linkage_tables(run_copy)
    deliver_one_more_extract(run_copy)
    run_job(run_copy, "ingest")
    run_job(run_copy, "link")
    assert query(run_copy, EXTENT) == [("changes",)]
    linked = query(run_copy, LINKED_NOW)
    assert {source for source, _ in linked} == {"reoffending"}
    assert 20 <= len(linked) <= 100, "3,308 cases are eligible"
    relinked = linkage_tables(run_copy)
    for table in ("candidate_pairs", "pair_agreements", "rule_verdicts", "case_persons", "decided_records"):
        assert relinked[table] != before[table]
    with duckdb.connect(str(run_copy.warehouse)) as connection:
        connection.execute("delete from linkage.finished_linkage")
    link(run_copy)
    assert query(run_copy, EXTENT) == [("everything",)]
    rebuilt = linkage_tables(run_copy)
    assert [name for name in rebuilt if rebuilt[name] != relinked[name]] == []


@pytest.mark.slow
def test_a_linkage_that_did_not_finish_is_followed_by_a_full_one(run_copy, monkeypatch):
    def killed(*_, **__):
        raise PipelineError("killed", "run again")

    with monkeypatch.context() as patched:
        patched.setattr(relinking, "build_layer", killed)
        with pytest.raises(PipelineError, match="killed"):
            link(run_copy)
    assert query(run_copy, EXTENT) == []
    extents = []
    monkeypatch.setattr(relinking, "build_layer", lambda *_, only_changes: extents.append(only_changes) or [])
    link(run_copy)
    link(run_copy)
    assert extents == [False, True]


@pytest.mark.parametrize("change", ["a table is gone", "the window is another", "an override was added"])
def test_everything_is_linked_when_more_than_the_extracts_has_changed(run_copy, monkeypatch, change):
    extents = []
    monkeypatch.setattr(relinking, "build_layer", lambda *_, only_changes: extents.append(only_changes) or [])
    link(run_copy)
    settings = run_copy
    if change == "a table is gone":
        with duckdb.connect(str(run_copy.warehouse)) as connection:
            connection.execute("drop table linkage.case_persons")
            assert not has_table(connection, "linkage.case_persons")
    elif change == "the window is another":
        parameters = run_copy.parameters.model_copy(update={"match_window_days": 9})
        settings = run_copy.model_copy(update={"parameters": parameters})
    else:
        case_id, record_id = query(run_copy, "select case_id, record_id from linkage.reoffending_matches limit 1")[0]
        write_overrides(run_copy, f"reoffending,{case_id},{record_id},must_not_link")
    link(settings)
    assert extents == [True, False]


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
        "select case_id, record_id from linkage.records_of_persons where source = 'reoffending' "
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
    before = query(run_copy, ledger), query(run_copy, "select * from linkage.finished_linkage")
    write_overrides(run_copy, "reoffending,nobody,nothing,must_link")
    with pytest.raises(PipelineError, match="line 2, column case_id: no inspections extract holds this case"):
        run_job(run_copy, "link")
    assert (query(run_copy, ledger), query(run_copy, "select * from linkage.finished_linkage")) == before
