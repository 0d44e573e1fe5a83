"""Sentences on services, needs, strengths, supervision and limits: what they say where data differ or lack."""

from collections.abc import Callable

import pandas as pd
import pytest

from orchestration.methods.bulletin_2020_03.provider_ratings import RATINGS
from orchestration.publications.bulletin_2020_03 import caveats, findings, service_findings
from orchestration.publications.bulletin_2020_03.results_reader import NeedsResults

Tables = dict[str, pd.DataFrame]
RESULT_TYPE = Callable[..., NeedsResults]


@pytest.fixture
def results_with(needs_tables: Tables) -> RESULT_TYPE:
    return lambda **changed: NeedsResults({**needs_tables, **changed})


def cells_with(tables: Tables, outcome: str, values: dict[tuple[str, str], float | None]) -> pd.DataFrame:
    """Annex C with the given values (item, category -> value) of one measure."""
    cells = tables["annex_c"].copy()
    for (item, category), value in values.items():
        own = (cells["item"] == item) & (cells["category"] == category) & (cells["outcome"] == outcome)
        cells.loc[own, ["value", "value_published"]] = value
    return cells


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ((3.0, 3.5, 4.0), "it increased with each level: 3.0, 3.5 and 4.0 from low to high"),
        ((4.0, 3.5, 3.0), "it decreased with each level: 4.0, 3.5 and 3.0 from low to high"),
        ((3.0, 4.0, 3.5), "it neither rose nor fell throughout"),
        ((3.0, 3.0, 3.5), "it neither rose nor fell throughout"),
        ((3.0, None, 3.5), "it is not known at every level: 3.0, n/a and 3.5"),
    ],
    ids=["rising", "falling", "up and down", "level", "missing"],
)
def test_the_course_along_risk_follows_the_data(results_with, needs_tables: Tables, levels, words: str) -> None:
    codes = ("low", "medium", "high_very_high")
    values = {("ogrs_group", code): value for code, value in zip(codes, levels, strict=True)}
    results = results_with(annex_c=cells_with(needs_tables, "mean_needs", values))
    assert words in findings.means(results, "needs")[1]


def test_the_most_frequent_need_is_read_from_the_data(results_with, needs_tables: Tables) -> None:
    cells = cells_with(needs_tables, "need_ete", {("all_cases", "all"): 99.0})
    text = findings.prevalence(results_with(annex_c=cells), "needs")
    assert "ETE (99.0%) was identified most often" in text
    assert "ETE (0.4%) was identified least often" in findings.prevalence(
        results_with(annex_c=cells_with(needs_tables, "need_ete", {("all_cases", "all"): 0.4})), "needs"
    )


def test_without_cases_nothing_is_ranked_or_counted(results_with, needs_tables: Tables) -> None:
    nobody = results_with(
        annex_c=needs_tables["annex_c"].assign(n=0, value=float("nan"), value_published=float("nan")),
        needs_counts=needs_tables["needs_counts"].assign(n=0, n_cases=0, percent=float("nan")),
        needs_cooccurrence=needs_tables["needs_cooccurrence"].assign(phi=float("nan")),
    )
    assert findings.prevalence(nobody, "needs") == "The data hold too few cases to compare needs."
    assert "is not known" in findings.number_of(nobody, "strengths")
    assert findings.pair_findings(nobody, "needs") == ["No pair of needs could be compared."]
    assert findings.delivery(nobody, "C5") == "No delivery for any of the needs was judged."
    assert findings.key_findings(nobody)


@pytest.mark.parametrize(
    ("value", "words"),
    [(40.0, "all 8 needs"), (60.0, "none of the 8 needs"), (50.0, "none of the 8 needs")],
    ids=["all below", "all above", "at half"],
)
def test_less_than_half_is_counted(results_with, needs_tables: Tables, value: float, words: str) -> None:
    cells = needs_tables["annex_c"].copy()
    own = (cells["table_id"] == "C5") & (cells["item"] == "all_cases")
    cells.loc[own, ["value", "value_published"]] = value
    assert f"in less than half for {words}" in findings.delivery(results_with(annex_c=cells), "C5")


def test_the_strongest_pair_is_that_of_the_largest_phi(results_with, needs_tables: Tables) -> None:
    pairs = needs_tables["needs_cooccurrence"].copy()
    own = (pairs["first"] == "need_lifestyle") & (pairs["second"] == "need_drugs")
    pairs.loc[own, ["phi", "percent_both", "n_both", "rank_lift"]] = [0.9, 99.4, 636, 7]
    sentences = findings.pair_findings(results_with(needs_cooccurrence=pairs), "needs")
    assert "that of lifestyle and drug misuse: phi 0.90, both present in 99.4% of cases (n=636)" in sentences[0]
    assert "7 by lift" in sentences[1]
    assert len(sentences) == 2


