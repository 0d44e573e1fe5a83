"""What the output checker reads before she says yes.

Belongs here: what was kept back and why, what stays exact, and how much of the annexes is left, as text and as a table.
Not here: her yes (`releases/candidates.py`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd

from orchestration.disclosure.bounds import Knowledge, Unknown, Unknowns, true_values
from orchestration.disclosure.protection import Protected, Tables
from orchestration.disclosure.relations import closed, sums
from orchestration.disclosure.suppression import SMALL, Rule, name_of
from orchestration.tables.catalogue import RELEASED_TABLES
from orchestration.tables.release import SUPPRESSED
from orchestration.tables.table import Table

NEVER = "never told"
OF_A_MODEL = "a model, a test or a verdict that would tell of few"
_ANNEXES = {"annex_b": "Annex B", "annex_c": "Annex C"}


def kept_back(protected: Protected) -> pd.DataFrame:
    """One row a cell kept back: table, row (its keys), column, why. For the checker: it tells of small groups."""
    why = {
        claim.place: "; ".join(sorted({reasons[q] for q in claim.rests_on if q in reasons}))
        for reasons in [protected.suppression.reasons]
        for claim in protected.claims
    }
    rows = [
        (name, key, column, why.get((name, place, column)) or _class_of(RELEASED_TABLES[name], column))
        for name, frame in protected.tables.items()
        for place, key, columns in _named(RELEASED_TABLES[name], frame)
        for column in columns
    ]
    return pd.DataFrame(rows, columns=["table", "row", "column", "why"])


def _named(table: Table, frame: pd.DataFrame) -> Iterator[tuple[int, str, list[str]]]:
    """Rows of which something is kept back: position, keys and columns."""
    for place, row in enumerate(frame.to_dict("records")):
        if not pd.isna(row[SUPPRESSED.name]):
            yield place, " / ".join(str(row[name]) for name in table.key), row[SUPPRESSED.name].split(", ")


def _class_of(table: Table, column: str) -> str:
    """Why a number that counts nobody by itself is kept back: by the class of its column."""
    assert table.leaving is not None
    return NEVER if column in table.leaving.withheld else OF_A_MODEL


def report(name: str, exact: Tables, protected: Protected, rule: Rule, out: Sequence[str]) -> str:
    """The account in Markdown. `exact`: the tables of the replicate; `out`: names of the releases compared with."""
    cells = kept_back(protected)
    base = getattr(protected.telling, "base", 0)
    counted = (
        f"Counts are rounded to the nearest {base}, percentages are made from them." if base else "Counts are exact."
    )
    lines = [
        f"# Release {name}: for the output checker",
        "",
        "Restricted: this page tells of small groups. The release beside it is what would go out.",
        "",
        f"- Counts of 1 to {rule.threshold - 1} people are kept back, as part, rest or whole, with what rests on them.",
        f"- Every small number kept back could be at least {rule.width} more than the least it can be, given all that "
        "is told; of few people who lack a characteristic it cannot be told that all or none had an outcome.",
        f"- {counted} Estimates are told to the decimals that are printed.",
        f"- Compared with releases that are out: {', '.join(out) or 'none is'}.",
        "",
        "## How much is left",
        *(f"- {line}" for line in _left(exact, protected)),
        "",
        "## Why cells are kept back",
        *(f"- {count} cells: {why}" for why, count in _by_rule(cells).items()),
        "",
        "## Tables that do not leave",
        f"{', '.join(sorted(set(exact) - set(protected.tables))) or 'none'}.",
        "",
        "## The proof",
        "Least and greatest value that agree with every number of the release, for what is least certain:",
        "",
        "| what | least | greatest |",
        "|---|---|---|",
        *(f"| {name_of(unknown)} | {low:g} | {high:g} |" for unknown, low, high in _least_certain(protected)),
        "",
        "Every cell that is kept back stands in `kept_back.csv`, with its reason.",
    ]
    return "\n".join(lines) + "\n"


def survivors(exact: pd.DataFrame, told: pd.DataFrame) -> tuple[int, int]:
    """Of the cells with a value in an annex, how many are told, and how many there are."""
    return int(told["value_published"].notna().sum()), int(exact["value_published"].notna().sum())


def _left(exact: Tables, protected: Protected) -> list[str]:
    lines = []
    for name, words in _ANNEXES.items():
        if name in protected.tables:
            told, there = survivors(exact[name], protected.tables[name])
            lines.append(f"{words}: {told} of {there} cells are told.")
    return [*lines, f"{len(kept_back(protected))} numbers of all tables are kept back."]


def _by_rule(cells: pd.DataFrame) -> Counter:
    kinds = {NEVER: NEVER, OF_A_MODEL: OF_A_MODEL}
    other = "else a sum would give one away"
    return Counter("a small group itself" if SMALL in why else kinds.get(why, other) for why in cells["why"])


def _least_certain(protected: Protected, how_many: int = 20) -> list[tuple[Unknown, float, float]]:
    values = true_values(protected.claims)
    known = Knowledge(Unknowns(closed(sums(values), values), values), protected.told, protected.telling)
    found = [(unknown, *known.bounds(unknown)) for unknown in protected.suppression.hidden]
    return sorted(found, key=lambda row: (row[2] - row[1], str(row[0])))[:how_many]
