"""The draw device: one category for every case at once, with exact margins.

Belongs here: the integer programme that draws a variable's categories. Not here: what is drawn, in which
order, or which margins are published.

Every case and category has a utility (what the case's other attributes say); a Gumbel variate is added to
each, and the assignment with the largest total is chosen among those that satisfy every row. Without rows
this is a draw from the multinomial logit of the utilities; with rows it is the same draw held to the margins,
so that dependence between variables survives while the counts are exact.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

# The search stops on these, never on the clock: the result must not depend on how busy the machine is.
RELATIVE_GAP = 1e-3
NODE_LIMIT = 4000
UTILITY_DECIMALS = 9  # utilities are rounded so that the last bits of a sum cannot change the draw


class InfeasibleDrawError(Exception):
    """No assignment satisfies all rows, or none was found within the search's limits."""


@dataclass(frozen=True)
class Row:
    """One linear condition: low <= sum over cases and categories of coefficient x chosen <= high."""

    name: str
    coefficients: np.ndarray  # cases x categories
    low: float
    high: float


def count_row(name: str, members: np.ndarray, chosen: np.ndarray, low: float, high: float | None = None) -> Row:
    """How many `members` (boolean, one a case) get a `chosen` category (boolean, one a category)."""
    coefficients = np.outer(np.asarray(members, dtype=float), np.asarray(chosen, dtype=float))
    return Row(name, coefficients, low, low if high is None else high)


def draw_categories(what: str, utilities: np.ndarray, rows: list[Row], rng: np.random.Generator) -> np.ndarray:
    """The index of the drawn category of each case.

    `utilities` is cases x categories. Raises InfeasibleDrawError, naming `what`, where rows cannot be met.
    """
    noisy = np.round(utilities + rng.gumbel(size=utilities.shape), UTILITY_DECIMALS)
    n_cases, n_categories = noisy.shape
    _refuse_empty_rows(what, rows)
    # The last category is what is left when no other is chosen: one column a case fewer, and for a yes/no
    # variable no assignment rows at all.
    gains = noisy[:, :-1] - noisy[:, -1:]
    constraints = [_constraint_of(rows)] if rows else []
    if n_categories > 2:
        constraints.append(_one_category_each(n_cases, n_categories - 1))
    solution = milp(
        -gains.ravel(),
        integrality=np.ones(gains.size),
        bounds=Bounds(0, 1),
        constraints=constraints,
        options={"mip_rel_gap": RELATIVE_GAP, "node_limit": NODE_LIMIT},
    )
    if solution.x is None:
        raise InfeasibleDrawError(f"{what}: no assignment found ({solution.message})")
    chosen = np.round(solution.x).reshape(gains.shape).astype(bool)
    return np.where(chosen.any(axis=1), chosen.argmax(axis=1), n_categories - 1)


def _refuse_empty_rows(what: str, rows: list[Row]) -> None:
    for row in rows:
        if row.low > row.high:
            raise InfeasibleDrawError(f"{what}: {row.name} asks for at least {row.low} and at most {row.high}")


def _constraint_of(rows: list[Row]) -> LinearConstraint:
    """The rows over the columns that are left: a constant where a case falls in the last category."""
    offsets = np.array([row.coefficients[:, -1].sum() for row in rows])
    matrix = np.vstack([(row.coefficients[:, :-1] - row.coefficients[:, -1:]).ravel() for row in rows])
    low = np.array([row.low for row in rows]) - offsets
    high = np.array([row.high for row in rows]) - offsets
    return LinearConstraint(csr_array(matrix), low, high)


def _one_category_each(n_cases: int, n_columns: int) -> LinearConstraint:
    case = np.repeat(np.arange(n_cases), n_columns)
    matrix = csr_array((np.ones(case.size), (case, np.arange(case.size))), shape=(n_cases, case.size))
    return LinearConstraint(matrix, 0, 1)
