"""The results tables as they may be told outside.

Belongs here: keeping cells back, printing the others no closer than they are printed, and saying which cell is kept
back. Not here: which numbers that must be (`suppression.py`), other releases (`differencing.py`).
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from orchestration.disclosure import annex_claims, offence_claims, text_claims
from orchestration.disclosure.bounds import true_values
from orchestration.disclosure.claims import Claim
from orchestration.disclosure.model_rows import ModelRows, model_rows
from orchestration.disclosure.suppression import Rule, Suppression, suppress
from orchestration.disclosure.telling import AsPrinted, Rounded, Telling, half_up
from orchestration.errors import PipelineError
from orchestration.tables.annexes import FIGURE_DATA, HEADLINES, MATCH_RATES
from orchestration.tables.catalogue import RELEASED_TABLES
from orchestration.tables.release import SUPPRESSED
from orchestration.tables.table import Table

Tables = Mapping[str, pd.DataFrame]


@dataclass
class Kept:
    """What is kept back of one table: column -> positions of its rows."""

    cells: dict[str, set[int]] = field(default_factory=dict)

    def add(self, column: str, *rows: int) -> None:
        """Keep the column's numbers in these rows back."""
        self.cells.setdefault(column, set()).update(rows)


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


def protect(
    tables: Tables,
    figures: text_claims.Figures,
    rule: Rule,
    rounding: int = 0,
    already_out: Sequence[Claim] = (),
    tells_estimates: bool = True,
) -> Protected:
    """The tables that leave, with what must be kept back missing and named in the column `suppressed`.

    `tables`: exact results tables by name; those whose declaration does not say how they leave are left out. `figures`:
    what the figures among them show. `rounding`: the base that counts are rounded to, 0 for none. `already_out`: see
    `suppression.suppress`. `tells_estimates`: False where estimates may not be told at all, as they are never rounded.
    Raises PipelineError where a number counts people and nobody has named whom, or where the
    tables contradict each other.
    """
    models = model_rows(tables, rule)
    leaving = {
        name: _leaving_rows(RELEASED_TABLES[name], frame, models) for name, frame in tables.items() if _leaves(name)
    }
    claims = tuple(claims_of(leaving, figures))
    telling = Rounded(rounding, true_values(claims)) if rounding else AsPrinted()
    suppression = _suppressed(claims, rule, telling, already_out)
    teller = _Teller(claims, suppression, telling, rule, figures, models, tells_estimates)
    told = {name: teller.told(RELEASED_TABLES[name], frame) for name, frame in leaving.items()}
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


def claims_of(tables: Tables, figures: text_claims.Figures) -> Iterator[Claim]:
    """Every claim of the tables, exact or told; a cell without a number claims nothing."""
    makers: dict[str, Callable[[pd.DataFrame], Iterator[Claim]]] = {
        "annex_b": annex_claims.of_annex_b,
        "annex_c": annex_claims.of_annex_c,
        "match_rates": annex_claims.of_match_rates,
        "linkage_statuses": annex_claims.of_statuses,
        "needs_counts": annex_claims.of_needs_counts,
        "needs_cooccurrence": annex_claims.of_cooccurrence,
        "judgement_gaps": annex_claims.of_judgement_gaps,
        "reoffence_types": offence_claims.of_reoffence_types,
        "reoffending_measures": offence_claims.of_reoffending_measures,
        "figure_data": partial(text_claims.of_figure_data, figures=figures),
        "headlines": partial(text_claims.of_headlines, figures=figures),
    }
    made = [makers[name](tables[name]) for name in makers if name in tables]
    if "subgroup_differences" in tables:
        made.append(annex_claims.of_differences(tables["subgroup_differences"], tables["annex_c"]))
    return (claim for claims in made for claim in claims if not math.isnan(claim.value))


def _leaves(name: str) -> bool:
    return name in RELEASED_TABLES and RELEASED_TABLES[name].leaving is not None


def _leaving_rows(table: Table, frame: pd.DataFrame, models: ModelRows) -> pd.DataFrame:
    assert table.leaving is not None
    for column, values in table.leaving.only.items():
        frame = frame[frame[column].isin(values)]
    leaves = [models.leaves(row) for _, row in annex_claims.numbered(frame)]
    return frame[pd.Series(leaves, index=frame.index, dtype=bool)].reset_index(drop=True)


