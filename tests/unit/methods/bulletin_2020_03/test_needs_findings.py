"""Counts, pairs, differences and ratings of 2020/03 against plain loops and other libraries."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.bulletin_2020_03.annex_c import annex_c
from orchestration.methods.bulletin_2020_03.cooccurrence import RANKED, needs_cooccurrence, pair_measures
from orchestration.methods.bulletin_2020_03.counts import needs_counts
from orchestration.methods.bulletin_2020_03.models import fit_stepwise_models
from orchestration.methods.bulletin_2020_03.provider_ratings import provider_ratings
from orchestration.methods.bulletin_2020_03.stated_differences import NO_CASES, STATEMENTS, stated_differences
from orchestration.methods.bulletin_2020_03.subgroup_differences import subgroup_differences
from orchestration.methods.layouts.layout_2020 import GROUPS, MEASURE_BY_CODE, MODELLED, NEEDS, STRENGTHS
from tests.made_up.needs_by_hand import CASES, RATINGS, ROWS, codes, counted, members, number_of


def test_numbers_of_needs_and_strengths_are_counted_as_by_hand() -> None:
    counts = needs_counts(CASES)
    groups = 1 + sum(len(group.codes) for group in GROUPS)
    assert len(counts) == groups * (9 + 1 + 6 + 1)
    for row in counts.itertuples():
        rows = members(row.item, row.category)
        numbers = [number_of(case, row.kind) for case in rows]
        least = int(row.number.removesuffix("+"))
        n = sum(number >= least if row.is_band else number == least for number in numbers)
        assert (row.n, row.n_cases) == (n, len(rows)), row
        assert row.percent == pytest.approx(100 * n / len(rows))


def test_pairs_are_counted_and_measured_as_by_other_libraries() -> None:
    from statsmodels.stats.contingency_tables import Table2x2

    pairs = needs_cooccurrence(CASES)
    assert pairs["kind"].value_counts().to_dict() == {"needs": 28, "strengths": 10}
    for pair in pairs.itertuples():
        first, second = (np.array([row[name] == "yes" for row in ROWS]) for name in (pair.first, pair.second))
        both = int((first & second).sum())
        assert (pair.n, pair.n_first, pair.n_second, pair.n_both) == (len(ROWS), first.sum(), second.sum(), both)
        table = Table2x2(
            np.array([[both, (first & ~second).sum()], [(~first & second).sum(), (~first & ~second).sum()]])
        )
        assert pair.phi == pytest.approx(np.corrcoef(first, second)[0, 1])
        assert pair.odds_ratio == pytest.approx(table.oddsratio)
        assert (pair.ci_low, pair.ci_high) == pytest.approx(table.oddsratio_confint(0.05))
        assert pair.percent_both == pytest.approx(100 * (first & second).mean())
        assert pair.percent_of_first == pytest.approx(100 * second[first].mean())
        assert pair.percent_of_second == pytest.approx(100 * first[second].mean())
        assert pair.lift == pytest.approx((first & second).mean() / (first.mean() * second.mean()))
        assert pair.jaccard == pytest.approx(both / (first | second).sum())


def test_ranks_run_from_the_strongest_within_needs_and_within_strengths() -> None:
    pairs = needs_cooccurrence(CASES)
    for _, of_kind in pairs.groupby("kind"):
        for measure in RANKED:
            ordered = of_kind.sort_values(f"rank_{measure}")
            assert ordered[f"rank_{measure}"].iloc[0] == 1
            assert ordered[measure].is_monotonic_decreasing
    strongest = pairs[(pairs["kind"] == "needs") & (pairs["rank_phi"] == 1)]
    assert list(zip(strongest["first"], strongest["second"], strict=True)) == [("need_lifestyle", "need_drugs")]


@pytest.mark.parametrize(
    ("table", "missing"),
    [
        ((5, 0, 3, 2), {"odds_ratio", "ci_low", "ci_high"}),
        ((5, 3, 0, 0), {"odds_ratio", "ci_low", "ci_high", "phi"}),
        ((0, 0, 4, 6), {"odds_ratio", "ci_low", "ci_high", "phi", "percent_of_first", "lift"}),
        ((0, 0, 0, 0), {"odds_ratio", "ci_low", "ci_high", "phi", "percent_of_first", "percent_of_second"}
         | {"lift", "jaccard", "percent_both"}),
    ],
    ids=["an empty cell", "everybody has the first", "nobody has the first", "no cases"],
)  # fmt: skip
def test_a_measure_that_cannot_be_had_is_missing(table: tuple[int, ...], missing: set[str]) -> None:
    measures = pair_measures(table)
    assert {name for name, value in measures.items() if np.isnan(value)} == missing


def test_a_narrower_level_widens_the_interval() -> None:
    wide, narrow = pair_measures((20, 10, 15, 55), 0.01), pair_measures((20, 10, 15, 55), 0.05)
    assert wide["ci_low"] < narrow["ci_low"] < narrow["odds_ratio"] < narrow["ci_high"] < wide["ci_high"]


def test_differences_put_every_verdict_beside_the_extremes() -> None:
    measures = [MEASURE_BY_CODE[code] for code in ("need_drugs", "delivery_drugs", "strengths_built_upon")]
    fitted = fit_stepwise_models(CASES, measures=measures)
    published = fitted.stepwise_terms[fitted.stepwise_terms["removal_test"] == "likelihood_ratio"]
    annex = annex_c(CASES, published)
    differences = subgroup_differences(annex, fitted.stepwise_terms, fitted.models.model_terms)
    assert len(differences) == len(MODELLED) * len(GROUPS) == 224
    verdicts = fitted.stepwise_terms.set_index(["outcome", "term", "removal_test"])
    forced = fitted.models.model_terms.set_index(["model_id", "term"])
    for row in differences.itertuples():
        values = {c: counted(row.outcome, members(row.item, c))[1] for c in codes(row.item)}
        assert values[row.lowest_category] == min(values.values())
        assert values[row.highest_category] == max(values.values())
        first, *_, last = codes(row.item)
        if row.item == "ethnicity":
            assert np.isnan(row.last_less_first)
        else:
            assert row.last_less_first == pytest.approx(float(values[last] - values[first]))
        if row.outcome not in {measure.code for measure in measures}:
            assert pd.isna(row.is_retained)
            assert np.isnan(row.forced_wald_p)
            continue
        tests = [verdicts.loc[(row.outcome, row.item, test)] for test in ("likelihood_ratio", "conditional", "wald")]
        assert [row.is_retained, row.is_retained_conditional, row.is_retained_wald] == [
            test["is_retained"] for test in tests
        ]
        assert row.p_value == tests[0]["p_value"]
        assert row.forced_wald_p == forced.loc[(f"stepwise__{row.outcome}__forced", row.item), "wald_p"]


def test_ratings_are_counted_by_type_and_the_unused_stand_there_too() -> None:
    rated = provider_ratings(RATINGS).set_index(["provider_type", "rating"])
    assert rated.loc[("crc", "good"), ["n", "n_providers"]].tolist() == [2, 3]
    assert rated.loc[("crc", "good"), "percent"] == pytest.approx(200 / 3)
    assert rated.loc[("nps", "requires_improvement"), ["n", "percent"]].tolist() == [1, 100]
    assert len(rated) == 8
    assert rated["n"].sum() == len(RATINGS)


def test_no_ratings_make_an_empty_table_of_the_same_columns() -> None:
    nothing = provider_ratings(RATINGS.head(0))
    assert nothing.empty
    assert nothing.dtypes.to_dict() == provider_ratings(RATINGS).dtypes.to_dict()


def test_every_pair_of_needs_and_of_strengths_stands_there_once() -> None:
    pairs = needs_cooccurrence(CASES)
    needs = list(combinations([f"need_{need}" for need in NEEDS], 2))
    strengths = list(combinations([f"strength_{strength}" for strength in STRENGTHS], 2))
    assert list(zip(pairs["first"], pairs["second"], strict=True)) == [*needs, *strengths]


def test_stated_differences_are_counted_and_fitted_as_by_statsmodels() -> None:
    import statsmodels.formula.api as smf

    cases = stated_cases()
    found = stated_differences(cases).set_index(["provider_type", "outcome"])
    own = cases[(cases["provider_type"] == "nps") & cases["strengths_built_upon"].isin(["yes", "no"])]
    sides = [
        own[own["ogrs_group_2020"] == level]["strengths_built_upon"] == "yes" for level in ("low", "high_very_high")
    ]
    row = found.loc[("nps", "strengths_built_upon")]
    assert (row["n_first"], row["n_second"]) == tuple(len(side) for side in sides)
    assert row["gap"] == pytest.approx(100 * (sides[1].mean() - sides[0].mean()))
    numeric = own.assign(y=(own["strengths_built_upon"] == "yes").astype(float)).astype({"y": float})
    formula = (
        "y ~ C(gender) + C(age_group_2020) + C(ethnicity) + C(case_type) + C(rosh_group) + "
        "C(ogrs_group_2020, Treatment('low'))"
    )
    theirs = smf.logit(formula, numeric).fit(disp=0)
    name = "C(ogrs_group_2020, Treatment('low'))[T.high_very_high]"
    assert row["odds_ratio"] == pytest.approx(np.exp(theirs.params[name]), rel=1e-5)
    assert row["p_value"] == pytest.approx(theirs.pvalues[name], rel=1e-4)


def test_a_stated_difference_without_cases_or_without_estimate_says_so() -> None:
    cases = stated_cases()
    found = stated_differences(cases[cases["provider_type"] == "crc"]).set_index(["provider_type", "outcome"])
    assert set(found.loc["nps", "not_estimable_because"]) == {NO_CASES}
    assert found.loc["nps", ["gap", "odds_ratio"]].isna().all(axis=None)
    alike = stated_differences(cases.assign(strengths_built_upon="yes")).set_index(["provider_type", "outcome"])
    row = alike.loc[("crc", "strengths_built_upon")]
    assert np.isnan(row["odds_ratio"])
    assert row["not_estimable_because"]
    assert row["gap"] == 0


def stated_cases() -> pd.DataFrame:
    """Cases with everything that the statements rest on, complete."""
    rng = np.random.default_rng(11)
    levels = {group.column: group.codes for group in GROUPS}
    levels |= {statement.measure.code: ("yes", "no") for statement in STATEMENTS}
    return pd.DataFrame({name: rng.choice(codes, 900) for name, codes in levels.items()})
