"""From cases to numbers: complete cases, design columns, levels and exclusions.

Belongs here: the one listwise frame a model and all its smaller models share. Not here: likelihoods, and any
judgement on whether a column can be estimated (`estimability`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from orchestration.methods.layouts.outcomes import OUTCOME, OUTCOME_COLUMNS, cases_with_outcome, numbers
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
    needed = {*OUTCOME_COLUMNS, *(term.name for term in terms)}
    columns = [name for name in cases.columns if name in needed]
    return design_of(cases_with_outcome(cases[columns], outcome), terms)


def design_of(base: pd.DataFrame, terms: tuple[Term, ...]) -> Design:
    """The same for cases that hold their outcome (numbers, not missing) in the column `outcome`."""
    values = np.column_stack([np.empty((len(base), 0)), *(_numbered(base[term.name], term) for term in terms)])
    missing = np.isnan(values)
    complete = np.flatnonzero(~missing.any(axis=1))
    kept, outcomes = values[complete], base[OUTCOME].iloc[complete]
    return Design(
        cases=outcomes.index,
        matrix=np.column_stack([np.ones(len(kept)), *map(_columns, kept.T, terms)]),
        outcome=outcomes.to_numpy(dtype=float),
        coefficients=(INTERCEPT, *(name for term in terms for name in term.coefficients)),
        terms=terms,
        n_with_outcome=len(base),
        exclusions=_exclusions(missing, terms),
        levels=_levels(kept, outcomes.to_numpy(dtype=float), terms),
    )


def _numbered(column: pd.Series, term: Term) -> NDArray[np.float64]:
    """An interval's numbers, or the places of a category's answers among the term's levels; NaN where missing."""
    if term.is_interval:
        return numbers(column).to_numpy()
    answers = pa.array(column, type=pa.string(), from_pandas=True)
    return pc.index_in(answers, value_set=pa.array(term.levels)).to_numpy(zero_copy_only=False).astype(float)


def _columns(values: NDArray[np.float64], term: Term) -> NDArray[np.float64]:
    if term.is_interval:
        return values.reshape(-1, 1)
    return (values[:, None] == [term.levels.index(level) for level in term.contrasts]).astype(float)


def _exclusions(missing: NDArray[np.bool_], terms: Sequence[Term]) -> pd.DataFrame:
    """Cases missing each variable, and cases lost at it: counted once, at the first missing variable."""
    first = missing & (missing.cumsum(axis=1) == 1)
    return pd.DataFrame(
        {
            "variable": pd.Series([term.name for term in terms], dtype="str"),
            "n_missing": pd.array(missing.sum(axis=0), dtype="Int64"),
            "n_lost": pd.array(first.sum(axis=0), dtype="Int64"),
        }
    )


def _levels(kept: NDArray[np.float64], outcomes: NDArray[np.float64], terms: Sequence[Term]) -> pd.DataFrame:
    """Cases of each level of each category, and events among them."""
    levels = [(term, level) for term in terms for level in term.levels]
    chosen = [places == place for term, places in zip(terms, kept.T, strict=True) for place in range(len(term.levels))]
    return pd.DataFrame(
        {
            "term": pd.Series([term.name for term, _ in levels], dtype="str"),
            "level": pd.Series([level for _, level in levels], dtype="str"),
            "is_reference": np.array([level == term.reference for term, level in levels], dtype=bool),
            "n": pd.array([int(cases.sum()) for cases in chosen], dtype="Int64"),
            "events": pd.array([int(outcomes[cases].sum()) for cases in chosen], dtype="Int64"),
        }
    )
