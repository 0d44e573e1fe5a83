"""Sentences on sub-groups: which way, significant or not, testable or not, read from the tables."""

from collections.abc import Callable

import pandas as pd
import pytest

from orchestration.methods.layouts.layout_2020 import GROUP_BY_ITEM, MEASURE_BY_CODE
from orchestration.publications.bulletin_2020_03 import associations
from orchestration.publications.bulletin_2020_03.results_reader import NeedsResults

DRUGS = MEASURE_BY_CODE["need_drugs"]


@pytest.fixture
def results_with(needs_tables: dict[str, pd.DataFrame]) -> Callable[..., NeedsResults]:
    """Results whose one verdict, on drug misuse by provider, has the given percentages, flag and model estimate."""

    def build(crc: float, nps: float, retained: bool | None, estimate: float = 0.5) -> NeedsResults:
        cells, verdicts = needs_tables["annex_c"].copy(), needs_tables["subgroup_differences"].copy()
        own = (cells["item"] == "provider_type") & (cells["outcome"] == DRUGS.code)
        for code, value in (("crc", crc), ("nps", nps)):
            cells.loc[own & (cells["category"] == code), ["value", "value_published"]] = value
        row = (verdicts["item"] == "provider_type") & (verdicts["outcome"] == DRUGS.code)
        in_c1 = (verdicts["item"] == "provider_type") & (verdicts["table_id"] == "C1")
        verdicts.loc[in_c1, "is_retained"] = False
        verdicts.loc[row, "is_retained"] = pd.NA if retained is None else retained
        verdicts.loc[row, "last_less_first"] = nps - crc
        models = needs_tables["model_coefficients"].copy()
        models.loc[models["coefficient"] == "provider_type=nps", "estimate"] = estimate
        return NeedsResults({**needs_tables, "annex_c": cells, "subgroup_differences": verdicts,
                             "model_coefficients": models})  # fmt: skip

    return build


def sentence(results: NeedsResults) -> str:
    return associations.differences(results, "C1", "provider_type")


@pytest.mark.parametrize(
    ("crc", "nps", "words"),
    [
        (20.0, 30.0, "Higher for NPS cases than for CRC cases: drug misuse (30.0% against 20.0%)."),
        (30.0, 20.0, "Lower for NPS cases than for CRC cases: drug misuse (20.0% against 30.0%"),
        (20.0, 20.0, "No higher or lower for NPS cases than for CRC cases: drug misuse (20.0% against 20.0%)."),
    ],
    ids=["higher", "lower", "level"],
)
def test_the_direction_follows_the_data(results_with, crc: float, nps: float, words: str) -> None:
    assert words in sentence(results_with(crc, nps, True))


def test_a_significant_difference_is_counted_and_the_others_named(results_with) -> None:
    text = sentence(results_with(20.0, 30.0, True))
    assert text.startswith("Provider: significant for 1 of the 8 needs.")
    assert "Not significant: accommodation, ETE, family and relationships, lifestyle, alcohol misuse," in text


def test_no_significant_difference_is_said_without_any_percentage(results_with) -> None:
    assert sentence(results_with(20.0, 30.0, False)) == "Provider: significant for none of the 8 needs."


def test_what_could_not_be_tested_is_named_apart(results_with) -> None:
    assert sentence(results_with(20.0, 30.0, None)).endswith("Could not be tested: drug misuse.")


@pytest.mark.parametrize(("estimate", "is_said"), [(-0.5, True), (0.5, False)], ids=["other way", "same way"])
def test_a_model_that_goes_against_the_percentages_is_said(results_with, estimate: float, is_said: bool) -> None:
    assert ("in the model the other way round" in sentence(results_with(20.0, 30.0, True, estimate))) is is_said


def test_groups_without_order_are_told_by_their_ends(needs_tables) -> None:
    verdicts = needs_tables["subgroup_differences"].copy()
    row = (verdicts["item"] == "ethnicity") & (verdicts["outcome"] == DRUGS.code)
    verdicts.loc[row, "is_retained"] = True
    results = NeedsResults({**needs_tables, "subgroup_differences": verdicts})
    low, high = verdicts.loc[row, ["lowest_category", "highest_category"]].iloc[0]
    labels = {category.code: category.label for category in GROUP_BY_ITEM["ethnicity"].categories}
    ends = [f"{results.value_text('ethnicity', code, DRUGS.code)} {labels[code]}" for code in (low, high)]
    assert f"Lowest to highest: drug misuse ({', '.join(ends)})." in associations.differences(
        results, "C1", "ethnicity"
    )


@pytest.mark.parametrize(
    ("item", "code", "words"),
    [
        ("provider_type", "nps", "NPS cases"),
        ("gender", "female", "women"),
        ("age_group", "50+", "those aged 50+"),
        ("case_type", "post_release", "post-custody cases"),
        ("ogrs_group", "high_very_high", "a high or very high likelihood of reoffending"),
        ("rosh_group", "low", "a low risk of serious harm"),
        ("ethnicity", "asian", "Asian"),
    ],
    ids=lambda value: value,
)
def test_categories_are_named_for_a_sentence(item: str, code: str, words: str) -> None:
    assert associations.category_name(item, code) == words


def test_a_group_without_cases_leaves_its_measure_without_a_direction(needs_tables) -> None:
    verdicts = needs_tables["subgroup_differences"].assign(last_less_first=float("nan"))
    results = NeedsResults({**needs_tables, "subgroup_differences": verdicts})
    assert associations.direction(results, DRUGS, "provider_type") == associations.LEVEL


@pytest.mark.parametrize(
    ("higher", "words"),
    [(5, "all 5 strengths (all higher for NPS cases)"), (3, "all 5 strengths (3 higher, 2 lower for NPS cases)")],
    ids=["one way", "both ways"],
)
def test_a_summary_counts_the_ways(needs_tables, higher: int, words: str) -> None:
    verdicts = needs_tables["subgroup_differences"].copy()
    rows = verdicts.index[(verdicts["item"] == "provider_type") & (verdicts["table_id"] == "C6")]
    verdicts.loc[rows, "last_less_first"] = [4.0] * higher + [-4.0] * (len(rows) - higher)
    results = NeedsResults({**needs_tables, "subgroup_differences": verdicts})
    assert associations.retained_summary(results, "C6", "provider_type") == words
