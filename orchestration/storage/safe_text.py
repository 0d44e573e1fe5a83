"""Text that somebody typed on its way to a terminal or into a spreadsheet.

Belongs here: what such a text must not do there. Not here: undoing what programs did to texts
(`ingest/writing_faults.py`).
"""

import re
import unicodedata

_MOVES_A_TERMINAL = ("Cc", "Cf", "Cs")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?%?|[+-]inf")
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_AS_TEXT = "'"  # how a spreadsheet is told that a cell is text


def printable(text: str, keep: str = "") -> str:
    """The text without what would move a terminal's cursor or turn its direction, the characters of `keep` aside."""
    return "".join(
        c if c in keep or unicodedata.category(c) not in _MOVES_A_TERMINAL else "\N{REPLACEMENT CHARACTER}"
        for c in text
    )


def inert(text: str) -> str:
    """A text as a cell of a CSV file that no spreadsheet takes for a formula; numbers stay as they are."""
    is_formula = text.startswith(_BEGINS_A_FORMULA) and not _NUMBER.fullmatch(text)
    # one that was made inert already must come back as it was
    return _AS_TEXT + text if is_formula or _is_inert(text) else text


def typed(text: str) -> str:
    """What was made `inert`, as it was typed."""
    return text[1:] if _is_inert(text) else text


def _is_inert(text: str) -> bool:
    return text.lstrip(_AS_TEXT).startswith(_BEGINS_A_FORMULA) and text.startswith(_AS_TEXT)
