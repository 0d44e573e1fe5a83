"""What the data can say about each coefficient, found before anything is fitted.

Belongs here: rank, empty levels and separation. Not here: estimates. Optimisers converge silently on aliased
or separated data (traps 1 and 6 of docs/statistics.md), so nothing is left for them to find.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector
from orchestration.methods.statistics.newton import climb, logistic_value, poisson_value

RANK_TOLERANCE = 1e-9
# The linear programme is feasible to 1e-7; a true separation reaches its box, so is of order 1.
SEPARATION_TOLERANCE = 1e-5

EMPTY = "empty"
ALIASED = "aliased"
INFINITE = "infinite"
TOO_FEW = "too_few_cases"
CONSTANT = "constant_outcome"


@dataclass(frozen=True)
class Estimability:
    """`rows`: cases that carry information; `basis`: columns spanning them; `reasons`: "" or why not.

    `spanning`: columns spanning all cases, earlier ones first; `rank`: how many they are, what degrees of freedom are
    counted with.

    The rows left out are separated: their fitted probability reaches 0 or 1 (or their mean the smallest
    count), they add nothing to the likelihood's maximum, and the finite coefficients are those of the rest.
    """

    rows: NDArray[np.bool_]
    basis: NDArray[np.intp]
    reasons: tuple[str, ...]
    spanning: NDArray[np.intp]

    @property
    def rank(self) -> int:
        return len(self.spanning)

    @property
    def estimable(self) -> NDArray[np.bool_]:
        return np.array([reason == "" for reason in self.reasons])


def assess(
    matrix: Matrix,
    outcome: Vector,
    floor: float | None,
    may_separate: bool = True,
    candidates: NDArray[np.bool_] | None = None,
) -> Estimability:
    """Which coefficients of a model have a finite, unique maximum-likelihood estimate.

    `matrix` is cases x columns. `floor` is None for a 0/1 outcome, else the smallest possible count (0, or 1
    where zeros are truncated). `may_separate` is False where a larger model was found not to separate: then
    this one cannot either. `candidates` are the cases such a larger model separates: no others can be here.
    """
    n, width = matrix.shape
    nothing_to_fit = TOO_FEW if n <= width else CONSTANT if _is_constant(outcome, floor) else ""
    if nothing_to_fit:
        nothing = np.array([], dtype=np.intp)
        return Estimability(np.zeros(n, dtype=bool), nothing, (nothing_to_fit,) * width, nothing)
    largest = np.abs(matrix).max(axis=0)
    scaled = matrix / np.where(largest > 0, largest, 1.0)
    triangle = _triangle(scaled)
    identified, basis = _identified(triangle), _basis(triangle)
    finite, basis_left = identified, basis
    rows = np.ones(n, dtype=bool)
    if may_separate and not _has_a_maximum(scaled[:, basis], outcome, floor):
        rows = ~separated_rows(scaled, outcome, floor, candidates)
    if not rows.all():
        left = _triangle(scaled[rows])
        finite, basis_left = _identified(left), _basis(left)
    reasons = tuple(
        EMPTY if peak == 0 else ALIASED if not known else INFINITE if not limited else ""
        for peak, known, limited in zip(largest, identified, finite, strict=True)
    )
    return Estimability(rows, basis_left, reasons, basis)


def _is_constant(outcome: Vector, floor: float | None) -> bool:
    """True where no case has the event, or all have it; or where every count is the smallest there can be."""
    return bool(np.ptp(outcome) == 0 and (floor is None or outcome[0] <= floor))


def _has_a_maximum(columns: Matrix, outcome: Vector, floor: float | None) -> bool:
    """Whether the likelihood is seen to have a maximum, which proves that nothing is separated (`newton.climb`).

    Of columns that span all. Counts above their floor separate as Poisson counts above 0 do.
    """
    unit = np.linalg.qr(columns)[0] * np.sqrt(len(columns))
    if floor is None:
        return climb(partial(logistic_value, unit, outcome), np.zeros(unit.shape[1])) is not None
    above = outcome - floor
    start = unit.T @ np.full(len(unit), np.log(above.mean())) / len(unit)
    return climb(partial(poisson_value, unit, above), start) is not None


def separated_rows(
    matrix: Matrix, outcome: Vector, floor: float | None, candidates: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """The cases that some direction of the coefficients predicts perfectly (complete or quasi-separation).

    Konis' linear programme, solved again on the rows left until none is separated, which finds them all. A
    case at the floor of a count is predicted perfectly when its mean can fall without end while no other's
    moves. Where only `candidates` can be, a separating direction moves no other case, which leaves few of them.
    """
    directions = _moving_directions(matrix)
    if floor is None:
        movable, signed = np.ones(len(outcome), dtype=bool), matrix * (2 * outcome - 1)[:, None]
    else:
        movable, signed = outcome <= floor, -matrix
        directions = directions @ _null_space(_triangle(matrix[~movable] @ directions))
    if candidates is not None:
        movable = movable & candidates
        directions = directions @ _null_space(_triangle(matrix[~candidates] @ directions))
    separated = np.zeros(len(outcome), dtype=bool)
    while directions.shape[1] and (movable & ~separated).any():
        left = np.flatnonzero(movable & ~separated)
        predicted = _largest_margins(signed[left] @ directions) > SEPARATION_TOLERANCE
        if not predicted.any():
            break
        separated[left[predicted]] = True
    return separated


def _largest_margins(rows: Matrix) -> Vector:
    """The margins of the direction that maximises their sum while none is negative (HiGHS)."""
    from scipy.optimize import linprog

    limits = np.zeros(len(rows))
    result = linprog(-rows.sum(axis=0), A_ub=-rows, b_ub=limits, bounds=(-1.0, 1.0), method="highs")
    if result.x is None:
        raise ArithmeticError(f"the separation programme was not solved: {result.message}")
    return rows @ result.x


def _moving_directions(matrix: Matrix) -> Matrix:
    """Directions of the coefficients that move the cases, by the order of one each: columns x rank."""
    _, values, transposed = np.linalg.svd(_triangle(matrix))
    kept = values > RANK_TOLERANCE * values.max(initial=0.0)
    return transposed[kept].T / values[kept] * np.sqrt(len(matrix))


def _triangle(matrix: Matrix) -> Matrix:
    """A square matrix (columns x columns) with the dependences of the given columns."""
    width = matrix.shape[1]
    return np.vstack([np.linalg.qr(matrix, mode="r"), np.zeros((width, width))])[:width]


def _null_space(triangle: Matrix) -> Matrix:
    """Directions of the coefficients that move no case: columns x dimensions."""
    _, values, transposed = np.linalg.svd(triangle)
    return transposed[values <= RANK_TOLERANCE * max(values.max(initial=0.0), 1.0)].T


def _identified(triangle: Matrix) -> NDArray[np.bool_]:
    """True where no other columns can stand in for a column."""
    return np.linalg.norm(_null_space(triangle), axis=1) < np.sqrt(RANK_TOLERANCE)


def _basis(triangle: Matrix) -> NDArray[np.intp]:
    """Columns that span all columns, earlier ones first."""
    kept: list[int] = []
    residual = triangle.copy()
    for column in range(triangle.shape[1]):
        length = np.linalg.norm(residual[:, column])
        if length > np.sqrt(RANK_TOLERANCE) * np.linalg.norm(triangle[:, column]):
            direction = residual[:, column] / length
            residual = residual - np.outer(direction, direction @ residual)
            kept.append(column)
    return np.array(kept, dtype=np.intp)
