"""Regressions in which each group of cases has a level of its own: random intercepts, by adaptive quadrature.

Belongs here: the marginal likelihood over normal intercepts and its maximum. Not here: which groups.

The integral over a group's intercept is Gauss-Hermite's with nodes about the integrand's top (Pinheiro and Bates 1995).
The score is the mean over the intercept's distribution given the outcomes (Fisher's identity).
"""

from dataclasses import dataclass

import numpy as np

from orchestration.methods.statistics.dispersed_counts import Contribution, log_probability
from orchestration.methods.statistics.fitting import Fit, orthonormal
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector, maximise

NODES = 15
TOP_STEPS = 12
TRIED_SPREADS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
# A gain in log-likelihood over the model without groups below this is rounding.
LEAST_GAIN = 1e-6
LARGEST_LOG_SPREAD = 4.0
NOT_MAXIMISED = "the marginal likelihood has no accepted maximum"


@dataclass(frozen=True)
class InterceptFit:
    """Coefficients with their covariance, and the standard deviation of the groups' levels; `failure` says why not."""

    estimates: Vector
    covariance: Matrix
    spread: float
    log_likelihood: float
    failure: str = ""


class MarginalLikelihood:
    """The log-likelihood of (coefficients, ln spread) or, of counts, (coefficients, ln alpha, ln spread)."""

    def __init__(self, outcome: Vector, columns: Matrix, group: np.ndarray, is_count: bool) -> None:
        order = np.argsort(group, kind="stable")
        _, first = np.unique(group[order], return_index=True)
        self._outcome, self._columns, self._first = outcome[order], columns[order], first
        self._place = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(group))))
        self._is_count, self._width = is_count, columns.shape[1]
        nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
        self._nodes, self._log_weights = nodes, np.log(weights) - 0.5 * np.log(2 * np.pi) + 0.5 * nodes**2

    def loglike(self, params: Vector) -> float:
        return float(self._by_node(params)[0].sum())

    def score(self, params: Vector) -> Vector:
        _, share, levels = self._by_node(params)
        return np.asarray(
            sum(share[:, node] @ self._scores(params, levels[:, node])[0] for node in range(NODES)), dtype=np.float64
        )

    def hessian(self, params: Vector) -> Matrix:
        """Louis' identity (1982): the mean information of the whole, less what not knowing the levels costs."""
        _, share, levels = self._by_node(params)
        mean, whole = np.zeros((len(self._first), len(params))), np.zeros((len(params),) * 2)
        for node in range(NODES):
            scores, found = self._scores(params, levels[:, node])
            own = share[:, node]
            mean += own[:, None] * scores
            whole += scores.T @ (own[:, None] * scores) + self._curved(params, levels[:, node], own, found)
        return whole - mean.T @ mean

    def slope_at_nought(self, params: Vector) -> float:
        """The derivative by the spread's square where it is nought (`params` without the spread)."""
        found = self._pieces(np.append(params, 0.0), np.zeros(len(self._outcome)))
        by_group = np.add.reduceat(found.e, self._first)
        return 0.5 * float((by_group**2).sum() + found.ee.sum())

    def _scores(self, params: Vector, level: Vector) -> tuple[Matrix, Contribution]:
        """Each group's score if its level were known (groups x parameters), and its cases' contributions."""
        found = self._pieces(params, level[self._place])
        columns = [np.add.reduceat(self._columns * found.e[:, None], self._first)]
        if self._is_count:
            columns.append(-np.exp(-params[-2]) * np.add.reduceat(found.t, self._first)[:, None])
        columns.append(((level / np.exp(params[-1])) ** 2 - 1)[:, None])
        return np.hstack(columns), found

    def _curved(self, params: Vector, level: Vector, own: Vector, found: Contribution) -> Matrix:
        """The second derivatives if the levels were known, groups weighted by `own`."""
        by_case, width = own[self._place], self._width
        curved = np.zeros((len(params),) * 2)
        curved[:width, :width] = self._columns.T @ (self._columns * (by_case * found.ee)[:, None])
        if self._is_count:
            theta = float(np.exp(-params[-2]))
            curved[:width, -2] = curved[-2, :width] = -theta * (self._columns.T @ (by_case * found.et))
            curved[-2, -2] = theta**2 * float(by_case @ found.tt) + theta * float(by_case @ found.t)
        curved[-1, -1] = -2 * float(own @ (level / np.exp(params[-1])) ** 2)
        return curved

    def _pieces(self, params: Vector, level: Vector) -> Contribution:
        """Each case's log-likelihood and its derivatives by the predictor, and of counts by theta."""
        predictor = self._columns @ params[: self._width] + level
        if self._is_count:
            return log_probability(self._outcome, np.exp(predictor), float(np.exp(-params[-2])))
        mean, none = 1 / (1 + np.exp(-predictor)), np.zeros(0)
        value = self._outcome * predictor - np.logaddexp(0, predictor)
        return Contribution(value, self._outcome - mean, none, -mean * (1 - mean), none, none)

    def _by_node(self, params: Vector) -> tuple[Vector, Matrix, Matrix]:
        """Of each group the log-likelihood, each node's share of it, and the nodes' levels."""
        top, width = self._tops(params)
        levels = top[:, None] + width[:, None] * self._nodes
        values = [self._pieces(params, levels[self._place, node]).value for node in range(NODES)]
        logs = np.array([np.add.reduceat(value, self._first) for value in values]).T
        logs += -0.5 * (levels / np.exp(params[-1])) ** 2 - params[-1] + np.log(width)[:, None] + self._log_weights
        highest = logs.max(axis=1)
        total = highest + np.log(np.exp(logs - highest[:, None]).sum(axis=1))
        return total, np.exp(logs - total[:, None]), levels

    def _tops(self, params: Vector) -> tuple[Vector, Vector]:
        """Where each group's integrand is highest, and how wide it is there."""
        precision, top = np.exp(-2 * params[-1]), np.zeros(len(self._first))
        bend = np.full(len(top), precision)
        for _ in range(TOP_STEPS):
            found = self._pieces(params, top[self._place])
            bend = precision - np.add.reduceat(found.ee, self._first)
            step = np.clip((np.add.reduceat(found.e, self._first) - precision * top) / bend, -1.0, 1.0)
            top = top + step
            if np.abs(step).max() < 1e-10:
                break
        return top, 1 / np.sqrt(bend)


