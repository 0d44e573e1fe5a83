"""The bulletin as one page: self-contained HTML that needs no network and no script.

Belongs here: filling the template (`templates/`) from tables, figures and sentences. Not here: the sentences
(`headlines.py`, `caveats.py`), the tables (`registry.py`), the drawing (`figures.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.publications import associations, caveats, figures, headlines
from orchestration.publications.figure_catalogue import FIGURES, Figure
from orchestration.publications.figure_text import alternative_text, figure_rows
from orchestration.publications.published_table import Column, PublishedTable
from orchestration.publications.release_facts import ReleaseFacts
from orchestration.publications.results_reader import Results
from orchestration.publications.small_cells import small_cells

Tables = Mapping[str, pd.DataFrame]
TEMPLATES = Path(__file__).parent / "templates"
TITLE = "Examining the links between probation supervision and positive outcomes: completion and proven reoffending"
SERIES = "Research & Analysis Bulletin 2023/04, reproduced"
SECTIONS = (
    ("findings", "Findings"),
    ("engagement", "Engaging the person on probation"),
    ("desistance", "Effectively supporting the individual's desistance"),
    ("limitations", "How far these findings reach"),
    ("method", "How the figures were made"),
    ("annex_a", "Annex A: Inspections and matching"),
    ("annex_b", "Annex B: Analysis outputs"),
    ("models", "The regression models"),
    ("release", "About this release"),
)
_JUDGEMENTS = {
    "engagement": associations.ENGAGEMENT,
    "desistance": associations.DESISTANCE,
    "support": associations.SUPPORT,
}
_OUTCOMES = ("termination_positive", "reoffended", "reoffences")
_BY_LIKELIHOOD = tuple(figure.figure_id for figure in FIGURES if figure.by_likelihood)


@dataclass(frozen=True)
class PlacedFigure:
    """A figure ready for the page."""

    figure_id: str
    number: int
    heading: str
    svg: str
    data: PublishedTable


def bulletin_page(
    tables: Tables, published: Mapping[str, PublishedTable], drawings: Mapping[str, str], facts: ReleaseFacts
) -> str:
    """The whole page as HTML text.

    `tables`: results tables by name; `published`: the tables for readers (`registry.published_tables`);
    `drawings`: each figure as SVG by its id (`drawn_figures`).
    """
    import jinja2

    results = Results(tables, facts.significance_level)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("bulletin.html.j2").render(
        title=TITLE,
        series=SERIES,
        sections=SECTIONS,
        facts=facts,
        produced=f"{facts.created_at.day} {facts.created_at:%B %Y}",
        css=(TEMPLATES / "bulletin.css").read_text(encoding="utf-8"),
        tables=published,
        figures={figure.figure_id: _figure(figure, published, drawings) for figure in FIGURES},
        model_ids=[f"R{position}" for position in range(1, 7)],
        model_extra_ids=["R7", "R8", "R9", "R10", "R11"],
        **_words(results, facts),
        **_release_tables(tables, facts),
    )
    return page.lstrip() + ("" if page.endswith("\n") else "\n")


def drawn_figures(data: pd.DataFrame) -> dict[str, str]:
    """Every figure as SVG with its alternative text, by its id; `data`: results.figure_data."""
    drawings = {}
    for figure in FIGURES:
        rows = figure_rows(figure, data)
        drawings[figure.figure_id] = figures.figure_svg(figure, rows, alternative_text(figure, rows))
    return drawings


def _figure(figure: Figure, published: Mapping[str, PublishedTable], drawings: Mapping[str, str]) -> PlacedFigure:
    drawing, table = drawings[figure.figure_id], published[f"F{figure.number}"]
    return PlacedFigure(figure.figure_id, figure.number, figure.heading, drawing, table)


def _words(results: Results, facts: ReleaseFacts) -> dict[str, Any]:
    text = {
        f"{name}_{outcome}": associations.finding(results, judgement, outcome)
        for name, judgement in _JUDGEMENTS.items()
        for outcome in _OUTCOMES
    }
    text |= {f"strengths_{outcome}": associations.strengths_finding(results, outcome) for outcome in _OUTCOMES}
    combined = headlines.combined_findings(results)
    return {
        "key_findings": [*combined, *headlines.key_findings(results)],
        "combined": combined,
        "matching": headlines.matching_findings(results),
        "outcomes": headlines.outcome_findings(results),
        "key_questions": headlines.key_question_findings(results),
        "text": text,
        "gaps": {figure_id: associations.likelihood_gaps(results, figure_id) for figure_id in _BY_LIKELIHOOD},
        "prompts": headlines.prompt_findings(results),
        "controls": headlines.control_findings(results),
        "limitations": caveats.limitations(results),
        "method": caveats.method(results, facts.parameters),
        "contradictions": caveats.CONTRADICTIONS,
    }


def _release_tables(tables: Tables, facts: ReleaseFacts) -> dict[str, Any]:
    few = small_cells(tables, facts.minimum_cell)
    counted = "1 cell rests" if len(few) == 1 else f"{len(few)} cells of the tables rest"
    note = f"{counted} on fewer than {facts.minimum_cell} cases; small_cells.csv in the release lists them."
    return {
        "small_cells_note": note,
        "inputs_table": _inputs_table(facts),
        "parameters_table": _pairs("X2", "Parameters", "Parameter", "Value", facts.parameters),
        "counts_table": _pairs("X3", "Rows at each stage", "Stage", "Rows", facts.row_counts),
        "gates_table": _gates_table(tables["gate_results"]) if len(tables["gate_results"]) else None,
    }


def _inputs_table(facts: ReleaseFacts) -> PublishedTable:
    names = ["source", "name", "rows", "delivery_order", "sha256"]
    frame = pd.DataFrame(facts.inputs, columns=names).assign(short=lambda f: f["sha256"].str[:12])
    columns = (
        Column("name", "File"),
        Column("source", "Source"),
        Column("rows", "Rows", decimals=0),
        Column("short", "SHA-256 (first 12)"),
    )
    return PublishedTable("X1", "Input files", "", columns, frame)


def _pairs(table_id: str, title: str, name: str, value: str, pairs: Mapping[str, Any]) -> PublishedTable:
    frame = pd.DataFrame([(str(key), str(item)) for key, item in pairs.items()], columns=["name", "value"])
    return PublishedTable(table_id, title, "", (Column("name", name), Column("value", value)), frame)


def _gates_table(gate_results: pd.DataFrame) -> PublishedTable:
    grouped = gate_results.assign(success=gate_results["success"].astype(bool)).groupby("gate", sort=False)["success"]
    frame = grouped.agg(passed="sum", checked="size").reset_index()
    columns = (
        Column("gate", "Gate"),
        Column("passed", "Passed", decimals=0),
        Column("checked", "Expectations", decimals=0),
    )
    return PublishedTable("X4", "Quality gates", "", columns, frame)
