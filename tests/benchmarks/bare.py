"""The same dbt build and the same Python functions as a full run, called bare: no Dagster, ledger or gates' records.

`python -m tests.benchmarks.bare DATA_DIR`; the yardstick of `bench.py`.
"""

import sys
from dataclasses import fields
from pathlib import Path

import pandas as pd

from expectations.linkage import LinkedTables, run_linkage_gate
from expectations.publication import PublicationTables, run_publication_gate
from expectations.sources import assess_source, source_context
from orchestration import analysis_database
from orchestration.assets.extracts import column_types
from orchestration.assets.gates import row_counts
from orchestration.assets.publication import release_facts
from orchestration.assets.results import annex_tables, count_tables, write_shared_rows
from orchestration.case_keys import case_keys, read_cases, read_or_make_key
from orchestration.dbt_layer import build_layer
from orchestration.ingest.extracts import read_source
from orchestration.publications.bulletin_2023_04 import BULLETIN_2023_04
from orchestration.relinking import checked_overrides, link_cases
from orchestration.results_tables import SHARED_TABLES
from orchestration.settings import CODES_DIR, SOURCES, Settings, read_settings
from orchestration.warehouse import open_warehouse, read_table, replace_rows, write_table


def main(data_dir: Path) -> None:
    """Three extracts in, release out."""
    settings = read_settings({"PROBATION_DATA_DIR": str(data_dir)})
    ingest(settings)
    build_layer(settings, "staging")
    with open_warehouse(settings.warehouse) as connection:
        case_ids = connection.execute("select case_id from raw.parsed_inspections order by case_id").df()["case_id"]
        write_table(connection, "linkage.case_keys", case_keys(case_ids, read_or_make_key(settings.key_file)))
    link_cases(settings, checked_overrides(settings))
    with open_warehouse(settings.warehouse) as connection:
        names = ("termination_outcomes", "termination_matches", "reoffending_outcomes", "reoffending_matches")
        frames = {name: read_table(connection, f"linkage.{name}") for name in names}
        cases = connection.execute("select case_id, case_type from raw.parsed_inspections").df()
    run_linkage_gate(LinkedTables(cases=cases, **frames), settings.parameters)
    build_layer(settings, "marts")
    _publish(settings)


def ingest(settings: Settings) -> None:
    """Read and judge the landing folders' extracts into the raw schema."""
    inspections = None
    for source in SOURCES:
        extract = read_source(source, settings.landing_dir / source, None, CODES_DIR)
        accepted, gate = assess_source(source, extract, settings.parameters, source_context(CODES_DIR, inspections))
        inspections = accepted if source == "inspections" else inspections
        with open_warehouse(settings.warehouse) as connection:
            write_table(connection, f"raw.{source}", extract.rows)
            write_table(connection, f"raw.parsed_{source}", accepted, column_types(source))
            replace_rows(connection, "raw.superseded_rows", "source", source, extract.superseded)
            replace_rows(connection, "raw.deliveries", "source", source, extract.deliveries.assign(is_synthetic=True))
            replace_rows(connection, "quality.rejected_rows", "source", source, gate.rejected)


def _publish(settings: Settings) -> None:
    from orchestration.methods.bulletin_models import fit_bulletin_models
    from orchestration.publications.publishing import publish
    from orchestration.publications.release import build_release

    with open_warehouse(settings.warehouse) as connection:
        cases = read_cases(connection)
        fitted = fit_bulletin_models(cases, settings.parameters.significance_level)
        tables = {field.name: getattr(fitted, field.name) for field in fields(fitted)}
        tables |= annex_tables(cases, tables["model_terms"], settings.parameters.significance_level)
        steps = read_table(connection, "marts.linkage_steps")
        tables |= count_tables(cases, steps, read_table(connection, "reference.match_rules"))
        for name in tables:
            if name in SHARED_TABLES:
                write_shared_rows(connection, name, BULLETIN_2023_04.bulletin, tables[name])
            else:
                write_table(connection, f"results.{name}", tables[name])
        judged = ("annex_b", "match_rates", "models", "model_terms", "model_coefficients")
        counts = row_counts(connection)
        publication = PublicationTables(row_counts=counts, cases=cases, **{name: tables[name] for name in judged})
        gates = run_publication_gate(publication, settings.parameters).frame()
        facts = release_facts(connection, settings, "bare")
    tables |= {"gate_results": gates, "report_months": pd.read_csv(CODES_DIR / "report_months.csv")}
    analysis_database.prepare(settings)
    publish(settings.published_dir, facts.release, lambda folder: build_release(folder, tables, facts))
    analysis_database.swap(settings)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
