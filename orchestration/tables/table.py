"""The shape of a declaration, and what makes one complete.

Belongs here: `Table`, `Column`, the types a column may have. Not here: any one table (its family's module), nor all of
them (`catalogue.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
class Leaving:
    """How a table is told to people outside: every column that is no key stands in one of these.

    `people`: counts of people, and percentages, means and gaps of them, each cell of which names whom it counts
    (`disclosure/`). `bases`: cases a model rests on, told from the threshold on. `statistics`: estimates and tests,
    with the decimals they are told to. `verdicts`: what follows from the numbers of their row, and is kept back where
    one of those is. `words`: texts, and numbers that are not about people. `withheld`: never told. `only`: column ->
    the values of the rows that leave, where not all do. `outcomes`: those of the bases and statistics from which the
    number of cases with the outcome can be worked out.
    """

    people: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    statistics: Mapping[str, int] = field(default_factory=dict)
    verdicts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    only: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)
    outcomes: tuple[str, ...] = ()

    @property
    def classified(self) -> tuple[str, ...]:
        """Every column that has a class, once for each class it stands in."""
        return (*self.people, *self.bases, *self.statistics, *self.verdicts, *self.words, *self.withheld)


@dataclass(frozen=True)
class Table:
    """One table of the warehouse or of a release.

    `description` opens with what one row is; `key` names the columns that tell rows apart; `leaving` says how it is
    told outside, and a table without it stays inside, for the reason that `stays` gives. Raises ValueError, with the
    table's name, for a declaration that is incomplete or contradicts itself.
    """

    schema: str
    name: str
    description: str
    key: tuple[str, ...]
    disclosure: Disclosure
    columns: tuple[Column, ...]
    leaving: Leaving | None = field(default=None, hash=False)  # its mappings have no hash
    stays: str = ""

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
        return [*faults, *self._faults_of_leaving()]

    def _faults_of_leaving(self) -> list[str]:
        """A column nobody has thought about must not leave."""
        if self.leaving is None:
            return []
        if self.stays:
            return ["it says how it leaves, and why it stays"]
        told = (*self.leaving.bases, *self.leaving.statistics)
        classified, must_be = self.leaving.classified, [name for name in self.names if name not in self.key]
        return [
            *(f"nothing says how its column {name} may leave" for name in must_be if name not in classified),
            *(f"it says how {name} leaves, which is no such column" for name in classified if name not in must_be),
            *(
                f"its column {name} leaves in two ways"
                for name in sorted({n for n in classified if classified.count(n) > 1})
            ),
            *(
                f"{name} tells of the outcome but is no base and no statistic"
                for name in self.leaving.outcomes
                if name not in told
            ),
        ]


def by_name(*tables: Table) -> Mapping[str, Table]:
    """Tables made together, by name and in order."""
    return {table.name: table for table in tables}
