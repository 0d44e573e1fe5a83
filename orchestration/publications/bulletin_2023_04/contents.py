"""Bulletin 2023/04: what it consists of.

Belongs here: its titles, sections, tables, figures and sentences, each named and none made. Not here: the sentences
(`findings.py`, `associations.py`, `caveats.py`), the tables' builders, the drawing (`publications/drawing`).
"""

from functools import partial
from typing import Any

from orchestration.methods.layouts.specification import BULLETIN_MODELS, BulletinModel
from orchestration.publications.bulletin_2023_04 import (
    annex_tables,
    associations,
    caveats,
    coefficient_tables,
    finding_tables,
    findings,
    model_tables,
)
from orchestration.publications.bulletin_2023_04.coefficient_tables import SOURCE
from orchestration.publications.bulletin_2023_04.figure_catalogue import FIGURES
from orchestration.publications.bulletin_2023_04.figure_text import chart_of
from orchestration.publications.bulletin_2023_04.results_reader import OutcomeResults
from orchestration.publications.drawing.bar_charts import drawn_chart
from orchestration.publications.shared.match_tables import table_m1, table_m2
from orchestration.publications.shared.model_fit import model_fit
from orchestration.publications.shared.publication import Cover, DrawnFigure, Entry, Publication, without_level
from orchestration.publications.shared.published_table import PublishedTable, Tables
from orchestration.publications.shared.release_facts import ReleaseFacts
from orchestration.publications.shared.report_months import table_a1
from orchestration.publications.shared.stated_figures import table_h1
from orchestration.tables.bulletins import BULLETIN_2023

_JUDGEMENTS = {
    "engagement": associations.ENGAGEMENT,
    "desistance": associations.DESISTANCE,
    "support": associations.SUPPORT,
}
_OUTCOMES = ("termination_positive", "reoffended", "reoffences")
_BY_LIKELIHOOD = tuple(figure.figure_id for figure in FIGURES if figure.by_likelihood)
_MODEL_IDS = tuple(f"R{position}" for position in range(1, len(BULLETIN_MODELS) + 1))
_MODEL_EXTRA_IDS = ("R7", "R8", "R9", "R10", "R11")


def _coefficients(model: BulletinModel, table_id: str, tables: Tables, level: float) -> PublishedTable:
    return coefficient_tables.coefficient_table(tables, model, table_id, level)


def _entries() -> tuple[Entry, ...]:
    return (
        Entry("H1", "findings", without_level(partial(table_h1, source=SOURCE))),
        Entry("K1", "findings", without_level(finding_tables.table_k1)),
        *(
            Entry(f"F{figure.number}", "findings", without_level(partial(finding_tables.figure_table, figure)))
            for figure in FIGURES
        ),
        Entry("A1", "annex_a", without_level(table_a1)),
        Entry("M1", "matching", table_m1),
        Entry("M2", "matching", table_m2),
        *(
            Entry(table_id, "annex_b", partial(annex_tables.annex_b_table, table_id))
            for table_id in annex_tables.TABLE_TITLES
        ),
        *(
            Entry(table_id, "models", partial(_coefficients, model, table_id))
            for table_id, model in zip(_MODEL_IDS, BULLETIN_MODELS, strict=True)
        ),
        Entry("R7", "models", lambda tables, level: model_tables.term_tests(tables, "R7", level)),
        Entry("R8", "models", lambda tables, level: model_fit(tables, "R8", model_tables.bulletin_titles(), SOURCE)),
        Entry("R9", "models", lambda tables, level: model_tables.cases_lost(tables, "R9"), ("model_exclusions",)),
        Entry("R10", "models", lambda tables, level: model_tables.overdispersion(tables, "R10")),
        Entry("R11", "models", lambda tables, level: model_tables.sensitivity(tables, "R11", level)),
    )


def _drawn(tables: Tables) -> tuple[DrawnFigure, ...]:
    return tuple(
        drawn_chart(
            chart_of(figure, tables["figure_data"]),
            f"Figure {figure.number}",
            finding_tables.figure_table(figure, tables),
        )
        for figure in FIGURES
    )


def _words(tables: Tables, facts: ReleaseFacts) -> dict[str, Any]:
    results = OutcomeResults(tables, facts.significance_level)
    text = {
        f"{name}_{outcome}": associations.finding(results, judgement, outcome)
        for name, judgement in _JUDGEMENTS.items()
        for outcome in _OUTCOMES
    }
    text |= {f"strengths_{outcome}": associations.strengths_finding(results, outcome) for outcome in _OUTCOMES}
    combined = findings.combined_findings(results)
    return {
        "model_ids": _MODEL_IDS,
        "model_extra_ids": _MODEL_EXTRA_IDS,
        "key_findings": [*combined, *findings.key_findings(results)],
        "combined": combined,
        "matching": findings.matching_findings(results),
        "outcomes": findings.outcome_findings(results),
        "key_questions": findings.key_question_findings(results),
        "text": text,
        "gaps": {figure_id: associations.likelihood_gaps(results, figure_id) for figure_id in _BY_LIKELIHOOD},
        "prompts": findings.prompt_findings(results),
        "controls": findings.control_findings(results),
        "limitations": caveats.limitations(results),
        "method": caveats.method(results, facts.parameters),
        "contradictions": caveats.CONTRADICTIONS,
    }


BULLETIN_2023_04 = Publication(
    publication_id="bulletin_2023_04",
    bulletin=BULLETIN_2023,
    title="Examining the links between probation supervision and positive outcomes: completion and proven reoffending",
    short_title="Bulletin 2023/04: links between supervision and outcomes",
    series="Research & Analysis Bulletin 2023/04, reproduced",
    attribution="Reproduces the analysis of HM Inspectorate of Probation, Research & Analysis Bulletin 2023/04, "
    "August 2023. Not a publication of the Inspectorate.",
    template="bulletin_2023_04.html.j2",
    references=("2023/04", "firth", "holm", "hosmer_lemeshow", "wilson"),
    page="bulletin.html",
    workbook="bulletin.xlsx",
    cover=Cover(
        "Probation supervision and positive outcomes: completion and proven reoffending",
        (
            "Tables of HM Inspectorate of Probation Research & Analysis Bulletin 2023/04, reproduced,",
            "from linked inspection, terminations and reoffending data, with the models behind them.",
            "The associations shown are not causes. Proven reoffending is a proxy. Many tests were made.",
        ),
    ),
    sections=(
        ("findings", "Findings"),
        ("engagement", "Engaging the person on probation"),
        ("desistance", "Effectively supporting the individual's desistance"),
        ("limitations", "How far these findings reach"),
        ("method", "How the figures were made"),
        ("annex_a", "Annex A: Inspections and matching"),
        ("annex_b", "Annex B: Analysis outputs"),
        ("models", "The regression models"),
        ("release", "About this release"),
    ),
    entries=_entries(),
    draw=_drawn,
    words=_words,
    requires=("annex_b", "match_rates", "model_coefficients", "figure_data"),
)
