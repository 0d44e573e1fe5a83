"""Match bias: who is missing from the matched cases, and whether it matters to the published numbers.

Belongs here: thin read -> call -> write. Not here: statistics (`methods/linkage`).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.assets.results import CASES, result_reports, result_specs, rows_of_bulletin, write_results
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.storage.case_keys import read_cases
from orchestration.storage.warehouse import read_table
from orchestration.tables.bulletins import BULLETIN_2023
from orchestration.tables.linkage_bias import LINKAGE_BIAS_TABLES

_READ = ("annex_b", "model_coefficients", "model_terms")
_DEPS = [CASES, *(dg.AssetKey(["results", name]) for name in _READ)]


@dg.multi_asset(specs=result_specs("linkage_bias", LINKAGE_BIAS_TABLES, _DEPS), name="linkage_bias")
def linkage_bias(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Matched against unmatched cases, a model of being matched, its weights, and the published numbers with them."""
    with stage_run(context, pipeline, "linkage_bias") as run:
        if not run.is_done:
            from orchestration.methods.linkage.bias.summary import bias_tables
            from orchestration.methods.linkage.bias.weights import Truncation

            with pipeline.warehouse(read_only=True) as connection:
                cases = read_cases(connection)
                annex = read_table(connection, "results.annex_b")
                coefficients, terms = (
                    rows_of_bulletin(connection, name, BULLETIN_2023) for name in ("model_coefficients", "model_terms")
                )
            parameters = pipeline.settings.parameters
            truncation = Truncation(parameters.weight_percentile_low, parameters.weight_percentile_high)
            tables = bias_tables(cases, annex, coefficients, terms, parameters.significance_level, truncation)
            write_results(pipeline, LINKAGE_BIAS_TABLES, tables)
    yield from result_reports(pipeline, LINKAGE_BIAS_TABLES, run)
