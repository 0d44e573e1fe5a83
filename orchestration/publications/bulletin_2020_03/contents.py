"""Bulletin 2020/03: what it consists of.

Belongs here: its titles, sections, tables, figures and sentences, each named and none made. Not here: the sentences
(`findings.py`, `service_findings.py`, `associations.py`, `stated_differences.py`, `caveats.py`), the tables' builders
(`*_tables.py`), the figures (`figures.py`).
"""

from functools import partial
from typing import Any

from orchestration.methods.layouts.layout_2020 import TABLE_TITLES
from orchestration.publications.bulletin_2020_03 import (
    annex_tables,
    associations,
    caveats,
    cooccurrence_tables,
    figures,
    findings,
    sample_tables,
    service_findings,
    stated_differences,
    stepwise_tables,
)
from orchestration.publications.bulletin_2020_03.figure_catalogue import FIGURES, HAS_OWN_INPUT, HEAT_MAP_NUMBER
from orchestration.publications.bulletin_2020_03.results_reader import NeedsResults
from orchestration.publications.shared.model_fit import model_fit
from orchestration.publications.shared.publication import Cover, Entry, Publication, without_level
from orchestration.publications.shared.published_table import PublishedTable, Tables
from orchestration.publications.shared.release_facts import ReleaseFacts
from orchestration.publications.shared.report_months import table_a1
from orchestration.publications.shared.stated_figures import table_h1
from orchestration.tables.bulletins import BULLETIN_2020

_SECTION_OF_FIGURE = {1: "services", 2: "needs", 3: "needs", 4: "strengths", 5: "strengths", 6: "supervision"}
_SECTION_OF_FIGURE |= {7: "supervision", 8: "supervision", 9: "variations", 10: "variations", 11: "variations"}
_HISTORY_IDS = tuple(f"S{position}" for position in range(3, 9))
_RATIO_IDS = tuple(f"R{position}" for position in range(1, 7))
_ANNEX_C = tuple(TABLE_TITLES)
_STABILITY = ("stepwise_inclusion", "stepwise_stability_models")


def _model_fit(tables: Tables) -> PublishedTable:
    return model_fit(tables, "R7", stepwise_tables.model_titles(), stepwise_tables.SOURCE)


def _headlines(tables: Tables) -> PublishedTable:
    return table_h1(tables, annex_tables.SOURCE)


def _figure_entries() -> tuple[Entry, ...]:
    return tuple(
        Entry(
            f"F{figure.number}",
            _SECTION_OF_FIGURE[figure.number],
            without_level(partial(figures.figure_table, figure)),
            ("provider_ratings",) if figure.figure_id in HAS_OWN_INPUT else (),
        )
        for figure in FIGURES
    )


def _sample_entries() -> tuple[Entry, ...]:
    """Tables that rest on the caseload: left out where none was delivered."""
    return (
        Entry("A2", "annex_a", without_level(sample_tables.design_table), ("sample_design",)),
        Entry("A3", "annex_a", without_level(sample_tables.allocation_table), ("sample_allocation",)),
        Entry("A4", "annex_a", sample_tables.representativeness_table, ("sample_representativeness",)),
        Entry("A5", "annex_a", without_level(sample_tables.weights_table), ("design_weights",)),
        Entry("A6", "annex_a", sample_tables.weighted_table, ("weighted_judgements",)),
    )


def _model_entries() -> tuple[Entry, ...]:
    return (
        Entry("S1", "models", without_level(stepwise_tables.differences_table)),
        Entry("S2", "models", stepwise_tables.comparison_table),
        *(
            Entry(table_id, "models", without_level(partial(stepwise_tables.history_table, annex_table, table_id)))
            for table_id, annex_table in zip(_HISTORY_IDS, _ANNEX_C, strict=True)
        ),
        Entry("S9", "models", without_level(stepwise_tables.inclusion_table), _STABILITY[:1]),
        Entry("S10", "models", without_level(stepwise_tables.stability_table), _STABILITY[1:]),
        *(
            Entry(table_id, "models", partial(stepwise_tables.retained_coefficients, annex_table, table_id))
            for table_id, annex_table in zip(_RATIO_IDS, _ANNEX_C, strict=True)
        ),
        Entry("R7", "models", without_level(_model_fit)),
    )


