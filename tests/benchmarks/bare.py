"""The same dbt build and the same Python functions as a full run, called bare: no Dagster, ledger or gates' records.

`python -m tests.benchmarks.bare DATA_DIR`; the yardstick of `bench.py`.
"""

import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import cast

import duckdb
import pandas as pd

from expectations.linkage import LinkedTables, run_linkage_gate
from expectations.needs import NeedsTables, run_needs_gate
from expectations.publication import PublicationTables, run_publication_gate
from expectations.sources import assess_source, source_context
from orchestration.dbt.layers import build_layer
from orchestration.defs.assets.bulletin_2020_03 import tables_of_needs
from orchestration.defs.assets.bulletin_2023_04 import annex_tables, count_tables
from orchestration.defs.assets.linkage_overrides import COUNTED
from orchestration.defs.assets.linkage_quality import evaluate_links
from orchestration.defs.assets.linkage_sensitivity import read_study
from orchestration.defs.assets.linkage_tiers import READ as READ_FOR_TIERS
from orchestration.defs.assets.linkage_tiers import TIERS
from orchestration.defs.assets.release import RESULT_TABLES as RESULTS
from orchestration.defs.assets.release import release_facts
from orchestration.defs.assets.results import rows_of_bulletin, write_results
from orchestration.defs.resources import LOADED_AHEAD, Pipeline
from orchestration.ingest.extracts import read_source
from orchestration.linkage.linking import checked_overrides, link_cases
from orchestration.linkage.probabilistic.probable_pairs import no_pairs
from orchestration.methods.sampling.allocation import CELL
from orchestration.publications.bulletin_2020_03.contents import BULLETIN_2020_03
from orchestration.publications.bulletin_2023_04.contents import BULLETIN_2023_04
from orchestration.releases.parts import PARTS
from orchestration.releases.row_counts import row_counts
from orchestration.settings import ALL_SOURCES, CODES_DIR, Settings, read_settings
from orchestration.storage import analysis_database
from orchestration.storage.case_keys import case_keys, read_cases, read_or_make_key
from orchestration.storage.processes import all_cores, load_ahead
from orchestration.storage.tables import replace_rows, write_table
from orchestration.storage.warehouse import has_table, open_warehouse, read_table
from orchestration.tables.case_keys import CASE_KEYS
from orchestration.tables.catalogue import RELEASED_TABLES
from orchestration.tables.extracts import ACCEPTED, DELIVERIES, RECEIVED, SUPERSEDED_ROWS
from orchestration.tables.ledger import REJECTED_ROWS
from orchestration.tables.probable_pairs import PROBABLE_PAIRS


def main(data_dir: Path) -> None:
    """Extracts in, release out."""
    load_ahead(LOADED_AHEAD)
    settings = read_settings({"PROBATION_DATA_DIR": str(data_dir)})
    ingest(settings)
    build_layer(settings, "staging")
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        case_ids = connection.execute("select case_id from raw.parsed_inspections order by case_id").df()["case_id"]
        write_table(connection, CASE_KEYS, case_keys(case_ids, read_or_make_key(settings.key_file)))
    link_cases(settings, checked_overrides(settings))
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        names = ("termination_outcomes", "termination_matches", "reoffending_outcomes", "reoffending_matches")
        frames = {name: read_table(connection, f"linkage.{name}") for name in names}
        cases = connection.execute("select case_id, case_type from raw.parsed_inspections").df()
    run_linkage_gate(LinkedTables(cases=cases, **frames), settings.parameters)
    build_layer(settings, "marts")
    _publish(settings)


