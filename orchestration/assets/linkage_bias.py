"""Match bias: who is missing from the matched cases, and whether it matters to the published numbers.

Belongs here: thin read -> call -> write. Not here: statistics (`methods/linkage`).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.assets.results import CASES, result_reports, result_specs, write_results
from orchestration.assets.stage_runs import stage_run
from orchestration.resources import Pipeline
from orchestration.warehouse import read_table

TABLES = {
    "match_bias": "One row a source, item and category: matched and unmatched cases compared, with tests and effects.",
    "match_models": "One row a source: fit of the model of being matched.",
    "match_model_terms": "One row a source and term of the model of being matched: its tests.",
    "match_model_coefficients": "One row a source and coefficient of the model of being matched.",
    "linkage_weights": "One row a source and version: how uneven the inverse-probability-of-linkage weights are.",
    "linkage_balance": "One row a source, item and category: eligible, matched and weighted matched cases.",
    "annex_b_weighted": "One row a cell of Annex B: published and weighted.",
    "model_coefficients_weighted": "One row a published model and coefficient: published and weighted, robust errors.",
    "model_terms_weighted": "One row a published model and term: whether its significance changes with weights.",
    "match_bias_summary": "One row a number that says whether match bias matters.",
}
_READ = ("annex_b", "model_coefficients", "model_terms")
_DEPS = [CASES, *(dg.AssetKey(["results", name]) for name in _READ)]


@dg.multi_asset(specs=result_specs(TABLES, _DEPS, "linkage_studies"), name="linkage_bias")
def linkage_bias(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Matched against unmatched cases, a model of being matched, its weights, and the published numbers with them."""
    with stage_run(context, pipeline, "linkage_bias") as run:
        if not run.is_done:
            from orchestration.methods.linkage.bias_summary import bias_tables

            with pipeline.warehouse(read_only=True) as connection:
                cases = read_table(connection, "marts.cases")
                annex, coefficients, terms = (read_table(connection, f"results.{name}") for name in _READ)
            level = pipeline.settings.parameters.significance_level
            write_results(pipeline, bias_tables(cases, annex, coefficients, terms, level))
    yield from result_reports(pipeline, TABLES, run.is_done)
