"""The shipped profile returns the bulletins' published figures."""

from fractions import Fraction

import pandas as pd
import pytest

from orchestration.synthetic.profile import NEEDS, STRENGTHS, read_profile
from tests.unit.synthetic.calibration import published

ANNEX_B = [row for row in published.table("annex_b") if row.value]
ANNEX_C = published.table("annex_c")
# As printed, neither is a whole number of cases: see docs/calibration.md.
IMPOSSIBLE = {
    ("C2", "age_group", "50+", "strength_employment"): (366, "23.2"),
    ("C3", "rosh_group", "high_very_high", "planning_needs"): (441, "80.7"),
}


@pytest.fixture(scope="module")
def profile() -> pd.DataFrame:
    return read_profile()


@pytest.fixture(scope="module")
def banded_2023(profile: pd.DataFrame) -> pd.DataFrame:
    return published.bands_2023(profile)


@pytest.fixture(scope="module")
def banded_2020(profile: pd.DataFrame) -> pd.DataFrame:
    return published.bands_2020(profile)


@pytest.mark.parametrize("row", ANNEX_B, ids=lambda row: f"{row.table_id}-{row.item}-{row.category}-{row.outcome}")
def test_every_cell_of_annex_b_is_returned(row, banded_2023):
    n, value = published.annex_b_cell(banded_2023, row.item, row.category, row.outcome)
    assert (str(n), published.printed(value, _decimals(row.value))) == (row.n, row.value)


def test_annex_b_has_167_cells_and_annex_c_816():
    assert (len(ANNEX_B), len(ANNEX_C)) == (167, 816)


@pytest.mark.parametrize("outcome", sorted({row.outcome for row in ANNEX_C}))
def test_every_possible_cell_of_annex_c_is_returned(outcome, banded_2020):
    wrong = {}
    for row in ANNEX_C:
        if row.outcome == outcome:
            n, value = published.annex_c_cell(banded_2020, row.item, row.category, row.outcome)
            shown = published.printed(value, _decimals(row.value))
            if shown != row.value or row.n not in ("", str(n)):
                wrong[row.table_id, row.item, row.category, row.outcome] = (n, shown)
    assert wrong == {cell: read for cell, read in IMPOSSIBLE.items() if cell[3] == outcome}


@pytest.mark.parametrize(
    ("n", "printed_as"),
    [(366, "23.3"), (411, "80.7")],
    ids=["employment at 50 and over", "planning at high risk"],
)
def test_the_two_exceptions_are_no_whole_number_of_cases(n, printed_as):
    assert all(published.printed(Fraction(100 * count, n), 1) != printed_as for count in range(n + 1))


@pytest.mark.parametrize(
    ("identifier", "item", "categories"),
    [
        ("reoff_match_rate_ogrs_low", "ogrs_group", ["low"]),
        ("reoff_match_rate_ogrs_high", "ogrs_group", ["high"]),
        ("reoff_match_rate_ogrs_high", "ogrs_group", ["high", "very_high"]),
        ("reoff_match_rate_rosh_low_medium", "rosh_group", ["low", "medium"]),
        ("reoff_match_rate_rosh_high", "rosh_group", ["high_very_high"]),
        ("reoff_match_rate", "all_cases", ["all"]),
    ],
)
def test_reoffending_match_rates_are_the_printed_ones(identifier, item, categories, banded_2023):
    matched = banded_2023.loc[banded_2023[item].isin(categories), "reoffending_matched"]
    rate = Fraction(100 * int(matched.sum()), len(matched))
    assert published.printed(rate, _decimals(published.headline(identifier))) == published.headline(identifier)


def test_matched_cases_are_2885_and_1694(profile):
    assert profile["reoffending_matched"].sum() == 2885
    assert profile["termination_matched"].sum() == 1694
    assert profile["termination_matched"].notna().sum() == 1788


@pytest.mark.parametrize(
    ("item", "order"),
    [
        ("ogrs_group", ["low", "medium", "high", "very_high"]),
        ("rosh_group", ["low", "medium", "high_very_high"]),
    ],
)
def test_terminations_match_better_at_lower_risk(item, order, banded_2023):
    rates = banded_2023.groupby(item)["termination_matched"].mean()[order]
    assert rates.is_monotonic_decreasing


def test_termination_reasons_are_the_printed_counts(profile):
    assert profile["termination_reason"].value_counts().to_dict() == {
        "ran_full_course": 1134,
        "early_failure_to_comply": 252,
        "early_conviction": 230,
        "early_other": 41,
        "early_good_progress": 27,
        "excluded": 10,
    }


