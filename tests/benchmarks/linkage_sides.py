"""The sides of the linkage benchmark, each as a process of its own.

`python -m tests.benchmarks.linkage_sides ours|splink|splink_rows|join FOLDER N_RECORDS [DATABASE]` prints one line of
JSON: seconds of each step, peak memory, and how good the links are. Memory and threads are those of
PROBATION_MEMORY_LIMIT and PROBATION_THREADS. Starting Python and compiling dbt's SQL are not timed.

Belongs here: running and timing. Not here: comparing (`linkage.py`).
"""

import json
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.settings import read_settings
from orchestration.storage.warehouse import CONFIG, limited_to
from tests.benchmarks.linkage_data import DATES, IN_MEMORY, Files, files_of, open_linking, stopwatch
from tests.benchmarks.linkage_row_cleaning import COLUMNS, OWN_DATES, clean_row_by_row, count_differing_rows
from tests.benchmarks.linkage_splink import WITHIN, keep_the_closest, timed_links
from tests.integration.linkage_oracle.compiled import Project, compile_project

Seconds = dict[str, tuple[float, float]]
OUR_LINKS = """
    select 'terminations' as source, case_id, record_id from linkage.termination_matches
    union all
    select 'reoffending', case_id, record_id from linkage.reoffending_matches
"""


def clean_and_link(connection: duckdb.DuckDBPyConnection, project: Project) -> Seconds:
    """Build staging and linkage as the pipeline's full linkage does; seconds by the clock and of CPU a model."""
    return timed_models(connection, project, "staging") | timed_models(connection, project, "linkage")


def clean_every_row(connection: duckdb.DuckDBPyConnection) -> Seconds:
    """Write `cleaned_<source>` from our staging views: every row cleaned, the columns that linking needs."""
    seconds: Seconds = {}
    for source, day in OWN_DATES.items():
        key, kind = ("case_id", "case_type, ") if source == "inspections" else ("record_id", "")
        with stopwatch() as spent:
            connection.execute(
                f"create table cleaned_{source} as select {key}, {kind}{day}, {COLUMNS} from staging.staged_{source}"
            )
        seconds[f"cleaning.{source}"] = spent()
    return seconds


def timed_models(connection: duckdb.DuckDBPyConnection, project: Project, layer: str) -> Seconds:
    """Build the layer's models; seconds by the clock and of CPU a model."""
    seconds = {}
    for model in project.models(layer):
        if model.name == "explanations":  # a reading aid after linking, not a part of it
            continue
        with stopwatch() as spent:
            connection.execute(model.statement)
        step = {"staging": "cleaning", "linkage": "linking"}[layer]
        seconds[f"{step}.{model.name}"] = spent()
    return seconds


def quality(connection: duckdb.DuckDBPyConnection, files: Files, links: str) -> dict[str, int]:
    """Of the links (a query: source, case_id, record_id): how many, how many right, and the linkable cases."""
    truth = " union all ".join(
        f"select '{source}' as source, case_id, record_id from read_csv('{files.truth(source)}', all_varchar = true)"
        for source in DATES
    )
    dated = " union all ".join(
        f"select '{source}' as source, record_id, {day} as record_date from raw.parsed_{source}"
        for source, day in DATES.items()
    )
    query = f"""
        with
        links as ({links}),
        truth as ({truth}),
        dated as ({dated}),
        linkable as (
            select distinct source, case_id from linkage.eligible_cases inner join truth using (source, case_id)
            inner join dated using (source, record_id) where {WITHIN}
        )
        select
            (select count(*) from links),
            (select count(*) from links semi join truth using (source, case_id, record_id)),
            (select count(*) from linkable),
            (select count(*) from linkable semi join (from links semi join truth using (source, case_id, record_id))
                using (source, case_id))
    """
    names = ("links", "right_links", "linkable_cases", "linkable_cases_linked_right")
    return dict(zip(names, connection.execute(query).fetchall()[0], strict=True))


def ours(files: Files, database: str) -> dict[str, object]:
    """Our own models, every table of the two layers written."""
    with _compiled() as project, _opened(project, files, database) as connection:
        seconds = clean_and_link(connection, project)
        return {"seconds": seconds, "quality": quality(connection, files, OUR_LINKS)}


