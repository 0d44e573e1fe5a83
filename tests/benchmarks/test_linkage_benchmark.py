"""The linkage benchmark measures what the pipeline does: the same SQL gives the same tables from the same files."""

import pytest

from orchestration.dbt.layers import build_layer
from orchestration.linkage.linking import checked_overrides, link_cases
from orchestration.settings import read_settings
from orchestration.storage.warehouse import open_warehouse
from tests.benchmarks import linkage, linkage_splink, weekly
from tests.benchmarks.bare import ingest
from tests.benchmarks.linkage_data import files_of, open_linking
from tests.benchmarks.linkage_row_cleaning import OWN_DATES, clean_row_by_row, count_differing_rows
from tests.benchmarks.linkage_sides import OUR_LINKS, clean_and_link, clean_and_link_rows, join, quality
from tests.integration.linkage_oracle.compiled import compile_project

N_RECORDS = 8_000
TABLES = (
    "staging.staged_inspections", "staging.staged_terminations", "staging.staged_reoffending",
    "linkage.candidate_pairs", "linkage.compared_pairs", "linkage.agreement_patterns", "linkage.pair_agreements",
    "linkage.persons_reached", "linkage.rule_steps", "linkage.decisions",
    "linkage.decided_records", "linkage.termination_matches", "linkage.reoffending_matches",
    "linkage.termination_outcomes", "linkage.reoffending_outcomes",
)  # fmt: skip
PLACE = {"file", "line"}  # the benchmark names files by their whole path and does not skip a header


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return files_of(tmp_path_factory.mktemp("files"), N_RECORDS)


@pytest.fixture(scope="module")
def benchmark(files, tmp_path_factory):
    """The benchmark's own warehouse after cleaning and linking, and the seconds it noted."""
    project = compile_project(tmp_path_factory.mktemp("dbt"))
    connection = open_linking(project, files, ":memory:", {})
    seconds = clean_and_link(connection, project)
    yield connection, seconds
    connection.close()


def rows_of(connection, table):
    columns = sorted(name for name, *_ in connection.execute(f"describe {table}").fetchall() if name not in PLACE)
    return columns, sorted(connection.execute(f"select {', '.join(columns)} from {table}").fetchall(), key=str)


@pytest.mark.slow
def test_the_benchmark_builds_the_tables_of_the_pipeline(files, benchmark, tmp_path):
    connection, seconds = benchmark
    (tmp_path / "landing").symlink_to(files.folder / "landing")
    settings = read_settings({"PROBATION_DATA_DIR": str(tmp_path)})
    ingest(settings)
    build_layer(settings, "staging")
    link_cases(settings, checked_overrides(settings))
    with open_warehouse(settings.warehouse, settings.limits, read_only=True) as pipeline:
        differing = [table for table in TABLES if rows_of(pipeline, table) != rows_of(connection, table)]
    assert differing == []
    assert {name.split(".")[1] for name in TABLES} <= {step.split(".")[1] for step in seconds}


def test_splink_misses_no_pair_that_the_rules_it_is_given_accept(benchmark):
    pytest.importorskip("splink")
    connection, _ = benchmark
    for source in ("terminations", "reoffending"):
        cases = f"(select * from linkage.eligible_cases where source = '{source}')"
        _, pairs = linkage_splink.timed_links(connection, cases, f"staging.staged_{source}")
        linkage_splink.keep_the_closest(connection, source, pairs)
    found = "select source, case_id from splink_closest"
    given = ", ".join(f"'{rule}'" for rule in linkage_splink.rules_given())
    ours = (
        f"select source, case_id from linkage.decided_records where rules_satisfied is not null and rule in ({given})"
    )
    assert connection.execute(f"select count(*) from ({ours} except {found})").fetchall() == [(0,)]


@pytest.mark.parametrize("source", OWN_DATES)
def test_cleaning_row_by_row_leaves_every_identifier_as_our_cleaning_does(benchmark, source):
    connection, _ = benchmark
    clean_row_by_row(connection, source)
    assert count_differing_rows(connection, source) == 0
    connection.execute(f"update rows_{source} set surname = 'OTHER' where rowid = 0")
    assert count_differing_rows(connection, source) == 2