@np.errstate(all="ignore")  # far off, likelihoods overflow; the step is then halved
def fit_random_intercept(outcome: Vector, matrix: Matrix, group: np.ndarray, plain: Fit) -> InterceptFit:
    """The model with a level a group, from the same model without (`plain`, of full rank and finite).

    `matrix` is cases x columns, `group` one label a case; counts where `plain` has a dispersion. Where the groups do
    not differ beyond chance, the spread is nought and the model is the plain one.
    """
    columns, to_own_units = orthonormal(matrix)
    likelihood = MarginalLikelihood(outcome, columns, group, plain.dispersion is not None)
    dispersion = [np.log(plain.dispersion[0])] if plain.dispersion else []
    start = np.array([*np.linalg.solve(to_own_units, plain.estimates), *dispersion])
    tried = [np.append(start, np.log(spread)) for spread in TRIED_SPREADS]
    nearest = max(tried, key=likelihood.loglike)
    is_at_edge = likelihood.loglike(nearest) < plain.log_likelihood and likelihood.slope_at_nought(start) <= 0
    maximum = None if is_at_edge else maximise(likelihood, nearest)
    if maximum is None or maximum.log_likelihood < plain.log_likelihood + LEAST_GAIN:
        return InterceptFit(plain.estimates, plain.covariance, 0.0, plain.log_likelihood)
    if not maximum.is_accepted or maximum.params[-1] > LARGEST_LOG_SPREAD:
        unknown = np.full_like(plain.covariance, np.nan)
        return InterceptFit(unknown[0], unknown, np.nan, np.nan, NOT_MAXIMISED)
    width = matrix.shape[1]
    own = to_own_units @ maximum.covariance[:width, :width] @ to_own_units.T
    spread = float(np.exp(maximum.params[-1]))
    return InterceptFit(to_own_units @ maximum.params[:width], own, spread, maximum.log_likelihood)
