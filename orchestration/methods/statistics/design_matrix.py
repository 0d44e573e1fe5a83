"""From cases to numbers: complete cases, design columns, levels and exclusions.

Belongs here: the one listwise frame a model and all its smaller models share. Not here: likelihoods, and any
judgement on whether a column can be estimated (`estimability`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from orchestration.methods.layouts.outcomes import OUTCOME, cases_with_outcome, numbers
from orchestration.methods.layouts.specification import Term

INTERCEPT = "intercept"


@dataclass(frozen=True)
class Design:
    """A model's data: `matrix` (cases x coefficients, intercept first) and `outcome` (cases), all finite.

    `cases` are the index labels of its cases in the frame they came from, in the matrix's order.
    """

    cases: pd.Index
    matrix: NDArray[np.float64]
    outcome: NDArray[np.float64]
    coefficients: tuple[str, ...]
    terms: tuple[Term, ...]
    n_with_outcome: int
    exclusions: pd.DataFrame
    levels: pd.DataFrame

    @property
    def n(self) -> int:
        return len(self.outcome)

    def columns(self, term: Term) -> list[int]:
        """The positions of a term's columns."""
        return [self.coefficients.index(name) for name in term.coefficients]

    def keep(self, terms: Sequence[Term]) -> list[int]:
        """The positions of the intercept and of the given terms' columns, in the matrix's order."""
        return [0, *sorted(column for term in terms for column in self.columns(term))]

    def of_terms(self, terms: Sequence[Term]) -> "Design":
        """The same cases with the columns and levels of some terms only, in the design's order."""
        kept = tuple(term for term in self.terms if term in terms)
        positions = self.keep(kept)
        return replace(
            self,
            matrix=self.matrix[:, positions],
            coefficients=tuple(self.coefficients[position] for position in positions),
            terms=kept,
            levels=self.levels[self.levels["term"].isin([term.name for term in kept])].reset_index(drop=True),
        )


def build_design(cases: pd.DataFrame, outcome: str, terms: tuple[Term, ...]) -> Design:
    """The complete cases over an outcome and all of a model's terms, as numbers.

    One frame, so that nested models rest on the same cases (trap 5 of docs/statistics.md). A category outside
    a term's levels counts as missing.
    """
    return design_of(cases_with_outcome(cases, outcome), terms)


def design_of(base: pd.DataFrame, terms: tuple[Term, ...]) -> Design:
    """The same for cases that hold their outcome (numbers, not missing) in the column `outcome`."""
    values = pd.DataFrame({term.name: _term_values(base[term.name], term) for term in terms}, index=base.index)
    complete = values.notna().all(axis=1)
    kept, outcomes = values[complete], base.loc[complete, OUTCOME]
    names = (INTERCEPT, *(name for term in terms for name in term.coefficients))
    return Design(
        cases=kept.index,
        matrix=np.column_stack([np.ones(len(kept)), *(_columns(kept[term.name], term) for term in terms)]),
        outcome=outcomes.to_numpy(dtype=float),
        coefficients=names,
        terms=terms,
        n_with_outcome=len(base),
        exclusions=_exclusions(values),
        levels=_levels(kept, outcomes, terms),
    )


def _term_values(column: pd.Series, term: Term) -> pd.Series:
    return numbers(column) if term.is_interval else column.where(column.isin(term.levels)).astype(object)


def _columns(values: pd.Series, term: Term) -> NDArray[np.float64]:
    if term.is_interval:
        return values.to_numpy(dtype=float).reshape(-1, 1)
    return np.column_stack([(values == level).to_numpy(dtype=float) for level in term.contrasts])


def _exclusions(values: pd.DataFrame) -> pd.DataFrame:
    """Cases missing each variable, and cases lost at it: counted once, at the first missing variable."""
    missing = values.isna()
    first = missing & (missing.cumsum(axis=1) == 1)
    return pd.DataFrame(
        {
            "variable": pd.Series(list(values.columns), dtype="str"),
            "n_missing": pd.array(missing.sum().to_numpy(), dtype="Int64"),
            "n_lost": pd.array(first.sum().to_numpy(), dtype="Int64"),
        }
    )


def _levels(kept: pd.DataFrame, outcomes: pd.Series, terms: Sequence[Term]) -> pd.DataFrame:
    rows = [
        (term.name, level, level == term.reference, int(chosen.sum()), int(outcomes[chosen].sum()))
        for term in terms
        for level in term.levels
        for chosen in [kept[term.name] == level]
    ]
    frame = pd.DataFrame(rows, columns=["term", "level", "is_reference", "n", "events"])
    return frame.astype({"term": "str", "level": "str", "is_reference": "bool", "n": "Int64", "events": "Int64"})
