"""What a publication is: a page, a workbook, tables and figures made from the results tables.

Belongs here: the shape that every publication shares. Not here: any one publication (its own room), nor the
list of them (`releases/registry.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from orchestration.publications.shared.published_table import PublishedTable, Tables
from orchestration.publications.shared.release_facts import ReleaseFacts
from orchestration.tables.table import BULLETIN

Builder = Callable[[Tables, float], PublishedTable]


@dataclass(frozen=True)
class Entry:
    """One table of a publication: its builder takes the results tables and the significance level.

    `requires` names results tables without whose rows the table is left out, as where an optional input did not come.
    """

    table_id: str
    section: str
    build: Builder
    requires: tuple[str, ...] = ()

    def is_possible(self, tables: Tables) -> bool:
        """Whether the results tables it requires are there and hold a row."""
        return all(name in tables and len(tables[name]) for name in self.requires)


@dataclass(frozen=True)
class DrawnFigure:
    """A figure as it goes out: one SVG element with its alternative text, a PNG with title, and its numbers.

    `figure_id`: name of its files and its anchor in the page; `data`: the numbers with words for codes, as the CSV
    beside the drawing holds them; `table`: the same numbers as a table of the publication.
    """

    figure_id: str
    label: str
    heading: str
    svg: str
    png: bytes
    data: pd.DataFrame
    table: PublishedTable


@dataclass(frozen=True)
class Cover:
    """The front of a workbook: its title and introducing lines, one line each so that no row has to grow."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Publication:
    """One publication of a release.

    `bulletin` is whose rows it takes of the tables that bulletins share. `page` and `workbook` are file names in the
    release folder; `template` is the page's in `pages/templates/`; `words` gives what the template needs beside tables
    and figures; `draw` draws the figures from the results tables; `requires` names the results tables without which the
    publication is left out of a release; `references` names what it cites (`pages/imprint.py`).
    """

    publication_id: str
    bulletin: str
    title: str
    short_title: str
    series: str
    attribution: str
    template: str
    page: str
    workbook: str
    cover: Cover
    sections: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    draw: Callable[[Tables], tuple[DrawnFigure, ...]]
    words: Callable[[Tables, ReleaseFacts], Mapping[str, Any]]
    requires: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def open_document(self) -> str:
        """The file name of the workbook in the OpenDocument format."""
        return f"{self.workbook.removesuffix('.xlsx')}.ods"

    @property
    def table_ids(self) -> tuple[str, ...]:
        """Ids of the tables in the order of the contents."""
        return tuple(entry.table_id for entry in self.entries)

    def is_possible(self, tables: Tables) -> bool:
        """Whether the results tables it requires are there."""
        return all(name in tables for name in self.requires)

    def own_tables(self, tables: Tables) -> dict[str, pd.DataFrame]:
        """The results tables as this publication sees them: of shared ones its bulletin's rows alone."""
        return {name: self._own_rows(frame) for name, frame in tables.items()}

    def _own_rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        if BULLETIN not in frame.columns:
            return frame
        return frame[frame[BULLETIN] == self.bulletin].drop(columns=BULLETIN).reset_index(drop=True)

    def published_tables(self, tables: Tables, significance_level: float) -> dict[str, PublishedTable]:
        """Every table of the publication that the results tables allow, built, in the order of the contents."""
        possible = [entry for entry in self.entries if entry.is_possible(tables)]
        return {
            entry.table_id: entry.build(tables, significance_level).with_whole_notes().as_told() for entry in possible
        }


def without_level(build: Callable[[Tables], PublishedTable]) -> Builder:
    """A builder that does not ask for the significance level, as one that is told it."""
    return lambda tables, level: build(tables)
