"""The shape of a view: a table again, with words in the place of codes.

Belongs here: `View` and the SQL it comes to. Not here: any one view (`orchestration/releases/labelled_views.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# Codes in words: code -> label; or, where what a code means depends on another column, its value -> code -> label.
Labels = Mapping[str, str]


@dataclass(frozen=True)
class InWords:
    """A column's codes in words. `within`: the column on whose value the meaning of a code depends."""

    labels: Labels | Mapping[str, Labels]
    within: str = ""

    def expression(self, column: str) -> str:
        """The SQL that gives the words; a code that nobody has worded stays."""
        if not self.within:
            return _case(column, {code: _text(str(label)) for code, label in self.labels.items()}, f'"{column}"')
        nested = {
            value: _case(column, {code: _text(label) for code, label in labels.items()}, f'"{column}"')
            for value, labels in self.labels.items()
            if isinstance(labels, Mapping)
        }
        return _case(self.within, nested, f'"{column}"')


@dataclass(frozen=True)
class View:
    """`table` again as the view `schema.name`, all its columns in order, some in words, some under a plainer name."""

    schema: str
    name: str
    table: str
    description: str
    words: Mapping[str, InWords]
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The view's SQL."""
        replaced = ", ".join(f'{worded.expression(column)} as "{column}"' for column, worded in self.words.items())
        renamed = ", ".join(f'"{column}" as "{name}"' for column, name in self.renamed.items())
        stars = f"* replace ({replaced}){f' rename ({renamed})' if renamed else ''}"
        return f'select {stars} from "{self.schema}"."{self.table}"'


def _case(column: str, results: Mapping[str, str], otherwise: str) -> str:
    whens = " ".join(f"when {_text(value)} then {result}" for value, result in results.items())
    return f'case "{column}" {whens} else {otherwise} end'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
