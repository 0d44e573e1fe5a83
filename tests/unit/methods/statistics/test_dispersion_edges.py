"""Dispersions at and near the edge of their range, against direct maximisation with scipy's distributions.

The designs are groups, so that the mean of a negative binomial model is the group's whatever alpha is, and the profile
over alpha needs no regression.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import chi2, nbinom, poisson

from orchestration.methods.statistics.dispersion_interval import dispersion_interval
from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.negative_binomial import (
    LEAST_GAIN,
    NEGATIVE_BINOMIAL,
    NEGATIVE_BINOMIAL_FIXED,
    NO_OVERDISPERSION,
)
from orchestration.methods.statistics.pseudo_likelihood import fit_weighted
from orchestration.methods.statistics.zero_truncated import ZERO_TRUNCATED

INTERIOR = pd.read_csv(Path(__file__).parent / "reference" / "counts_with_an_interior_maximum.csv")
GRID = np.linspace(-12, 5, 120)


def random_groups(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Groups of counts, some over- and some under-dispersed, with means from half to hundreds.

    In every third set many small counts are over-dispersed and a few large ones under-dispersed, which outweigh them
    at alpha 0.
    """
    rng = np.random.default_rng(seed)
    if seed % 3 == 0:
        few, many = int(rng.integers(5, 15)), int(rng.integers(200, 500))
        large = np.round(rng.uniform(300, 1000) + rng.uniform(-2, 2, few))
        counts = np.append(large, rng.negative_binomial(1.0, rng.uniform(0.4, 0.6), many))
        return np.repeat([0, 1], [few, many]), counts.astype(float)
    parts = []
    for group in range(rng.integers(2, 5)):
        n, mean = int(rng.integers(5, 120)), float(np.exp(rng.uniform(-0.7, 5)))
        kind = rng.integers(3)
        spread = np.exp(rng.uniform(-3, 1))
        counts = (
            rng.negative_binomial(1 / spread, 1 / (1 + mean * spread), n)
            if kind == 0
            else rng.poisson(mean, n)
            if kind == 1
            else np.round(mean + rng.uniform(-1, 1, n))
        )
        parts.append((np.full(n, group), np.maximum(counts, 0)))
    group, counts = (np.concatenate(part) for part in zip(*parts, strict=True))
    filled = np.array([counts[group == own].sum() > 0 for own in group])
    return group[filled], counts[filled].astype(float)


def dummies(group: np.ndarray) -> np.ndarray:
    levels = np.unique(group)
    return np.column_stack([np.ones(len(group)), *(group == level for level in levels[1:])]).astype(float)


def profile_of(group: np.ndarray, counts: np.ndarray) -> Callable[[float], float]:
    """scipy's log-likelihood at each ln alpha, every group at its own mean."""
    mean = pd.Series(counts).groupby(group).transform("mean").to_numpy()

    def profile(log_alpha: float) -> float:
        size = np.exp(-log_alpha)
        return float(nbinom.logpmf(counts, size, size / (size + mean)).sum())

    return profile


def highest(profile: Callable[[float], float]) -> tuple[float, float]:
    """alpha and the log-likelihood at the top of the profile, by a fine grid and Brent's method."""
    values = [profile(at) for at in GRID]
    at = int(np.argmax(values))
    ends = GRID[max(at - 1, 0)], GRID[min(at + 1, len(GRID) - 1)]
    found = minimize_scalar(lambda x: -profile(x), bounds=ends, method="bounded", options={"xatol": 1e-8})
    return float(np.exp(found.x)), -float(found.fun)


def test_a_top_beyond_a_falling_start_is_found() -> None:
    # MASS::glm.nb(y ~ g): alpha .7038, log-likelihood -750.363; Poisson regression -763.94
    counts, group = INTERIOR["y"].to_numpy(float), INTERIOR["g"].to_numpy()
    fit = fit_family(NEGATIVE_BINOMIAL, dummies(group), counts)
    assert fit.dispersion is not None
    assert fit.dispersion[0] == pytest.approx(0.7038, abs=5e-5)
    assert fit.log_likelihood == pytest.approx(-750.363, abs=5e-4)
    weighted = fit_weighted("negative_binomial", dummies(group), counts, np.ones(len(counts)))
    assert weighted.log_likelihood == pytest.approx(fit.log_likelihood, abs=1e-8)


