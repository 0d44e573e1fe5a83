"""Which column of the contract an unknown column of a file may be: a guess that a person looks at, never a decision.

Belongs here: likeness of names, and whether what stands in the cells can be read as the column. Not here: what becomes
of a guess (`contract_check`).
"""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

import pandas as pd

from orchestration.ingest.columns import judge_columns
from orchestration.ingest.headers import MatchedTable
from orchestration.ingest.labels import NOT_KNOWN, Labels, header_key, label_key
from orchestration.ingest.parsing import parse_column
from orchestration.ingest.readers.tables import FileTable
from orchestration.tables.source import Column, Source

_NEAR = 0.45  # likeness from which a name is near
_NEAR_BY_LETTERS = 0.6  # of letters alone: AREA has three of forenames
_READABLE = 0.8  # share of the cells that must be readable as the column
_LOOKED_AT = 200  # cells
_STEM = 5  # letters of a word: its endings do not matter
_NO_WORDS = frozenset(("the", "of", "an", "and", "is", "are", "to", "that", "as", "or", "in", "on", "it", "for", "if"))


def guesses(
    source: Source, table: FileTable, unknown: Sequence[int], absent: Sequence[str], labels: Labels
) -> dict[int, str]:
    """File column (from 1) -> the contract's column it is most like, of those absent; each is given once."""
    accepted = labels.headers.get(source.name, {})
    scores = [
        (_likeness(table, number - 1, source.column(name), accepted), number, name)
        for number in unknown
        for name in absent
    ]
    found: dict[int, str] = {}
    for likeness, number, name in sorted(scores, key=lambda score: (-score[0], score[1])):
        if likeness < _NEAR:
            break
        if number not in found and name not in found.values() and _can_be(source, table, number - 1, name, labels):
            found[number] = name
    left = [source.column(name) for name in absent if name not in found.values()]
    return found | _by_cells(source, table, [number for number in unknown if number not in found], left, labels)


def _by_cells(
    source: Source, table: FileTable, unknown: Sequence[int], absent: Sequence[Column], labels: Labels
) -> dict[int, str]:
    """Columns whose cells are labels of one absent column alone: Male and Female, the names of providers."""
    found: dict[int, str] = {}
    for number in unknown:
        texts = table.columns[number - 1].texts.to_pandas().dropna().head(_LOOKED_AT).astype("str").map(label_key)
        fitting = [column.name for column in absent if _are_labels(texts, _own_labels(source, column, labels))]
        if len(fitting) == 1 and fitting[0] not in found.values():
            found[number] = fitting[0]
    return found


def _own_labels(source: Source, column: Column, labels: Labels) -> Mapping[str, str]:
    return labels.providers if column.name == "provider" else labels.for_column(source.name, column)


def _are_labels(texts: pd.Series, known: Mapping[str, str]) -> bool:
    """Whether cells are labels of a column, and more than yes and no, which many columns hold."""
    says_more = ~texts.map(known).isin(("yes", "no", NOT_KNOWN, None))
    return bool(len(texts) and texts.isin(known).mean() >= _READABLE and (says_more & texts.isin(known)).any())


def _likeness(table: FileTable, position: int, column: Column, accepted: Mapping[str, str]) -> float:
    """0 to 1: of the header with the column's name, or of what the file says of the one with what the contract says of
    the other; 1 where the file's words are a name that is accepted."""
    header = table.header[position]
    title = table.titles[position] if table.titles else ""
    if header_key(column.name) == header_key(title) or accepted.get(header_key(title)) == column.name:
        return 1.0
    by_letters = SequenceMatcher(None, header_key(header), header_key(column.name)).ratio()
    by_letters *= by_letters >= _NEAR_BY_LETTERS
    said, meant = _words(f"{header} {title}"), _words(f"{column.name} {column.description}")
    by_words = 2 * len(said & meant) / max(len(said) + len(meant), 1)
    name = _words(column.name)
    in_title = len(name & said) / max(len(name), 1)
    return max(by_letters, by_words, (by_words + in_title) / 2)


def _words(text: str) -> set[str]:
    """The words of a name or sentence, without their endings and without those that say nothing."""
    parted = re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower()
    return {word[:_STEM] for word in re.findall(r"[a-z]+", parted) if word not in _NO_WORDS and len(word) > 1}


def _can_be(source: Source, table: FileTable, position: int, name: str, labels: Labels) -> bool:
    """Whether the first cells that hold something can be read as the column."""
    matched = MatchedTable(table, {name: position}, (), ())
    texts = pd.Series(judge_columns(source, matched, labels).texts[name], dtype="str").dropna().head(_LOOKED_AT)
    if texts.empty:
        return True
    _, faults = parse_column(source.name, source.column(name), texts.reset_index(drop=True), labels)
    return 1 - len(faults) / len(texts) >= _READABLE
