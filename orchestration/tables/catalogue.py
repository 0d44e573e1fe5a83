"""All declared tables, by full name.

Belongs here: collecting the families' declarations. Not here: a declaration. Code that makes a table imports its
family's module alone, so that a table changed elsewhere leaves it undisturbed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import ModuleType

from orchestration.tables import (
    annexes,
    case_keys,
    extracts,
    ledger,
    linkage_bias,
    linkage_overrides,
    linkage_quality,
    linkage_review,
    linkage_sensitivity,
    linkage_tiers,
    match_bias,
    models,
    needs,
    probable_pairs,
    release,
    reoffence_types,
    robustness,
    sample_design,
    second_opinion,
    stepwise_stability,
)
from orchestration.tables.table import Table, by_name

_FAMILIES: tuple[ModuleType, ...] = (
    extracts, case_keys, probable_pairs, ledger, models, annexes, needs, match_bias, linkage_bias, linkage_quality,
    linkage_review, linkage_sensitivity, linkage_tiers, linkage_overrides,
    robustness, reoffence_types, second_opinion, sample_design, stepwise_stability, release,
)  # fmt: skip


def collect(tables: Iterable[Table]) -> Mapping[str, Table]:
    """Tables by full name. Raises ValueError, with the name, where two declarations claim the same table."""
    found: dict[str, Table] = {}
    for table in tables:
        if found.setdefault(table.full_name, table) is not table:
            raise ValueError(
                f"The table {table.full_name} is declared twice. Keep one of the declarations (orchestration/tables)."
            )
    return found


def released_table(name: str, columns: Iterable[str] = ()) -> Table:
    """The declaration of a table that a release holds, by the name its files have and the columns it has there.

    A public release's has one column more, `suppressed`, and any
    other but the key may be without a value. Raises ValueError for a table that is not declared: what is
    not declared does not leave.
    """
    if name in RELEASED_TABLES:
        declared = RELEASED_TABLES[name]
        if release.SUPPRESSED.name in columns:
            columns_told = (c if c.name in declared.key else replace(c, required=False) for c in declared.columns)
            return replace(declared, columns=(*columns_told, release.SUPPRESSED), leaving=None)
        return declared
    raise ValueError(
        f"The table {name} is not declared, and nothing that is not declared leaves in a release. "
        "Declare it in its family's module of orchestration/tables."
    )


def _declared_in(module: ModuleType) -> Iterable[Table]:
    for value in vars(module).values():
        if isinstance(value, Table):
            yield value
        elif isinstance(value, Mapping):
            yield from (table for table in value.values() if isinstance(table, Table))


TABLES = collect(table for family in _FAMILIES for table in _declared_in(family))
# What a release may hold, by the name its files have.
RELEASED_TABLES = by_name(*(table for table in TABLES.values() if table.schema in ("results", release.SCHEMA)))
# Results tables of which each bulletin writes rows of its own.
SHARED_TABLES = tuple(table.name for table in TABLES.values() if table.is_shared)
