"""What the data can say about each coefficient, found before anything is fitted.

Belongs here: rank, empty levels and separation. Not here: estimates. Optimisers converge silently on aliased
or separated data (traps 1 and 6 of docs/statistics.md), so nothing is left for them to find.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RANK_TOLERANCE = 1e-9
# The linear programme is feasible to 1e-7; a true separation reaches the box of its direction, so is of order 1.
SEPARATION_TOLERANCE = 1e-5

EMPTY = "empty"
ALIASED = "aliased"
INFINITE = "infinite"
TOO_FEW = "too_few_cases"


@dataclass(frozen=True)
class Estimability:
    """`rows`: cases that carry information; `basis`: columns spanning them; `reasons`: "" or why not, by column.

    `rank` is that of all cases: what degrees of freedom are counted with.

    The rows left out are separated: their fitted probability reaches 0 or 1 (or their mean the smallest
    count), they add nothing to the likelihood's maximum, and the finite coefficients are those of the rest.
    """

    rows: NDArray[np.bool_]
    basis: NDArray[np.intp]
    reasons: tuple[str, ...]
    rank: int

    @property
    def estimable(self) -> NDArray[np.bool_]:
        return np.array([reason == "" for reason in self.reasons])


def assess(matrix: NDArray[np.float64], outcome: NDArray[np.float64], floor: float | None) -> Estimability:
    """Which coefficients of a model have a finite, unique maximum-likelihood estimate.

    `matrix` is cases x columns. `floor` is None for a 0/1 outcome, else the smallest possible count (0, or 1
    where zeros are truncated).
    """
    n, width = matrix.shape
    if n <= width:
        return Estimability(np.zeros(n, dtype=bool), np.array([], dtype=np.intp), (TOO_FEW,) * width, 0)
    scaled = matrix / np.where(np.abs(matrix).max(axis=0) > 0, np.abs(matrix).max(axis=0), 1.0)
    rows = ~separated_rows(scaled, outcome, floor)
    identified, finite = _identified(scaled), _identified(scaled[rows])
    is_empty = ~scaled.any(axis=0)
    reasons = tuple(
        EMPTY if empty else ALIASED if not known else INFINITE if not limited else ""
        for empty, known, limited in zip(is_empty, identified, finite, strict=True)
    )
    return Estimability(rows, _basis(scaled[rows]), reasons, len(_basis(scaled)))


def separated_rows(
    matrix: NDArray[np.float64], outcome: NDArray[np.float64], floor: float | None
) -> NDArray[np.bool_]:
    """The cases that some direction of the coefficients predicts perfectly (complete or quasi-separation).

    Konis' linear programme, solved again on the rows left until none is separated, which finds them all. A
    case at the floor of a count is predicted perfectly when its mean can fall without end while no other moves.
    """
    if floor is None:
        movable, signed = np.ones(len(outcome), dtype=bool), matrix * (2 * outcome - 1)[:, None]
        directions = _range_basis(matrix)
    else:
        movable, signed = outcome <= floor, -matrix
        directions = _free_directions(matrix, ~movable)
    separated = np.zeros(len(outcome), dtype=bool)
    while directions.shape[1] and (movable & ~separated).any():
        left = np.flatnonzero(movable & ~separated)
        margins = _largest_margins(signed[left] @ directions)
        if not (margins > SEPARATION_TOLERANCE).any():
            break
        separated[left[margins > SEPARATION_TOLERANCE]] = True
    return separated


def _largest_margins(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The margins of the direction that maximises their sum while none is negative (HiGHS)."""
    from scipy.optimize import linprog

    result = linprog(
        -rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=(-1.0, 1.0), method="highs"
    )
    if result.x is None:
        raise ArithmeticError(f"the separation programme was not solved: {result.message}")
    return rows @ result.x


def _range_basis(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Directions of the coefficients that move some case: columns x rank."""
    values, transposed = _singular_values(matrix)
    kept = values > RANK_TOLERANCE
    return transposed[kept].T / values[kept] * np.sqrt(len(matrix))


def _free_directions(matrix: NDArray[np.float64], fixed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Directions that move some case but none of the fixed ones: columns x dimensions."""
    directions = _range_basis(matrix)
    return directions @ _null_space(matrix[fixed] @ directions)


def _null_space(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    values, transposed = _singular_values(matrix)
    return transposed[values <= RANK_TOLERANCE].T


def _singular_values(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One value for each right singular vector (columns, columns x columns), relative to the largest."""
    width = matrix.shape[1]
    padded = np.vstack([np.linalg.qr(matrix, mode="r"), np.zeros((width, width))])
    _, values, transposed = np.linalg.svd(padded, full_matrices=False)
    return values / max(values.max(initial=0.0), 1.0), transposed


def _identified(matrix: NDArray[np.float64]) -> NDArray[np.bool_]:
    """True where a coefficient's own direction lies in the row space: no other column can stand in for it."""
    null = _null_space(matrix)
    return np.linalg.norm(null, axis=1) < np.sqrt(RANK_TOLERANCE)


def _basis(matrix: NDArray[np.float64]) -> NDArray[np.intp]:
    """Columns that span all columns, earlier ones first."""
    kept: list[int] = []
    residual = matrix.copy()
    for column in range(matrix.shape[1]):
        length = np.linalg.norm(residual[:, column])
        if length > np.sqrt(RANK_TOLERANCE) * max(np.linalg.norm(matrix[:, column]), 1e-300):
            direction = residual[:, column] / length
            residual = residual - np.outer(direction, direction @ residual)
            kept.append(column)
    return np.array(kept, dtype=np.intp)
