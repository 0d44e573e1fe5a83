"""How many proven reoffences each reoffender has, and how soon the first came.

Belongs here: the counts, drawn last because every item of Annex B has its means. Not here: who reoffended.
"""

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack
from scipy.stats import nbinom

from orchestration.synthetic.calibration.bands import items_2023
from orchestration.synthetic.calibration.draw import NODE_LIMIT, InfeasibleDrawError
from orchestration.synthetic.calibration.strata import outcomes_of
from orchestration.synthetic.calibration.targets import annex_b

THREE_OR_FEWER = 672  # 60% of 1,120 (2023/04, Figure 3)
MOST_REOFFENCES = 45
LARGEST_REPAIR = 8
REPAIR_GAP = 0.2
FITTING_ROUNDS = 60
REFITS = 12
REFIT_STEP = 0.6
MEAN_DECIMALS = 9


def draw_reoffences(cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The cases with `reoffences` (0 for matched non-reoffenders) and `days_to_first_reoffence`.

    Raises InfeasibleDrawError where a draw cannot be repaired to the published means.
    """
    flags = outcomes_of(cases)
    groups, low, high = _published_sums(cases[flags.reoffended])
    counts = _repaired(_drawn(groups, (low + high) / 2, rng), groups, low, high)
    reoffences = pd.Series(pd.NA, index=cases.index, dtype="Int64").mask(pd.Series(flags.matched), 0)
    reoffences[flags.reoffended] = counts
    days = pd.Series(pd.NA, index=cases.index, dtype="Int64")
    days[flags.reoffended] = _days_to_first(counts, rng)
    return cases.assign(reoffences=reoffences, days_to_first_reoffence=days)


def _published_sums(reoffenders: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each Annex B group of reoffenders (groups x reoffenders) and the sums that print as its mean."""
    items = items_2023(reoffenders)
    cells = {(item, cat): cell for (item, cat, outcome), cell in annex_b().items() if outcome == "reoffences"}
    groups = np.array([(items[item] == cat).to_numpy(dtype=float) for item, cat in cells])
    low, high = np.array([cell.numerators() for cell in cells.values()]).T
    return groups, low, high


def _factors(groups: np.ndarray, targets: np.ndarray, start: np.ndarray) -> np.ndarray:
    """What to multiply `start` with for every group to sum to its target: iterative proportional fitting."""
    factors = np.ones_like(start)
    for _ in range(FITTING_ROUNDS):
        for members, target in zip(groups.astype(bool), targets, strict=True):
            factors[members] *= target / max((factors[members] * start[members]).sum(), 1.0)
    return factors


def _drawn(groups: np.ndarray, sums: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """1 + negative binomial quantiles whose groups come near the sums, 672 of them three or fewer.

    What is fitted is the number beyond the first, so that no mean falls below 1. The means are fitted again
    to what the quantiles yield, each reoffender keeping the same quantile.
    """
    shares = rng.random((groups.shape[1],))
    targets = sums - groups.sum(axis=1)
    beyond: np.ndarray = np.full(groups.shape[1], targets[0] / groups.shape[1])
    beyond = beyond * _factors(groups, targets, beyond)
    for _ in range(REFITS):
        counts = _with_few(beyond, shares)
        beyond = np.round(beyond * _factors(groups, targets, counts - 1.0) ** REFIT_STEP, MEAN_DECIMALS)
    return counts


def _with_few(beyond: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The counts at the dispersion for which exactly 672 have three or fewer."""
    low, high = 0.05, 6.0
    for _ in range(50):
        middle = (low + high) / 2
        counts = _counts(beyond, shares, middle)
        few = int((counts <= 3).sum())
        if few == THREE_OR_FEWER:
            return counts
        low, high = (middle, high) if few < THREE_OR_FEWER else (low, middle)
    raise InfeasibleDrawError("reoffences: no dispersion gives the published share of three or fewer")


def _counts(beyond: np.ndarray, shares: np.ndarray, dispersion: float) -> np.ndarray:
    size = 1 / dispersion
    return np.minimum(1 + nbinom.ppf(shares, size, size / (size + beyond)), MOST_REOFFENCES).astype(int)


def _repaired(counts: np.ndarray, groups: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The counts moved as little as possible until every group's sum prints as published.

    Large counts are moved first; nobody crosses the line between three and four.
    """
    few = counts <= 3
    down = np.minimum(counts - np.where(few, 1, 4), LARGEST_REPAIR)
    up = np.where(few, 3 - counts, LARGEST_REPAIR)
    matrix = csr_array(groups)
    solution = milp(
        np.tile(np.round(1 / np.sqrt(counts), 6), 2),
        integrality=np.ones(2 * counts.size),
        bounds=Bounds(0, np.concatenate([up, down])),
        constraints=LinearConstraint(hstack([matrix, -matrix]), low - groups @ counts, high - groups @ counts),
        options={"mip_rel_gap": REPAIR_GAP, "node_limit": NODE_LIMIT},
    )
    if solution.x is None:
        raise InfeasibleDrawError(f"reoffences: the counts cannot be repaired ({solution.message})")
    moves = np.round(solution.x).astype(int)
    return counts + moves[: counts.size] - moves[counts.size :]


def _days_to_first(counts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The first of `counts` events spread evenly over the year of follow-up, 0 to 365 days."""
    return np.floor(366 * rng.beta(1.0, 0.6 + 0.4 * counts)).astype(int)
