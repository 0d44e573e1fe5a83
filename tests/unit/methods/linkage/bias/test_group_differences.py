"""Standardised differences by hand, tests and effect sizes against R (reference/match_bias.R)."""

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.linkage.bias.match_bias import match_bias
from orchestration.methods.statistics import group_differences
from orchestration.methods.statistics.group_differences import MONTE_CARLO_TABLES
from tests.unit.methods.linkage.bias.bias_cases import with_needs
from tests.unit.methods.linkage.bias.r_values import r_values


@pytest.fixture(scope="module")
def bias(reference_cases: pd.DataFrame) -> pd.DataFrame:
    return match_bias(with_needs(reference_cases))


def test_a_difference_of_shares_is_austins() -> None:
    assert group_differences.share_difference(0.3, 0.5) == pytest.approx(-0.2 / np.sqrt((0.21 + 0.25) / 2), rel=1e-14)


def test_a_difference_of_means_is_austins() -> None:
    assert group_differences.mean_difference(10, 7, 4, 14) == pytest.approx(1.0, rel=1e-14)


def test_no_spread_is_no_difference_or_an_unknown_one() -> None:
    assert group_differences.share_difference(1, 1) == 0
    assert np.isnan(group_differences.share_difference(1, 0))


def test_two_categories_are_austins_without_its_sign() -> None:
    found = group_differences.multinomial_difference(np.array([0.7, 0.3]), np.array([0.5, 0.5]))
    assert found == pytest.approx(abs(group_differences.share_difference(0.3, 0.5)), rel=1e-12)


def test_three_categories_are_yang_and_daltons_by_hand() -> None:
    first, second = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.5, 0.3])
    a = (0.3 * 0.7 + 0.5 * 0.5) / 2
    d = (0.2 * 0.8 + 0.3 * 0.7) / 2
    b = -(0.3 * 0.2 + 0.5 * 0.3) / 2
    x, y = -0.2, -0.1
    by_hand = np.sqrt((d * x * x - 2 * b * x * y + a * y * y) / (a * d - b * b))
    assert group_differences.multinomial_difference(first, second) == pytest.approx(by_hand, rel=1e-12)


def test_the_order_of_the_categories_and_empty_ones_do_not_matter() -> None:
    first, second = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.5, 0.3])
    whole = group_differences.multinomial_difference(first, second)
    turned = group_differences.multinomial_difference(first[[2, 0, 1]], second[[2, 0, 1]])
    widened = group_differences.multinomial_difference(np.append(0, first), np.append(0, second))
    assert turned == pytest.approx(whole, rel=1e-12)
    assert widened == pytest.approx(whole, rel=1e-12)


def test_groups_without_a_category_in_common_have_no_difference_in_spreads() -> None:
    assert np.isnan(group_differences.multinomial_difference(np.array([1.0, 0.0]), np.array([0.0, 1.0])))


@pytest.mark.parametrize(("first", "second"), [((3, 1), (40, 60)), ((2, 9), (1, 7))], ids=["3,1", "2,9"])
def test_small_counts_in_two_categories_are_tested_exactly_as_in_r(first, second) -> None:
    name = {3: "3,1;40,60", 2: "2,9;1,7"}[first[0]]
    found = group_differences.compare_counts(np.array(first), np.array(second))
    assert found.name == "fisher_exact"
    assert found.p == pytest.approx(r_values("counts", "fisher_p")[name], rel=1e-9)


def test_small_counts_in_four_categories_come_near_the_enumerated_p() -> None:
    exact = r_values("counts", "exact_chi2_p")["1,6,0,3 of 9,12,7,5"]
    found = group_differences.compare_counts(np.array([1, 6, 0, 3]), np.array([8, 6, 7, 2]))
    assert found.name == "pearson_monte_carlo"
    assert found.p == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / MONTE_CARLO_TABLES))


@pytest.mark.parametrize("item", ["ethnicity", "case_type", "rosh_group"])
def test_chi_squares_and_cramers_v_are_rs(item, bias) -> None:
    row = bias[(bias["source"] == "reoffending") & (bias["item"] == item)].iloc[0]
    assert row["statistic"] == pytest.approx(r_values("reoffending", "chi2")[item], rel=1e-9)
    if row["test"] == "pearson":
        assert row["p_value"] == pytest.approx(r_values("reoffending", "p")[item], rel=1e-9)
    assert row["effect_size"] == pytest.approx(r_values("reoffending", "cramers_v")[item], rel=1e-9)
    assert row["effect_ci_low"] == pytest.approx(r_values("reoffending", "cramers_v_low")[item], abs=1e-6)
    assert row["effect_ci_high"] == pytest.approx(r_values("reoffending", "cramers_v_high")[item], abs=1e-6)


@pytest.mark.parametrize("item", ["age", "previous_sanctions", "ogrs_score"])
def test_interval_items_are_compared_as_in_r(item, bias) -> None:
    rows = bias[(bias["source"] == "reoffending") & (bias["item"] == item)].set_index("category")
    for row, column, quantity in (
        ("mean", "statistic", "t"),
        ("mean", "df", "t_df"),
        ("mean", "p_value", "t_p"),
        ("mean", "effect_size", "cohens_d"),
        ("mean", "standardised_difference", "standardised_difference"),
        ("median", "statistic", "u"),
        ("median", "p_value", "u_p"),
    ):
        assert rows.loc[row, column] == pytest.approx(r_values("reoffending", quantity)[item], rel=1e-9), quantity
    n_pairs = rows.loc["median", "n_matched"] * rows.loc["median", "n_unmatched"]
    assert rows.loc["median", "effect_size"] == pytest.approx(2 * rows.loc["median", "statistic"] / n_pairs - 1)


def test_holms_adjusted_p_values_are_rs() -> None:
    adjusted = group_differences.holm(np.array([0.01, 0.04, np.nan, 0.03, 0.005, 0.5]))
    assert np.isnan(adjusted[2])
    np.testing.assert_allclose(np.delete(adjusted, 2), list(r_values("holm", "p").values()), rtol=1e-12)