def splink(files: Files, database: str) -> dict[str, object]:
    """Our cleaning of every row, then Splink's deterministic_link with our rules; links are then cut to the window."""
    with _compiled() as project, _opened(project, files, database) as connection:
        timed_models(connection, project, "staging")
        _write_eligible_cases(connection, project)
        seconds = clean_every_row(connection)
        for source in DATES:
            cases = f"(select * from linkage.eligible_cases where source = '{source}')"
            seconds[f"linking.{source}"], pairs = timed_links(connection, cases, f"cleaned_{source}")
            keep_the_closest(connection, source, pairs)
        return {"seconds": seconds, "quality": quality(connection, files, "select * from splink_closest")}


def splink_rows(files: Files, database: str) -> dict[str, object]:
    """Cleaning row by row, then Splink as in `splink`; how many cleaned rows differ from ours is counted untimed."""
    with _compiled() as project, _opened(project, files, database) as connection:
        seconds, links = clean_and_link_rows(connection)
        peak = _peak_gb()
        timed_models(connection, project, "staging")
        _write_eligible_cases(connection, project)
        for source, pairs in links.items():
            keep_the_closest(connection, source, pairs)
        return {
            "seconds": seconds,
            "quality": quality(connection, files, "select * from splink_closest"),
            "peak_gb": peak,
            "differing_rows": sum(count_differing_rows(connection, source) for source in OWN_DATES),
        }


def clean_and_link_rows(connection: duckdb.DuckDBPyConnection) -> tuple[Seconds, dict[str, str]]:
    """Clean every source row by row and link it with Splink: seconds a step, and the table of pairs of each source."""
    seconds: Seconds = {}
    links = {}
    for source in OWN_DATES:
        with stopwatch() as spent:
            clean_row_by_row(connection, source)
        seconds[f"cleaning.{source}"] = spent()
    for source in DATES:
        wanted = " where case_type = 'community'" if source == "terminations" else ""
        cases = f"(select * from rows_inspections{wanted})"
        seconds[f"linking.{source}"], links[source] = timed_links(connection, cases, f"rows_{source}")
    return seconds, links


def _write_eligible_cases(connection: duckdb.DuckDBPyConnection, project: Project) -> None:
    """What is needed to judge links, untimed: the cases and no more."""
    for model in project.models("linkage"):
        if model.name == "eligible_cases":
            connection.execute(model.statement)


def join(files: Files, database: str) -> dict[str, object]:
    """One hash join a source on the identifier as received, keeping the columns that linkage reads."""
    connection = duckdb.connect(config=_config())
    seconds = {}
    for source, day in DATES.items():
        with stopwatch() as spent:
            connection.execute(
                f"create table joined_{source} as select c.case_id, c.start_date, r.record_id, r.{day}, r.pnc_id, "
                f"r.crn, r.surname, r.forenames, r.date_of_birth from '{files.parts('inspections')}' as c "
                f"inner join '{files.parts(source)}' as r on c.pnc_id = r.pnc_id"
            )
        seconds[f"linking.{source}"] = spent()
    return {"seconds": seconds}


@contextmanager
def _compiled() -> Iterator[Project]:
    with tempfile.TemporaryDirectory() as folder:
        yield compile_project(Path(folder))


def _opened(project: Project, files: Files, database: str) -> duckdb.DuckDBPyConnection:
    return open_linking(project, files, database, _config())


def _config() -> dict[str, str | bool | int | float | list[str]]:
    settings = read_settings()
    return CONFIG | limited_to(settings.limits, Path(tempfile.gettempdir()) / "probation_benchmark_spill")


def _peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


SIDES: dict[str, Callable[[Files, str], dict[str, object]]] = {
    "ours": ours,
    "splink": splink,
    "splink_rows": splink_rows,
    "join": join,
}


def main(side: str, folder: str, n_records: str, database: str = IN_MEMORY) -> None:
    """Run one side and print what was measured."""
    measured = SIDES[side](files_of(Path(folder), int(n_records)), database)
    print(json.dumps({"peak_gb": _peak_gb()} | measured))


if __name__ == "__main__":
    main(*sys.argv[1:])