def test_another_pair_found_more_often_is_named_too(results_with, needs_tables: Tables) -> None:
    pairs = needs_tables["needs_cooccurrence"].copy()
    own = (pairs["first"] == "need_ete") & (pairs["second"] == "need_thinking")
    pairs.loc[own, ["phi", "percent_both"]] = [-0.5, 98.7]
    sentences = findings.pair_findings(results_with(needs_cooccurrence=pairs), "needs")
    assert "most often was ETE and thinking and behaviour (98.7% of cases)" in sentences[-1].replace(", and", " and")


def ratings_of(**given: tuple[int, int, int, int]) -> pd.DataFrame:
    rows = [
        (provider_type, "services", rating, n, sum(counts), 100 * n / sum(counts) if sum(counts) else float("nan"))
        for provider_type, counts in given.items()
        for rating, n in zip(RATINGS, counts, strict=True)
    ]
    return pd.DataFrame(rows, columns=["provider_type", "standard", "rating", "n", "n_providers", "percent"])


@pytest.mark.parametrize(
    ("ratings", "words"),
    [
        (
            ratings_of(crc=(0, 12, 7, 2), nps=(0, 6, 1, 0)),
            "12 were rated good, 7 requires improvement and 2 inadequate",
        ),
        (ratings_of(crc=(0, 12, 7, 2), nps=(0, 6, 1, 0)), "more often: 86% of them, against 57% of CRCs"),
        (ratings_of(crc=(1, 20, 0, 0), nps=(0, 1, 6, 0)), "less often: 14% of them, against 100% of CRCs"),
        (ratings_of(crc=(1, 1, 2, 0), nps=(0, 2, 1, 1)), "The same share of both, 50%"),
        (ratings_of(crc=(0, 1, 0, 0), nps=(0, 0, 0, 0)), "Of the 1 CRC rated for services, 1 was rated good."),
    ],
    ids=["counts", "more", "less", "same", "one type"],
)
def test_ratings_are_told_as_they_were_given(results_with, ratings: pd.DataFrame, words: str) -> None:
    assert words in " ".join(service_findings.rating_findings(results_with(provider_ratings=ratings)))


@pytest.mark.parametrize(
    "ratings", [ratings_of(), ratings_of(crc=(0, 0, 0, 0), nps=(0, 0, 0, 0))], ids=["no rows", "no ratings"]
)
def test_missing_ratings_are_said(results_with, ratings: pd.DataFrame) -> None:
    found = service_findings.rating_findings(results_with(provider_ratings=ratings))
    assert found == [service_findings.NO_RATINGS]


def test_ratings_on_another_standard_are_not_those_for_services(results_with) -> None:
    ratings = ratings_of(crc=(0, 12, 7, 2)).assign(standard="staff")
    found = service_findings.rating_findings(results_with(provider_ratings=ratings))
    assert found == [service_findings.NO_RATINGS]


def test_a_view_that_nobody_was_asked_for_is_said(results_with, needs_tables: Tables) -> None:
    headlines = needs_tables["headlines"].copy()
    headlines.loc[headlines["id"] == "officers_services_available_pct", ["value", "value_published"]] = None
    found = service_findings.officer_findings(results_with(headlines=headlines))
    assert found == ["No responsible officer's view of the services was recorded."]


@pytest.mark.parametrize(("is_synthetic", "n"), [(True, 1), (False, 0)], ids=["synthetic", "real"])
def test_synthetic_data_are_a_limit_of_their_own(results_with, is_synthetic: bool, n: int) -> None:
    limits = caveats.limitations(results_with(), is_synthetic)
    assert sum("The data are synthetic" in limit for limit in limits) == n


def test_verdicts_that_hang_on_the_test_are_counted(results_with, needs_tables: Tables) -> None:
    verdicts = needs_tables["subgroup_differences"].copy()
    kept = verdicts.index[verdicts["is_retained"].fillna(False)]
    verdicts.loc[kept[:3], "is_retained_conditional"] = False
    verdicts.loc[kept[:2], "is_retained_wald"] = False
    verdicts.loc[kept[:5], "forced_lr_p"] = 0.2
    text = " ".join(caveats.limitations(results_with(subgroup_differences=verdicts), False))
    assert "Of 224 verdicts, 3 with the conditional statistic and 2 with Wald's test differ" in text
    assert "5 differ from the verdict of a full model" in text


def test_tests_are_counted_once_and_chance_with_them(results_with) -> None:
    text = " ".join(caveats.limitations(results_with(), False))
    assert "224 characteristics in 32 models" in text
    assert "about 11 would still come out significant by chance" in text
