"""Marks that programs write for a missing value: NA, NULL and their like.

Belongs here: telling a mark from a name. Not here: empty cells, which need no telling.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingest.labels import Labels, label_key
from orchestration.tables.source import Source

MARKS = (
    *("NA", "N/A", "n/a", "NULL", "Null", "null", "(null)", "None", "NaN", "nan", "NaT", "<NA>", "\\N"),
    *("(blank)", "NIL", "N.A.", ".", "-", "--"),
)
_WORDS = ("surname", "forenames", "provider")  # columns in which such a word may be the value


def marks_in(source: Source, texts: Mapping[str, pa.ChunkedArray], labels: Labels) -> dict[str, np.ndarray]:
    """Column -> positions of its cells that stand for a missing value.

    A word in a column of names is a mark where the file uses the same for missing in another column too.
    """
    found = {name: _marks_of(source, name, column, labels) for name, column in texts.items()}
    elsewhere = {mark for name, marks in found.items() if name not in _WORDS for mark in marks}
    names = [mark for name, marks in found.items() if name in _WORDS for mark in marks]
    known = elsewhere | {mark for mark in names if names.count(mark) > 1}
    positions = {name: [at for mark, at in marks.items() if mark in known] for name, marks in found.items()}
    return {name: np.sort(np.concatenate(parts)) for name, parts in positions.items() if parts}


def _marks_of(source: Source, name: str, texts: pa.ChunkedArray, labels: Labels) -> dict[str, np.ndarray]:
    """Mark -> positions of the cells that hold nothing else, labels that mean something aside."""
    accepted = labels.for_column(source.name, source.column(name))
    marks = [mark for mark in MARKS if label_key(mark) not in accepted]
    trimmed = pc.utf8_trim_whitespace(texts)
    is_mark = pc.fill_null(pc.is_in(trimmed, pa.array(marks)), False).to_numpy()
    positions = np.flatnonzero(is_mark)
    given = np.array(trimmed.take(pa.array(positions)).to_pylist(), dtype=object)
    return {mark: positions[given == mark] for mark in set(given)}
