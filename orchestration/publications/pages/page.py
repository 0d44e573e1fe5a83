"""A publication as one page: self-contained HTML that needs no network and no script.

Belongs here: filling a template (`templates/`) from tables, figures and sentences, and what every page says of its
release. Not here: what a publication consists of (`*/contents.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orchestration.publications.pages.imprint import GLOSSARY, LICENCE, REFERENCES
from orchestration.publications.shared.formatting import lacks_a_number
from orchestration.publications.shared.publication import DrawnFigure, Publication
from orchestration.publications.shared.published_table import Column, PublishedTable, Tables
from orchestration.publications.shared.release_facts import ReleaseFacts
from orchestration.publications.shared.small_cells import small_cells
from orchestration.publications.workbooks.table_files import table_file
from orchestration.settings import Parameters

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Content:
    """What of a publication is made from the results: its tables and figures."""

    tables: Mapping[str, PublishedTable]
    figures: Sequence[DrawnFigure]


def page(
    publication: Publication, tables: Tables, content: Content, facts: ReleaseFacts, siblings: Sequence[Publication]
) -> str:
    """The whole page as HTML text.

    `tables`: results tables by name; `content`: the publication's own tables and figures; `siblings`: the other
    publications of the release, which the page links to.
    """
    environment = template_environment()
    environment.globals["downloads"] = {name: table_file(publication, name) for name in content.tables}
    environment.globals["has_method"] = any(anchor == "method" for anchor, _ in publication.sections)
    text = environment.get_template(publication.template).render(
        publication=publication,
        siblings=siblings,
        cited_works=sorted(REFERENCES[name] for name in publication.references),
        facts=facts,
        produced=date_in_words(facts),
        tables=content.tables,
        figures={figure.figure_id: figure for figure in content.figures},
        **(_whole_sentences if facts.is_public else dict)(publication.words(tables, facts)),
        **_release_tables(tables, facts),
    )
    return text.lstrip() + ("" if text.endswith("\n") else "\n")


def template_environment() -> "jinja2.Environment":
    """What fills the templates; every page finds its style and its glossary there."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["css"] = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    environment.globals["glossary"] = GLOSSARY
    environment.globals["licence"] = LICENCE
    return environment


def date_in_words(facts: ReleaseFacts) -> str:
    """The day of the release: "2 January 2026"."""
    return f"{facts.created_at.day} {facts.created_at:%B %Y}"


def _whole_sentences(words: Mapping[str, Any]) -> dict[str, Any]:
    """The words without every sentence that would tell a number that is kept back."""
    return {name: _whole(value) for name, value in words.items()}


def _whole(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _whole_sentences(value)
    if isinstance(value, list | tuple):
        return [_whole(item) for item in value if not lacks_a_number(item)]
    return "" if lacks_a_number(value) else value


def _release_tables(tables: Tables, facts: ReleaseFacts) -> dict[str, Any]:
    if facts.is_public:
        return {
            "small_cells_note": facts.reach,
            "inputs_table": None,
            "counts_table": None,
            "gates_table": None,
        } | _parameters(facts)
    few = small_cells(tables, facts.minimum_cell)
    counted = "1 cell rests" if len(few) == 1 else f"{len(few)} cells of the tables rest"
    note = f"{counted} on fewer than {facts.minimum_cell} cases; small_cells.csv in the release lists them."
    return {
        "small_cells_note": note,
        "inputs_table": _inputs_table(facts),
        "counts_table": _pairs("X3", "Rows at each stage", "Stage", "Rows", facts.row_counts),
        "gates_table": _gates_table(tables["gate_results"]) if len(tables["gate_results"]) else None,
    } | _parameters(facts)


def _parameters(facts: ReleaseFacts) -> dict[str, Any]:
    """In words: what each is called in the settings stands in the manifest."""
    meanings = {name: field.description for name, field in Parameters.model_fields.items()}
    rows = [(_in_words(name), meanings.get(name) or "", str(value)) for name, value in facts.parameters.items()]
    frame = pd.DataFrame(rows, columns=["name", "meaning", "value"])
    columns = (Column("name", "Parameter"), Column("meaning", "What it is"), Column("value", "Value"))
    return {"parameters_table": PublishedTable("X2", "Parameters", "", columns, frame)}


def _in_words(name: str) -> str:
    return name.replace("_", " ").capitalize().replace("Pnc", "PNC")


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
