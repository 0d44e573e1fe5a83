"""Match rates by sub-group and the figures of the text."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from orchestration.methods.bulletin_2023_04.annex_b import annex_b
from orchestration.methods.bulletin_2023_04.headlines import headlines
from orchestration.methods.bulletin_2023_04.match_rates import match_rates
from orchestration.methods.layouts.layout_2023 import CHARACTERISTICS
from orchestration.methods.statistics.significance import pearson
from orchestration.settings import PUBLISHED_FIGURES_DIR

# Parameters of the method, and figures that contradict the tables or are not in the extracts.
NOT_REPRODUCED = {
    "term_matched_text",
    "term_match_rate_round",
    "term_match_rate",
    "indictable_only_reoffences",
    "match_window_days",
    "significance_level_2023",
    "sample_confidence",
    "sample_margin",
    "followup_months",
    "waiting_months",
}


@pytest.fixture(scope="module")
def rates(cases: pd.DataFrame) -> pd.DataFrame:
    return match_rates(cases)


@pytest.fixture(scope="module")
def figures(cases, models, rates) -> pd.DataFrame:
    return headlines(cases, annex_b(cases, models.model_terms), rates).set_index("id")


def test_eligible_are_community_cases_for_terminations_and_all_cases_for_reoffending(cases, rates) -> None:
    totals = rates[rates["item"] == "all_cases"].set_index("source")["eligible"]
    assert totals["terminations"] == (cases["case_type"] == "community").sum()
    assert totals["reoffending"] == len(cases)


def test_a_case_of_missing_type_is_eligible_for_reoffending(cases) -> None:
    unknown = cases.assign(case_type=cases["case_type"].mask(cases.index < 5))
    totals = match_rates(unknown)
    row = totals[(totals["source"] == "reoffending") & (totals["item"] == "all_cases")].iloc[0]
    assert row["eligible"] == len(cases)


def test_every_characteristic_is_there_for_both_sources_case_type_untested_among_terminations(cases, rates) -> None:
    for _, source in rates.groupby("source"):
        assert list(dict.fromkeys(source["item"])) == ["all_cases", *(item.item for item in CHARACTERISTICS)]
    of_type = rates[(rates["source"] == "terminations") & (rates["item"] == "case_type")].set_index("category")
    assert of_type.loc["community", "eligible"] == (cases["case_type"] == "community").sum()
    assert of_type.loc["post_release", "eligible"] == 0
    assert np.isnan(of_type.loc["post_release", "rate"])
    assert of_type["p_value"].isna().all()


@pytest.mark.parametrize(
    ("item", "whole", "parts"),
    [
        ("ogrs_group", "high_very_high", ["high", "very_high"]),
        ("rosh_group", "low_medium", ["low", "medium"]),
    ],
)
def test_combined_categories_add_up(item, whole, parts, rates) -> None:
    for _, source in rates[rates["item"] == item].groupby("source"):
        by = source.set_index("category")
        assert (by.loc[whole, ["eligible", "matched"]] == by.loc[parts, ["eligible", "matched"]].sum()).all()
        assert source["p_value"].nunique() == 1


def test_p_values_are_pearsons_over_the_non_missing_categories(cases, rates) -> None:
    known = cases[cases["ethnicity"].notna()]
    table = pd.crosstab(known["ethnicity"], known["reoffending_matched"])
    expected = chi2_contingency(table, correction=False).pvalue
    rows = rates[(rates["source"] == "reoffending") & (rates["item"] == "ethnicity")]
    np.testing.assert_allclose(rows["p_value"], expected, rtol=1e-10)


@pytest.mark.parametrize(
    ("matched", "eligible"),
    [([5, 4], [5, 4]), ([0, 0], [5, 4]), ([3, 0], [5, 0])],
    ids=["all", "none", "one group"],
)
def test_nothing_is_tested_where_there_is_nothing_to_compare(matched, eligible) -> None:
    assert np.isnan(pearson(np.array(matched), np.array(eligible)).p)


def test_headlines_are_the_published_ones_but_parameters_and_contradictions(figures) -> None:
    published = pd.read_csv(PUBLISHED_FIGURES_DIR / "headlines.csv")
    expected = set(published.loc[published["bulletin"] == "2023/04", "id"]) - NOT_REPRODUCED
    assert set(figures.index) == expected
    units = published.set_index("id")["unit"]
    assert (figures["unit"] == units[figures.index]).all()


def test_headlines_are_printed_with_the_published_decimals(figures) -> None:
    assert figures.loc["reoff_match_rate", "value_published"] == round(figures.loc["reoff_match_rate", "value"], 1)
    assert figures.loc["reoff_match_rate_round", "value_published"] % 1 == 0
    whole = figures[figures["unit"].isin(["percent", "percentage_points", "count"])].drop("reoff_match_rate")
    assert (whole["value_published"] % 1 == 0).all()
    assert ((figures["value_published"] - figures["value"]).abs() <= 0.5).all()


def test_the_combined_finding_is_the_gap_between_both_yes_and_both_no(cases, figures) -> None:
    analysed = cases[cases["termination_outcome"].isin(["positive", "negative"])]
    completed = analysed["termination_outcome"] == "positive"
    both = (analysed["engagement"] == "yes") & (analysed["desistance"] == "yes")
    neither = (analysed["engagement"] == "no") & (analysed["desistance"] == "no")
    gap = 100 * (completed[both].mean() - completed[neither].mean())
    assert figures.loc["both_kq_completion_gap", "value"] == pytest.approx(gap)
    assert figures.loc["both_kq_completion_gap", "n"] == both.sum() + neither.sum()


def test_gaps_are_positive_as_printed(cases, figures) -> None:
    known = cases[cases["reoffended"].notna()]
    both = (known["engagement"] == "yes") & (known["desistance"] == "yes")
    neither = (known["engagement"] == "no") & (known["desistance"] == "no")
    rate = known["reoffended"].astype(float)
    assert figures.loc["both_kq_reoffending_gap", "value"] == pytest.approx(
        100 * (rate[neither].mean() - rate[both].mean())
    )


def test_providers_are_counted_within_their_type(cases, figures) -> None:
    expected = cases[cases["provider_type"] == "crc"]["provider"].nunique()
    assert figures.loc["crc_inspected", "value"] == expected


def test_three_or_fewer_is_a_share_of_reoffenders(cases, figures) -> None:
    counts = cases.loc[cases["reoffended"] == 1, "reoffences"].astype(int)
    assert figures.loc["reoffences_three_or_fewer_pct", "value"] == pytest.approx(100 * (counts < 4).mean())
    assert figures.loc["reoffences_mode", "value"] == counts.value_counts().idxmax()


def test_key_question_shares_are_of_all_judged_cases(cases, figures) -> None:
    judged = cases["engagement"].dropna()
    assert figures.loc["kq_engagement_yes_pct", "value"] == pytest.approx(100 * (judged == "yes").mean())
    assert figures.loc["kq_engagement_yes_pct", "n"] == len(judged)