def ingest(settings: Settings) -> None:
    """Read and judge the landing folders' extracts into the raw schema."""
    inspections = None
    for source in ALL_SOURCES:
        extract = read_source(source, settings.landing_dir / source, None, CODES_DIR)
        accepted, gate = assess_source(source, extract, settings.parameters, source_context(CODES_DIR, inspections))
        inspections = accepted if source == "inspections" else inspections
        with open_warehouse(settings.warehouse, settings.limits) as connection:
            write_table(connection, RECEIVED[source], extract.rows)
            write_table(connection, ACCEPTED[source], accepted)
            replace_rows(connection, SUPERSEDED_ROWS, "source", source, extract.superseded)
            replace_rows(connection, DELIVERIES, "source", source, extract.deliveries.assign(is_synthetic=True))
            replace_rows(connection, REJECTED_ROWS, "source", source, gate.rejected)
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        write_table(connection, PROBABLE_PAIRS, no_pairs())  # no rule in use asks Splink


def _publish(settings: Settings) -> None:
    from orchestration.releases.building import build_release
    from orchestration.releases.publishing import publish

    pipeline = cast(Pipeline, BarePipeline(settings))
    _make_bulletin_2023_04(pipeline)
    _make_bulletin_2020_03(pipeline)
    _make_studies(pipeline)
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        made = [name for name in RESULTS if has_results(connection, name)]
        if missing := _unless_asked_for() - set(made):
            raise SystemExit(f"A full run makes more, so the two cannot be compared: {', '.join(sorted(missing))}")
        tables = {name: read_table(connection, f"results.{name}") for name in made}
        gates = _judge(connection, settings, tables)
        facts = release_facts(connection, settings, "bare")
    tables |= {"gate_results": gates, "report_months": pd.read_csv(CODES_DIR / "report_months.csv")}
    analysis_database.prepare(settings)
    publish(settings.published_dir, facts.release, lambda folder: build_release(folder, tables, facts))
    analysis_database.swap(settings)


@dataclass(frozen=True)
class BarePipeline:
    """What the assets' own functions ask of the resource: settings and the warehouse, without lock and Dagster."""

    settings: Settings

    def warehouse(self, read_only: bool = False) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        return open_warehouse(self.settings.warehouse, self.settings.limits, read_only)