@pytest.mark.parametrize(
    ("identifier", "outcome", "sign"),
    [("both_kq_completion_gap", "termination_positive", 1), ("both_kq_reoffending_gap", "reoffended", -1)],
)
def test_both_key_questions_together_make_the_printed_difference(identifier, outcome, sign, banded_2023):
    joint = banded_2023.assign(
        both=banded_2023["engagement"].where(banded_2023["engagement"] == banded_2023["desistance"])
    )
    rates = [published.annex_b_cell(joint, "both", answer, outcome)[1] for answer in ("yes", "no")]
    assert published.printed(sign * (rates[0] - rates[1]), 0) == published.headline(identifier)


@pytest.mark.parametrize(
    ("identifier", "groups"), [("fig5_gap_ogrs_low", ["low"]), ("fig5_gap_ogrs_high", ["high", "very_high"])]
)
def test_figure_5_shows_the_printed_differences(identifier, groups, banded_2023):
    inside = banded_2023[banded_2023["ogrs_group"].isin(groups)]
    yes, no = (published.annex_b_cell(inside, "engagement", a, "termination_positive")[1] for a in ("yes", "no"))
    assert published.printed(yes - no, 0) == published.headline(identifier)


def test_the_difference_at_medium_likelihood_lies_between_those_printed(banded_2023):
    """The bulletin's range: from nine points at high or very high likelihood to eighteen at low."""
    inside = banded_2023[banded_2023["ogrs_group"] == "medium"]
    yes, no = (published.annex_b_cell(inside, "engagement", a, "termination_positive")[1] for a in ("yes", "no"))
    low, high = (float(published.headline(f"fig5_gap_ogrs_{level}")) for level in ("low", "high"))
    assert high <= float(published.printed(yes - no, 0)) <= low


def test_reoffences_have_the_printed_shape(profile):
    counts = profile.loc[profile["reoffended"] == 1, "reoffences"]
    assert (counts <= 3).sum() == 672
    assert counts.mode().tolist() == [1]


@pytest.mark.parametrize("item", ["engagement", "desistance"])
def test_key_questions_are_answered_yes_as_often_as_printed(item, profile):
    yes = int((profile[item] == "yes").sum())
    for base in (len(profile), int(profile[item].notna().sum())):
        assert published.printed(Fraction(100 * yes, base), 0) == published.headline(f"kq_{item}_yes_pct")


def test_needs_and_strengths_go_together_as_printed(profile):
    needs = (profile[[f"need_{name}" for name in NEEDS]] == "yes").sum(axis=1)
    strengths = (profile[[f"strength_{name}" for name in STRENGTHS]] == "yes").sum(axis=1)
    found = {
        "needs_four_or_more_pct": needs >= 4,
        "need_drugs_and_lifestyle_pct": (profile["need_drugs"] == "yes") & (profile["need_lifestyle"] == "yes"),
        "strengths_none_pct": strengths == 0,
        "strengths_one_pct": strengths == 1,
        "strengths_two_plus_pct": strengths >= 2,
    }
    shown = {
        name: published.printed(Fraction(100 * int(cases.sum()), len(profile)), 0) for name, cases in found.items()
    }
    assert shown == {name: published.headline(name) for name in found}


def test_officers_find_services_available_as_often_as_printed(profile):
    yes, asked = (profile["services_available"] == "yes").sum(), profile["services_available"].notna().sum()
    assert str(yes) == published.headline("officers_services_available_n")
    assert published.printed(Fraction(100 * int(yes), int(asked)), 0) == published.headline(
        "officers_services_available_pct"
    )


def test_the_providers_are_the_inspected_ones_and_the_nps_holds_the_highest_risk(profile):
    sizes = profile.groupby("provider_type").size().to_dict()
    assert sizes == {"crc": 2474, "nps": 834}
    assert profile.groupby("provider_type")["provider"].nunique().to_dict() == {"crc": 21, "nps": 7}
    assert set(profile.loc[profile["rosh_level"].isin(["high", "very_high"]), "provider_type"]) == {"nps"}


def test_a_conviction_ends_the_sentence_mostly_of_those_who_reoffended(profile):
    known = profile[profile["reoffended"].notna()]
    rates = known.groupby("termination_reason")["reoffended"].mean().astype(float)
    assert rates["early_conviction"] > 0.75 > 0.35 > rates["ran_full_course"]


def _decimals(printed: str) -> int:
    return len(printed.partition(".")[2])
