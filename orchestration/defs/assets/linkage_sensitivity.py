"""How much the published numbers depend on the linkage: window, rules, false links.

Belongs here: thin read -> call -> write. Not here: statistics (`methods/linkage`), SQL (`sensitivity_reader`).
"""

from collections.abc import Iterator

import dagster as dg
import duckdb

from orchestration.defs.assets.results import CASES, result_reports, result_specs, rows_of_bulletin, write_results
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.errors import PipelineError
from orchestration.linkage import sensitivity as sensitivity_reader
from orchestration.methods.linkage.choices.sensitivity import SourceLinks, Study
from orchestration.settings import Parameters
from orchestration.tables.bulletins import BULLETIN_2023
from orchestration.tables.linkage_sensitivity import LINKAGE_SENSITIVITY_TABLES

_DEPS = [CASES, dg.AssetKey(["results", "model_coefficients"])]


@dg.multi_asset(
    specs=result_specs("linkage_sensitivity", LINKAGE_SENSITIVITY_TABLES, _DEPS), name="linkage_sensitivity"
)
def linkage_sensitivity(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Windows of 0 to 28 days, each rule left out, false links put in: what becomes of rates and ratios."""
    with stage_run(context, pipeline, "linkage_sensitivity") as run:
        if not run.is_done:
            from orchestration.methods.linkage.choices.tables import sensitivity_tables

            with pipeline.warehouse(read_only=True) as connection:
                study = read_study(connection, pipeline.settings.parameters)
            try:
                tables = sensitivity_tables(study)
            except ValueError as error:
                raise _not_reproduced(error) from None
            write_results(pipeline, LINKAGE_SENSITIVITY_TABLES, tables)
    yield from result_reports(pipeline, LINKAGE_SENSITIVITY_TABLES, run)


def read_study(connection: duckdb.DuckDBPyConnection, parameters: Parameters) -> Study:
    """All the study rests on, from the warehouse; what is restricted arrives as numbers."""
    cases = sensitivity_reader.cases(connection)
    window, n = parameters.match_window_days, len(cases)
    return Study(
        cases=cases,
        coefficients=rows_of_bulletin(connection, "model_coefficients", BULLETIN_2023),
        rules=sensitivity_reader.rules(connection),
        sources={
            source: SourceLinks(
                eligible=sensitivity_reader.eligible_cases(connection, source),
                reached=sensitivity_reader.reached(connection, source, n),
                pool=sensitivity_reader.pool(connection, source, n, window),
            )
            for source in sensitivity_reader.SOURCES
        },
        window_days=window,
        significance_level=parameters.significance_level,
    )


def _not_reproduced(error: ValueError) -> PipelineError:
    return PipelineError(
        problem=f"The sensitivity study does not reproduce the published linkage: {error}.",
        remedy="Its second writing of the decision (orchestration/methods/linkage/choices/deciding.py) has to follow "
        "every change of the models in dbt_project/models/linkage; see docs/linkage-sensitivity.md.",
    )
