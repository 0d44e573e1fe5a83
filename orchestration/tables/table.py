"""The shape of a declaration, and what makes one complete.

Belongs here: `Table`, `Column`, the types a column may have. Not here: any one table (its family's module), nor all of
them (`catalogue.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Type = Literal["varchar", "bigint", "integer", "double", "boolean", "date", "timestamp"]
# restricted: rows of people or their identifiers, which stay in the warehouse.
# aggregate: numbers about groups of people, which disclosure control looks at before they leave.
# process: about files, gates, runs and providers, never about a person.
Disclosure = Literal["restricted", "aggregate", "process"]
# The column of a results table that says whose each row is, where several bulletins share the table.
BULLETIN = "bulletin"
_DTYPES: dict[str, str] = {
    "varchar": "str",
    "bigint": "Int64",
    "integer": "Int64",
    "double": "float64",
    "boolean": "boolean",
    "date": "datetime64[us]",
    "timestamp": "datetime64[us]",
}


@dataclass(frozen=True)
class Column:
    """One column: its SQL type and its meaning. `required`: no row is without a value."""

    name: str
    type: Type
    description: str
    required: bool = False

    @property
    def dtype(self) -> str:
        """The pandas dtype that holds the column; a required truth value is numpy's, which knows no missing value."""
        return "bool" if self.type == "boolean" and self.required else _DTYPES[self.type]


@dataclass(frozen=True)
class Table:
    """One table of the warehouse or of a release.

    `description` opens with what one row is; `key` names the columns that tell rows apart. Raises ValueError, with
    the table's name, for a declaration that is incomplete or contradicts itself.
    """

    schema: str
    name: str
    description: str
    key: tuple[str, ...]
    disclosure: Disclosure
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        for fault in self._faults():
            raise ValueError(
                f"The declaration of {self.full_name} is not complete: {fault}. "
                "Correct it where the table is declared (orchestration/tables)."
            )

    @property
    def full_name(self) -> str:
        """`schema.name`, as SQL calls it."""
        return f"{self.schema}.{self.name}"

    @property
    def names(self) -> list[str]:
        """The columns in order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def is_shared(self) -> bool:
        """Whether bulletins share the table, each with rows of its own."""
        return BULLETIN in self.names

    @property
    def dtypes(self) -> dict[str, str]:
        """Column -> pandas dtype of the frame that is to be written, in order.

        A shared table is made one bulletin at a time: whose rows they are is added when they are written.
        """
        return {column.name: column.dtype for column in self.columns if column.name != BULLETIN}

    def _faults(self) -> list[str]:
        names = self.names
        faults = [f"the column {name} stands twice" for name in sorted({n for n in names if names.count(n) > 1})]
        faults += [
            f"the column {c.name} has the unknown type '{c.type}'" for c in self.columns if c.type not in _DTYPES
        ]
        faults += [f"the column {c.name} has no description" for c in self.columns if not c.description.strip()]
        faults += [f"its key names {name}, which is no column" for name in self.key if name not in names]
        if not self.key:
            faults.append("it has no key")
        if not self.description.startswith("One row"):
            faults.append("the description does not open with what one row is ('One row a ...')")
        if self.disclosure not in get_args(Disclosure):
            faults.append(f"'{self.disclosure}' is no disclosure class")
        return faults


def by_name(*tables: Table) -> Mapping[str, Table]:
    """Tables made together, by name and in order."""
    return {table.name: table for table in tables}