@dataclass(frozen=True)
class _Teller:
    """Tells a table column by column, each by its class."""

    claims: Sequence[Claim]
    suppression: Suppression
    telling: Telling
    rule: Rule
    figures: text_claims.Figures
    models: ModelRows
    tells_estimates: bool

    def told(self, table: Table, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame as it may be told, with the column `suppressed`."""
        leaving = table.leaving
        assert leaving is not None
        told, kept = frame.copy(), Kept()
        self._tell_people(table, told, kept)
        for column in leaving.bases:
            few = told[column].astype("float64").map(self.rule.is_small)
            kept.add(column, *few[few].index)
            told[column] = told[column].map(self.telling.cases)
        for column, decimals in leaving.statistics.items():
            told[column] = told[column].map(partial(_to_decimals, decimals=decimals))
        self._keep_estimates(table, told, kept)
        for column in leaving.withheld:
            kept.add(column, *told.index)  # also where there is none: that there is none may tell of few
        return _without(told, kept)

    def _keep_estimates(self, table: Table, told: pd.DataFrame, kept: Kept) -> None:
        """What tells of few people without counting them, and the verdicts on what is kept back."""
        leaving = table.leaving
        assert leaving is not None
        numbers = (*leaving.people, *leaving.statistics)
        for place, row in annex_claims.numbered(told):
            is_kept = self.models.keeps_estimates(table.name, row)
            for column in leaving.statistics:
                if is_kept or not (self.tells_estimates or pd.isna(row[column])):
                    kept.add(column, place)
            if self.models.keeps_outcomes(row):
                for column in leaving.outcomes:
                    kept.add(column, place)
            if any(place in kept.cells.get(column, ()) for column in numbers):
                for column in leaving.verdicts:
                    if is_kept or not pd.isna(row[column]):
                        kept.add(column, place)

    def _tell_people(self, table: Table, told: pd.DataFrame, kept: Kept) -> None:
        assert table.leaving is not None
        by_column: dict[str, dict[int, Claim]] = {column: {} for column in table.leaving.people}
        for claim in self.claims:
            if claim.table == table.name:
                by_column[claim.column][claim.row] = claim
        for column, found in by_column.items():
            kept.add(column, *(row for row, claim in found.items() if not self._is_told(claim)))
            numbers = [
                self.telling.number(found[row]) if row in found else self._of_nobody(table, column, told.iloc[row])
                for row in range(len(told))
            ]
            told[column] = pd.Series(numbers, dtype="Float64").astype(told[column].dtype)

    def _is_told(self, claim: Claim) -> bool:
        return self.suppression.is_told(claim) and self.telling.may_tell(claim)

    def _of_nobody(self, table: Table, column: str, row: pd.Series) -> float | None:
        """A cell without a number, or one that counts providers, measures or verdicts."""
        if pd.isna(row[column]):
            return None
        if not self._counts_nobody(table.name, row):
            key = " / ".join(str(row[name]) for name in table.key)
            raise PipelineError(
                problem=f"Nobody has said which people {table.full_name}, column {column}, counts in the row {key}.",
                remedy="Name them in orchestration/disclosure (annex_claims.py, or beside it): till then it stays.",
            )
        return float(row[column])

    def _counts_nobody(self, table: str, row: pd.Series) -> bool:
        if table == HEADLINES.name:
            return row["id"] in text_claims.NOT_OF_PEOPLE
        if table == FIGURE_DATA.name:
            return row["figure_id"] == self.figures.providers
        return table == MATCH_RATES.name and (row["source"], row["category"]) == ("terminations", "post_release")


def _to_decimals(value: float, decimals: int) -> float:
    return value if pd.isna(value) else round(half_up(float(value), 10.0**-decimals), decimals)


def _without(told: pd.DataFrame, kept: Kept) -> pd.DataFrame:
    """The frame with what is kept back missing, and its columns named in each row."""
    named: list[list[str]] = [[] for _ in range(len(told))]
    for column in told.columns:
        rows = sorted(kept.cells.get(str(column), ()))
        if rows:
            if told[column].dtype == bool:  # which knows no missing value
                told[column] = told[column].astype("boolean")
            told[column] = told[column].mask(told.index.isin(rows))
            for row in rows:
                named[row].append(str(column))
    told[SUPPRESSED.name] = pd.Series([", ".join(names) if names else None for names in named], dtype="str")
    return told
