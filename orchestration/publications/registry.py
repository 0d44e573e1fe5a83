"""The contents of the publication: every table by its id.

Belongs here: which tables there are, in which order, and which function builds each. Not here: the building.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from orchestration.methods.specification import BULLETIN_MODELS, BulletinModel
from orchestration.publications import annex_tables, coefficient_tables, finding_tables, match_tables, model_tables
from orchestration.publications.figure_catalogue import FIGURES
from orchestration.publications.published_table import PublishedTable

Tables = Mapping[str, pd.DataFrame]
Builder = Callable[[Tables, float], PublishedTable]


@dataclass(frozen=True)
class Entry:
    """One table of the publication: its builder takes the results tables and the significance level."""

    table_id: str
    section: str
    build: Builder


def _without_level(build: Callable[[Tables], PublishedTable]) -> Builder:
    return lambda tables, level: build(tables)


def _model_entries() -> list[Entry]:
    entries = []
    for position, model in enumerate(BULLETIN_MODELS, start=1):
        table_id = f"R{position}"
        entries.append(Entry(table_id, "models", partial(_coefficients, model, table_id)))
    return entries


def _figure_entries() -> list[Entry]:
    return [
        Entry(f"F{figure.number}", "findings", _without_level(partial(finding_tables.figure_table, figure)))
        for figure in FIGURES
    ]


def _coefficients(model: BulletinModel, table_id: str, tables: Tables, level: float) -> PublishedTable:
    return coefficient_tables.coefficient_table(tables, model, table_id, level)


_ENTRIES = [
    Entry("H1", "findings", _without_level(finding_tables.table_h1)),
    Entry("K1", "findings", _without_level(finding_tables.table_k1)),
    *_figure_entries(),
    Entry("A1", "annex_a", _without_level(annex_tables.table_a1)),
    Entry("M1", "matching", match_tables.table_m1),
    Entry("M2", "matching", match_tables.table_m2),
    Entry("B1", "annex_b", annex_tables.table_b1),
    Entry("B2", "annex_b", annex_tables.table_b2),
    Entry("B3", "annex_b", annex_tables.table_b3),
    *_model_entries(),
    Entry("R7", "models", lambda tables, level: model_tables.term_tests(tables, "R7", level)),
    Entry("R8", "models", lambda tables, level: model_tables.model_fit(tables, "R8")),
    Entry("R9", "models", lambda tables, level: model_tables.cases_lost(tables, "R9")),
    Entry("R10", "models", lambda tables, level: model_tables.overdispersion(tables, "R10")),
    Entry("R11", "models", lambda tables, level: model_tables.sensitivity(tables, "R11", level)),
]
CONTENTS: dict[str, Entry] = {entry.table_id: entry for entry in _ENTRIES}


def published_tables(tables: Tables, significance_level: float) -> dict[str, PublishedTable]:
    """Every table of the publication, built, in the order of the contents."""
    return {table_id: entry.build(tables, significance_level) for table_id, entry in CONTENTS.items()}
