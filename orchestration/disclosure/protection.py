"""The results tables as they may be told outside.

Belongs here: keeping cells back, printing the others no closer than they are printed, and saying which cell is kept
back. Not here: which numbers that must be (`suppression.py`), other releases (`differencing.py`).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from orchestration.disclosure import annex_claims, text_claims
from orchestration.disclosure.bounds import true_values
from orchestration.disclosure.claims import Claim
from orchestration.disclosure.suppression import Rule, Suppression, suppress
from orchestration.disclosure.telling import AsPrinted, Rounded, Telling, half_up
from orchestration.errors import PipelineError
from orchestration.tables.catalogue import RELEASED_TABLES
from orchestration.tables.release import SUPPRESSED
from orchestration.tables.table import Table

Tables = Mapping[str, pd.DataFrame]


@dataclass
class Kept:
    """What is kept back of one table: column -> positions of its rows."""

    cells: dict[str, set[int]] = field(default_factory=dict)

    def add(self, column: str, row: int) -> None:
        self.cells.setdefault(column, set()).add(row)


@dataclass(frozen=True)
class Protected:
    """`tables` as they may be told, `claims` of all their numbers, exact, and what was kept back of them."""

    tables: dict[str, pd.DataFrame]
    claims: tuple[Claim, ...]
    suppression: Suppression
    telling: Telling

    @property
    def told(self) -> list[Claim]:
        """The claims that are told."""
        return [claim for claim in self.claims if self.suppression.is_told(claim)]


def protect(tables: Tables, rule: Rule, rounding: int = 0, already_out: Sequence[Claim] = ()) -> Protected:
    """The tables that leave, with what must be kept back missing and named in the column `suppressed`.

    `tables`: exact results tables by name; those whose declaration does not say how they leave are left out.
    `rounding`: the base that counts are rounded to, 0 for none. `already_out`: see `suppression.suppress`. Raises
    PipelineError where a number counts people and nobody has named whom, or where the tables contradict each other.
    """
    leaving = {name: _leaving_rows(RELEASED_TABLES[name], frame) for name, frame in tables.items() if _leaves(name)}
    claims = tuple(claims_of(leaving))
    telling = Rounded(rounding, true_values(claims)) if rounding else AsPrinted()
    suppression = _suppressed(claims, rule, telling, already_out)
    small_levels = _small_levels(tables, rule)
    told = {
        name: _told(RELEASED_TABLES[name], frame, claims, suppression, telling, rule, small_levels)
        for name, frame in leaving.items()
    }
    return Protected(told, claims, suppression, telling)


def _suppressed(claims: Sequence[Claim], rule: Rule, telling: Telling, already_out: Sequence[Claim]) -> Suppression:
    try:
        return suppress(claims, rule, telling, already_out)
    except ArithmeticError as error:
        raise PipelineError(
            problem="The results tables contradict each other: groups that make up a whole have more people than it.",
            remedy="Make the tables again from one run (make bulletin); if that does not help, a sum in "
            "orchestration/disclosure is not one.",
        ) from error


def claims_of(tables: Tables) -> Iterator[Claim]:
    """Every claim of the tables, exact or told; a cell without a number claims nothing."""
    makers = {
        "annex_b": annex_claims.of_annex_b,
        "annex_c": annex_claims.of_annex_c,
        "match_rates": annex_claims.of_match_rates,
        "needs_counts": annex_claims.of_needs_counts,
        "needs_cooccurrence": annex_claims.of_cooccurrence,
        "judgement_gaps": annex_claims.of_judgement_gaps,
        "figure_data": text_claims.of_figure_data,
        "headlines": text_claims.of_headlines,
    }
    made = [makers[name](tables[name]) for name in makers if name in tables]
    if "subgroup_differences" in tables:
        made.append(annex_claims.of_differences(tables["subgroup_differences"], tables["annex_c"]))
    return (claim for claims in made for claim in claims if not math.isnan(claim.value))


def _leaves(name: str) -> bool:
    return name in RELEASED_TABLES and RELEASED_TABLES[name].leaving is not None


def _leaving_rows(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    assert table.leaving is not None
    for column, values in table.leaving.only.items():
        frame = frame[frame[column].isin(values)]
    return frame.reset_index(drop=True)


def _small_levels(tables: Tables, rule: Rule) -> frozenset[tuple[str, str]]:
    """(model, coefficient) of levels that fewer cases are in than may be told."""
    if "model_levels" not in tables:
        return frozenset()
    levels = tables["model_levels"]
    small = levels[levels["n"].astype("float64").map(rule.is_small)]
    return frozenset(zip(small["model_id"], small["term"] + "=" + small["level"], strict=True))


def _told(
    table: Table, frame: pd.DataFrame, claims: Sequence[Claim], suppression: Suppression, telling: Telling, rule: Rule,
    small_levels: frozenset[tuple[str, str]],
) -> pd.DataFrame:  # fmt: skip
    leaving = table.leaving
    assert leaving is not None
    told, kept = frame.copy(), Kept()
    _tell_people(table, told, [claim for claim in claims if claim.table == table.name], suppression, telling, kept)
    for column in leaving.bases:
        for row in _rows(told, column, lambda value: rule.is_small(float(value))):
            kept.add(column, row)
    for column, decimals in leaving.statistics.items():
        told[column] = told[column].map(
            lambda v, d=decimals: v if pd.isna(v) else round(half_up(float(v), 10.0**-d), d)
        )
        if "coefficient" in table.names and "n" not in table.names:
            for row, key in enumerate(zip(told["model_id"], told["coefficient"], strict=True)):
                if key in small_levels:
                    kept.add(column, row)
    for column in leaving.withheld:
        for row in _rows(told, column, lambda value: True):
            kept.add(column, row)
    return _without(told, kept)


def _rows(frame: pd.DataFrame, column: str, condition: object) -> list[int]:
    return [row for row, value in enumerate(frame[column]) if not pd.isna(value) and condition(value)]  # type: ignore[operator]


def _tell_people(
    table: Table, told: pd.DataFrame, claims: Sequence[Claim], suppression: Suppression, telling: Telling, kept: Kept
) -> None:
    assert table.leaving is not None
    by_column: dict[str, dict[int, Claim]] = {column: {} for column in table.leaving.people}
    for claim in claims:
        by_column[claim.column][claim.row] = claim
    for column, found in by_column.items():
        numbers = [(row, value) for row, value in enumerate(told[column]) if not pd.isna(value)]
        for row, _ in numbers:
            if row in found and not suppression.is_told(found[row]):
                kept.add(column, row)
        told[column] = pd.Series(
            [
                telling.number(found[row]) if row in found else _unclaimed(table, column, told, row)
                for row in range(len(told))
            ],
            dtype="Float64",
        ).astype(told[column].dtype)


def _unclaimed(table: Table, column: str, frame: pd.DataFrame, row: int) -> float | None:
    """A cell without a number, or one that is told to be about no people."""
    value = frame[column].iloc[row]
    if pd.isna(value):
        return None
    if is_about_people(table.name, frame.iloc[row]):
        key = " / ".join(str(frame[name].iloc[row]) for name in table.key)
        raise PipelineError(
            problem=f"Nobody has said which people {table.full_name}, column {column}, counts in the row {key}.",
            remedy="Name them in orchestration/disclosure (annex_claims.py, text_claims.py): till then it stays.",
        )
    return float(value)


def is_about_people(table: str, row: pd.Series) -> bool:
    """Whether a row counts people; some figures and headlines count providers, measures or verdicts."""
    if table == "headlines":
        return row["id"] not in text_claims.NOT_OF_PEOPLE
    if table == "figure_data":
        return row["figure_id"] != text_claims.RATINGS_FIGURE
    nobody_could_be = table == "match_rates" and row["category"] == "post_release" and row["source"] == "terminations"
    return not nobody_could_be


def _without(told: pd.DataFrame, kept: Kept) -> pd.DataFrame:
    """The frame with what is kept back missing, and its columns named in each row."""
    named: list[list[str]] = [[] for _ in range(len(told))]
    for column in told.columns:
        rows = sorted(kept.cells.get(str(column), ()))
        if rows:
            told[column] = told[column].mask(told.index.isin(rows))
            for row in rows:
                named[row].append(str(column))
    told[SUPPRESSED.name] = pd.Series([", ".join(names) if names else None for names in named], dtype="str")
    return told