def test_splink_finds_the_same_pairs_after_either_cleaning(benchmark):
    pytest.importorskip("splink")
    connection, _ = benchmark
    _, links = clean_and_link_rows(connection)
    for source, pairs in links.items():
        cases = f"(select * from linkage.eligible_cases where source = '{source}')"
        _, expected = linkage_splink.timed_links(connection, cases, f"staging.staged_{source}")
        ours, theirs = (
            sorted(connection.execute(f"select unique_id_l, unique_id_r from {table}").fetchall())
            for table in (expected, pairs)
        )
        assert ours
        assert theirs == ours


def test_quality_counts_links_against_the_truth(files, benchmark):
    connection, _ = benchmark
    counted = quality(connection, files, OUR_LINKS)
    assert counted["links"] == connection.execute(f"select count(*) from ({OUR_LINKS})").fetchall()[0][0]
    assert counted["links"] >= counted["right_links"] > 0.99 * counted["links"]
    assert counted["linkable_cases"] >= counted["linkable_cases_linked_right"] > 0.95 * counted["linkable_cases"]
    nobody = "select source, case_id, 'nobody' as record_id from linkage.decisions"
    assert quality(connection, files, nobody)["right_links"] == 0


def test_the_bare_join_times_both_sources(files):
    assert join(files, ":memory:")["seconds"].keys() == {"linking.terminations", "linking.reoffending"}


def test_splink_is_given_every_rule_that_it_can_be_given_in_rank_order():
    rules = linkage_splink.blocking_rules()
    assert rules[0] == "l.pnc_id = r.pnc_id and l.date_of_birth = r.date_of_birth and l.surname = r.surname"
    swapped = "(l.surname = r.first_forename and l.first_forename = r.surname)"
    born = "l.date_of_birth = r.date_of_birth and (month(l.date_of_birth) > 1 or day(l.date_of_birth) > 1)"
    assert rules[7:10] == [f"{swapped} and {born}", "l.pnc_id = r.pnc_id", "l.crn = r.crn"]
    near = (
        "(l.surname <> r.surname and ((greatest(length(l.surname), length(r.surname)) >= 4 "
        "and damerau_levenshtein(l.surname, r.surname) = 1) "
        "or (length(r.surname) >= 3 and starts_with(l.surname, r.surname)) "
        "or (length(l.surname) >= 3 and starts_with(r.surname, l.surname))))"
    )
    assert rules[10] == f"l.surname = r.surname and {near.replace('surname', 'first_forename')} and {born}"
    assert rules[11:] == [f"{near} and l.first_forename = r.first_forename and {born}"]


def test_the_exponent_is_the_slope_of_the_logarithms():
    assert linkage.exponent([10, 100, 1000], [2 * 10**1.5, 2 * 100**1.5, 2 * 1000**1.5]) == pytest.approx(1.5)


def test_a_ratio_is_the_median_of_the_rounds():
    above = [{"seconds": {"cleaning.a": (s, 1.0), "linking.b": (2.0, 1.0)}} for s in (2.0, 6.0, 99.0)]
    below = [{"seconds": {"linking.c": (2.0, 4.0)}}] * 3
    assert (linkage.ratio(above, below, 0), linkage.ratio(above, below, 1)) == (4.0, 0.5)
    assert (linkage.ratio(above, below, 0, "linking"), linkage.ratio(above, below, 1, "linking")) == (1.0, 0.25)


@pytest.mark.slow
def test_a_year_of_weekly_deliveries_leaves_what_reading_everything_at_once_leaves(tmp_path, capsys):
    weekly.main(tmp_path / "data", n_records=2_000, n_weeks=8)
    printed = capsys.readouterr().out
    assert printed.count("the same rows") == 2
    assert "week 8 / week 2: reading" in printed


def test_a_difference_between_the_weeks_and_a_rebuild_is_seen():
    contents = {"one": (3, 17), "other": (2, 5)}
    assert weekly.differing_tables(contents, contents) == []
    assert weekly.differing_tables(contents, contents | {"other": (2, 6)}) == ["other"]
    assert weekly.differing_tables(contents, {"one": (3, 17)}) == ["other"]