def has_results(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether a results table was made."""
    return has_table(connection, f"results.{name}")


def _unless_asked_for() -> set[str]:
    """The tables of a release that a run makes by itself."""
    return {name for part in PARTS if not part.is_asked_for for name in part.published_tables}


def _make_bulletin_2023_04(pipeline: Pipeline) -> None:
    from orchestration.methods.bulletin_2023_04.models import fit_bulletin_models

    level = pipeline.settings.parameters.significance_level
    with pipeline.warehouse(read_only=True) as connection:
        cases, steps = read_cases(connection), read_table(connection, "marts.linkage_steps")
        rules = read_table(connection, "reference.match_rules")
    fitted = fit_bulletin_models(cases, level)
    tables = {field.name: getattr(fitted, field.name) for field in fields(fitted)}
    tables |= annex_tables(cases, tables["model_terms"], level) | count_tables(cases, steps, rules)
    write_results(pipeline, RELEASED_TABLES, tables, BULLETIN_2023_04.bulletin)


def _make_bulletin_2020_03(pipeline: Pipeline) -> None:
    from orchestration.methods.bulletin_2020_03.models import fit_stepwise_models
    from orchestration.methods.sampling.sample_design import sample_tables

    level = pipeline.settings.parameters.significance_level
    with pipeline.warehouse(read_only=True) as connection:
        cases, ratings = read_cases(connection), read_table(connection, "raw.parsed_ratings")
        caseload = connection.execute(f"select {', '.join(CELL)} from raw.parsed_caseload").df()
    fitted = fit_stepwise_models(cases, level)
    models = {field.name: getattr(fitted.models, field.name) for field in fields(fitted.models)}
    own = {"stepwise_steps": fitted.stepwise_steps, "stepwise_terms": fitted.stepwise_terms}
    found = tables_of_needs(cases, fitted.stepwise_terms, models["model_terms"], ratings, level)
    sample = sample_tables(caseload, cases, significance_level=level)
    write_results(pipeline, RELEASED_TABLES, models | own | found | sample, BULLETIN_2020_03.bulletin)


def _make_studies(pipeline: Pipeline) -> None:
    from orchestration.linkage.review.results import review_results
    from orchestration.methods.linkage.bias.summary import bias_tables
    from orchestration.methods.linkage.choices.tables import sensitivity_tables

    parameters, bulletin = pipeline.settings.parameters, BULLETIN_2023_04.bulletin
    evaluate_links(pipeline)
    with pipeline.warehouse(read_only=True) as connection:
        study, cases = read_study(connection, parameters), read_cases(connection)
        tables = {"linkage_overrides": connection.execute(COUNTED).df()}
        tables |= {"linkage_review": review_results(pipeline.settings, connection)}
        annex = read_table(connection, "results.annex_b")
        fitted = [rows_of_bulletin(connection, name, bulletin) for name in ("model_coefficients", "model_terms")]
    tables |= sensitivity_tables(study) | bias_tables(cases, annex, *fitted, parameters.significance_level)
    write_results(pipeline, RELEASED_TABLES, tables)
    _make_later_studies(pipeline, cases)


def _make_later_studies(pipeline: Pipeline, cases: pd.DataFrame) -> None:
    """Those that rest on the other studies' tables, or on offences."""
    from orchestration.methods.linkage.accuracy.tiers import linkage_tiers
    from orchestration.methods.robustness.reoffence_models import reoffence_models
    from orchestration.methods.robustness.reoffence_types import severity_table, type_table
    from orchestration.methods.robustness.reoffending_measures import measures_table
    from orchestration.methods.robustness.summary import Published, robustness_tables

    asked, bulletin = pipeline.settings.parameters, BULLETIN_2023_04.bulletin
    with pipeline.warehouse(read_only=True) as connection:
        linked, tiers = [read_table(connection, name) for name in READ_FOR_TIERS], connection.execute(TIERS).df()
        fitted = [rows_of_bulletin(connection, name, bulletin) for name in ("model_terms", "model_coefficients")]
        published = Published(*fitted, read_table(connection, "results.model_coefficients_weighted"))
        told = cases.merge(read_table(connection, "marts.reoffence_types"), on="case_key")
        measures = read_table(connection, "marts.reoffence_measures")
    draws, share, level = asked.robustness_draws, asked.false_link_share, asked.significance_level
    with all_cores("Run again.") as workers:
        tables = robustness_tables(cases, published, draws, share, level, workers)
    tables |= {
        "linkage_tiers": linkage_tiers(linked[0], tiers, *linked[1:]),
        "reoffence_types": type_table(told, level),
        "reoffence_severity": severity_table(told, level),
        "reoffence_models": reoffence_models(told, level),
        "reoffending_measures": measures_table(measures, level),
    }
    write_results(pipeline, RELEASED_TABLES, tables)


def _judge(connection: duckdb.DuckDBPyConnection, settings: Settings, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Both publication gates, run and not recorded."""
    cases = read_table(connection, "marts.cases")
    models = ("models", "model_terms", "model_coefficients")
    bulletin = {name: rows_of_bulletin(connection, name, BULLETIN_2023_04.bulletin) for name in models}
    needs = {name: rows_of_bulletin(connection, name, BULLETIN_2020_03.bulletin) for name in (*models, "headlines")}
    counted = ("annex_c", "needs_counts", "needs_cooccurrence", "stepwise_terms")
    judged = [
        run_publication_gate(
            PublicationTables(
                row_counts=row_counts(connection),
                cases=cases,
                annex_b=tables["annex_b"],
                match_rates=tables["match_rates"],
                **bulletin,
            ),
            settings.parameters,
        ),
        run_needs_gate(NeedsTables(cases=cases, **{name: tables[name] for name in counted}, **needs)),
    ]
    return pd.concat([result.frame() for result in judged], ignore_index=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