def _entries() -> tuple[Entry, ...]:
    return (
        *_figure_entries(),
        Entry("N1", "needs", without_level(partial(annex_tables.counts_table, "needs", "N1"))),
        Entry("P1", "needs", partial(cooccurrence_tables.pairs_table, "needs", "P1")),
        Entry(f"F{HEAT_MAP_NUMBER}", "needs", without_level(figures.heat_map_table)),
        Entry("N2", "strengths", without_level(partial(annex_tables.counts_table, "strengths", "N2"))),
        Entry("P2", "strengths", partial(cooccurrence_tables.pairs_table, "strengths", "P2")),
        Entry("H1", "variations", without_level(_headlines)),
        Entry("V1", "variations", stated_differences.stated_table),
        Entry("A1", "annex_a", without_level(table_a1)),
        *_sample_entries(),
        *(Entry(table_id, "annex_c", partial(annex_tables.annex_c_table, table_id)) for table_id in _ANNEX_C),
        *(
            Entry(f"{table_id}N", "annex_c", without_level(partial(annex_tables.base_table, table_id)))
            for table_id in ("C5", "C6")
        ),
        *_model_entries(),
    )


def _words(tables: Tables, facts: ReleaseFacts) -> dict[str, Any]:
    results = NeedsResults(tables, facts.significance_level)
    return {
        "key_findings": findings.key_findings(results),
        "inspected": findings.inspected(results),
        "services": [*service_findings.rating_findings(results), *service_findings.officer_findings(results)],
        "text": {
            kind: [findings.prevalence(results, kind), findings.number_of(results, kind)]
            for kind in ("needs", "strengths")
        },
        "means": {kind: findings.means(results, kind) for kind in ("needs", "strengths")},
        "by_risk": {
            "needs": [
                findings.by_risk(results, "need_drugs", "ogrs_group"),
                findings.by_risk(results, "need_family", "rosh_group"),
            ],
            "strengths": [
                findings.by_risk(results, "strength_identity", item) for item in ("ogrs_group", "rosh_group")
            ],
        },
        "pairs": {kind: findings.pair_findings(results, kind) for kind in ("needs", "strengths")},
        "supervision": findings.supervision(results),
        "delivery": {table_id: findings.delivery(results, table_id) for table_id in ("C5", "C6")},
        "differences": {table_id: associations.all_differences(results, table_id) for table_id in _ANNEX_C},
        "likelihood_by_provider": stated_differences.by_provider(results),
        "asian_strengths": stated_differences.asian_strengths(results),
        "limitations": caveats.limitations(results, facts.is_synthetic),
        "method": caveats.method(results),
        "contradictions": caveats.CONTRADICTIONS,
        "sample_note": caveats.NO_CASELOAD,
        "annex_c_ids": _ANNEX_C,
        "history_ids": _HISTORY_IDS,
        "ratio_ids": _RATIO_IDS,
    }


BULLETIN_2020_03 = Publication(
    publication_id="bulletin_2020_03",
    bulletin=BULLETIN_2020,
    title="Tailoring delivery to service users' needs and strengths",
    short_title="Bulletin 2020/03: needs and strengths",
    series="Research & Analysis Bulletin 2020/03, reproduced",
    attribution="Reproduces the analysis of HM Inspectorate of Probation, Research & Analysis Bulletin 2020/03, "
    "June 2020. Not a publication of the Inspectorate.",
    template="bulletin_2020_03.html.j2",
    references=("2020/03", "firth", "hosmer_lemeshow", "wilson"),
    page="bulletin_2020_03.html",
    workbook="bulletin_2020_03.xlsx",
    cover=Cover(
        "Tailoring delivery to service users' needs and strengths",
        (
            "Tables of HM Inspectorate of Probation Research & Analysis Bulletin 2020/03, reproduced,",
            "from inspection data, with the stepwise models behind them.",
            "Stepwise selection is unstable, and many tests were made: a verdict is no proof.",
        ),
    ),
    sections=(
        ("services", "Services at an organisational level"),
        ("needs", "Service users' needs"),
        ("strengths", "Service users' strengths"),
        ("supervision", "Case supervision"),
        ("variations", "Variations in the quality of delivery"),
        ("limitations", "How far these findings reach"),
        ("method", "How the figures were made"),
        ("annex_a", "Annex A: Inspections and the case sample"),
        ("annex_c", "Annex C: Analysis outputs"),
        ("models", "The stepwise models"),
        ("release", "About this release"),
    ),
    entries=_entries(),
    draw=figures.drawn_figures,
    words=_words,
    requires=(
        "annex_c",
        "needs_counts",
        "needs_cooccurrence",
        "subgroup_differences",
        "provider_ratings",
        "stated_differences",
        "stepwise_steps",
        "stepwise_terms",
        "headlines",
        "figure_data",
    ),
)