def test_the_highest_top_is_found_whatever_the_counts_are_like(n_sets: int) -> None:
    kinds = {"dispersed": 0, "not": 0, "falling": 0}
    for seed in range(n_sets):
        group, counts = random_groups(seed)
        mean = pd.Series(counts).groupby(group).transform("mean").to_numpy()
        alpha, top = highest(profile_of(group, counts))
        gain = top - poisson.logpmf(counts, mean).sum()
        fit = fit_family(NEGATIVE_BINOMIAL, dummies(group), counts)
        if fit.failure == NO_OVERDISPERSION:
            assert gain < 10 * LEAST_GAIN, seed
            kinds["not"] += 1
            continue
        assert fit.log_likelihood == pytest.approx(top, abs=1e-5), seed
        assert fit.dispersion is not None
        assert fit.dispersion[0] == pytest.approx(alpha, rel=1e-2, abs=1e-4), seed
        kinds["dispersed"] += 1
        kinds["falling"] += bool(((counts - mean) ** 2 - counts).sum() <= 0)
    assert min(kinds.values()) > 0


def test_a_zero_truncated_fit_is_the_highest_too(n_sets: int) -> None:
    for seed in range(n_sets // 3):
        group, counts = random_groups(seed)
        counts = counts[group == 0] + 1
        fit = fit_family(ZERO_TRUNCATED, np.ones((len(counts), 1)), counts)
        if fit.converged:
            assert fit.log_likelihood > _best_truncated(counts) - 1e-5, seed


def _best_truncated(counts: np.ndarray) -> float:
    """The highest log-likelihood on a grid of means and dispersions within what a fit may report."""
    log_mean, log_alpha = np.meshgrid(np.linspace(-6, 7, 40), np.linspace(-6, 6, 40))
    size = np.exp(-log_alpha)
    chance = size / (size + np.exp(log_mean))
    value, n = np.unique(counts, return_counts=True)
    whole = sum(number * nbinom.logpmf(count, size, chance) for count, number in zip(value, n, strict=True))
    return float(np.nanmax(whole - len(counts) * np.log1p(-(chance**size))))


def edge_counts(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Counts with next to no over-dispersion."""
    rng = np.random.default_rng(seed)
    group = np.repeat([0, 1], 120)
    return group, rng.negative_binomial(60, 60 / (60 + np.where(group, 3.0, 1.5))).astype(float)


def _upper_limit(profile: Callable[[float], float], alpha: float, level: float) -> float:
    return float(np.exp(brentq(lambda at: profile(at) - level, np.log(alpha), 8)))


def test_an_interval_of_alpha_reaches_nought_just_where_poisson_is_possible(n_sets: int) -> None:
    reaching = 0
    for seed in range(n_sets // 2):
        group, counts = edge_counts(seed)
        matrix, profile = dummies(group), profile_of(group, counts)
        fit = fit_family(NEGATIVE_BINOMIAL, matrix, counts)
        if fit.dispersion is None:
            continue
        mean = pd.Series(counts).groupby(group).transform("mean").to_numpy()
        at_nought = float(poisson.logpmf(counts, mean).sum())
        low, high = dispersion_interval(NEGATIVE_BINOMIAL, fit, matrix, counts, 0.05)
        critical = chi2.isf(0.05, 1)
        is_possible = 2 * (fit.log_likelihood - at_nought) <= critical
        assert (low == 0) == is_possible, seed
        if is_possible:
            expected = _upper_limit(profile, fit.dispersion[0], fit.log_likelihood - critical / 2)
            assert high == pytest.approx(expected, rel=1e-5), seed
            reaching += 1
        else:
            assert low * high == pytest.approx(fit.dispersion[0] ** 2)
    assert reaching > 0


def test_a_fixed_dispersion_has_no_interval() -> None:
    group, counts = edge_counts(0)
    fit = fit_family(NEGATIVE_BINOMIAL_FIXED, dummies(group), counts)
    limits = dispersion_interval(NEGATIVE_BINOMIAL_FIXED, fit, dummies(group), counts, 0.05)
    assert np.isnan(limits).all()
