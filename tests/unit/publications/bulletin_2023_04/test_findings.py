from collections.abc import Callable

import pandas as pd
import pytest

from orchestration.publications.bulletin_2023_04 import associations, findings
from orchestration.publications.bulletin_2023_04.caveats import limitations
from orchestration.publications.bulletin_2023_04.results_reader import OutcomeResults

OUTCOME = "reoffended"


@pytest.fixture
def results_with(tables: dict[str, pd.DataFrame]) -> Callable[..., OutcomeResults]:
    """OutcomeResults whose engagement rows for reoffending have the given rates, flag and coefficient."""

    def build(yes: float | None, no: float | None, significant: bool | None, estimate: float = -0.5) -> OutcomeResults:
        cells = tables["annex_b"].copy()
        rows = (cells["item"] == "engagement") & (cells["outcome"] == OUTCOME)
        cells.loc[rows & (cells["category"] == "yes"), "value"] = yes
        cells.loc[rows & (cells["category"] == "no"), "value"] = no
        cells.loc[rows, "significant"] = significant
        cells.loc[rows, "p_value"] = 0.0312 if significant else 0.412
        coefficients = tables["model_coefficients"].copy()
        own = (coefficients["model_id"] == "reoffended__key_questions") & (
            coefficients["coefficient"] == "engagement=yes"
        )
        coefficients.loc[own, "estimate"] = estimate
        return OutcomeResults({**tables, "annex_b": cells, "model_coefficients": coefficients})

    return build


@pytest.mark.parametrize(
    ("yes", "no", "words"),
    [
        (36.0, 47.0, "11 percentage points lower"),
        (47.0, 36.0, "11 percentage points higher"),
        (40.0, 40.2, "no difference"),
        (40.0, 41.0, "1 percentage point lower"),
    ],
    ids=["lower", "higher", "same", "one point"],
)
def test_the_direction_follows_the_data(results_with, yes: float, no: float, words: str) -> None:
    text = associations.rates_sentence(results_with(yes, no, True), associations.ENGAGEMENT, OUTCOME)
    assert words in text
    assert f"{yes:.1f}% reoffended" in text


@pytest.mark.parametrize(
    ("significant", "words"),
    [
        (
            True,
            "the association is statistically significant (odds ratio 1.65, 95% interval 1.11 to 2.44, p=0.031)",
        ),
        (False, "there is no statistically significant association"),
        (None, "could not estimate the association"),
    ],
    ids=["significant", "not", "not estimable"],
)
def test_the_verdict_follows_the_test(results_with, significant: bool | None, words: str) -> None:
    results = results_with(36.0, 47.0, significant)
    assert words in associations.association_sentence(results, associations.ENGAGEMENT, OUTCOME)


@pytest.mark.parametrize(("estimate", "is_said"), [(0.5, True), (-0.5, False)], ids=["opposite", "same way"])
def test_an_association_against_the_raw_figures_is_said(results_with, estimate: float, is_said: bool) -> None:
    results = results_with(36.0, 47.0, True, estimate)
    text = associations.association_sentence(results, associations.ENGAGEMENT, OUTCOME)
    assert ("runs the other way" in text) is is_said


def test_a_group_without_cases_is_said_to_be_too_small(results_with) -> None:
    text = associations.rates_sentence(results_with(None, 47.0, None), associations.ENGAGEMENT, OUTCOME)
    assert "too few cases" in text


def test_the_summary_of_a_key_question_sorts_the_outcomes_by_verdict(results_with) -> None:
    engagement = findings.key_findings(results_with(36.0, 47.0, False))[0]
    assert "significantly associated with sentence completion and how often those who reoffended did so" in engagement
    assert "not significantly associated with whether people reoffended" in engagement


def test_both_rates_and_their_n_stand_in_the_combined_finding(tables: dict[str, pd.DataFrame]) -> None:
    bars = tables["figure_data"].set_index(["figure_id", "series", "category"])
    sentence = findings.combined_findings(OutcomeResults(tables))[0]
    for series in ("both_yes", "both_no"):
        bar = bars.loc[("combined", series, "termination_positive")]
        assert f"{bar['value']:.1f}% (n={bar['n']})" in sentence


@pytest.mark.parametrize(
    ("low", "high", "p", "words"),
    [
        (95.0, 80.0, 0.0001, "matched better (95% at"),
        (80.0, 95.0, 0.0001, "matched worse (80% at"),
        (90.0, 89.0, 0.4, "did not differ significantly"),
    ],
    ids=["better", "worse", "no difference"],
)
def test_match_rates_are_compared_as_they_are(tables, low: float, high: float, p: float, words: str) -> None:
    rates = pd.DataFrame(
        [
            ("reoffending", "all_cases", "all", 100, 90, 90.0, None),
            ("reoffending", "ogrs_group", "low", 50, 45, low, p),
            ("reoffending", "ogrs_group", "high_very_high", 50, 45, high, p),
        ],
        columns=["source", "item", "category", "eligible", "matched", "rate", "p_value"],
    )
    assert words in " ".join(findings.matching_findings(OutcomeResults({**tables, "match_rates": rates})))


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.01, "finds the same judgements significant"),
        (0.6, "disagrees on the significance of: the engagement key question (p=0.600)"),
    ],
    ids=["agrees", "disagrees"],
)
def test_the_truncated_model_is_compared_with_the_published_one(tables, p: float, words: str) -> None:
    found = tables["model_terms"]
    published = found.loc[(found["model_id"] == "reoffences__key_questions") & (found["term"] == "engagement")]
    truncated = published.assign(model_id="reoffences__key_questions__ztnb", wald_p=p)
    both = {**tables, "model_terms": pd.concat([found, truncated], ignore_index=True)}
    assert any(words in limit for limit in limitations(OutcomeResults(both)))


@pytest.mark.parametrize(
    ("p", "words"), [(0.003, "any, differ significantly"), (0.4, "any, do not differ significantly")]
)
def test_the_two_answers_on_strengths_are_also_compared_alone(tables, p: float, words: str) -> None:
    found = tables["model_coefficients"]
    one = found.loc[(found["model_id"] == "reoffended__prompts") & (found["coefficient"] == "engagement=yes")]
    own = one.assign(coefficient="strengths_built_upon=yes", p=p)
    results = OutcomeResults({**tables, "model_coefficients": pd.concat([found, own], ignore_index=True)})
    text = associations.strengths_finding(results, "reoffended")
    assert f"{words} (odds ratio 1.65" in text
    assert "Taken over all three answers" in text


def test_prompts_without_any_significant_one_are_said_to_be_none(tables: dict[str, pd.DataFrame]) -> None:
    nothing = tables["annex_b"].assign(significant=False)
    assert all(
        ": none (of 10 prompts)" in line
        for line in findings.prompt_findings(OutcomeResults({**tables, "annex_b": nothing}))
    )


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.001, "Cases at lower risk of serious harm were matched better (95%"),
        (0.4, "Match rates did not differ significantly by risk of serious harm (95%"),
        (float("nan"), "Match rates by risk of serious harm: 95% at low or medium"),
    ],
    ids=["significant", "not", "kept back"],
)
def test_a_difference_of_match_rates_is_told_as_it_was_tested(tables, p: float, words: str) -> None:
    rates = [("terminations", "all_cases", "all", 94.0, float("nan"))]
    rates += [("terminations", "rosh_group", "low_medium", 95.0, p)]
    rates += [("terminations", "rosh_group", "high_very_high", 86.0, p)]
    frame = pd.DataFrame(rates, columns=["source", "item", "category", "rate", "p_value"]).assign(matched=1, eligible=1)
    told = findings.matching_findings(OutcomeResults({**tables, "match_rates": frame}))
    assert told[-1].startswith(words)


def gaps(low: float, high: float) -> pd.DataFrame:
    return pd.DataFrame(
        [(OUTCOME, contrast, "all", low, high) for contrast in ("both", "engagement")],
        columns=["outcome", "contrast", "likelihood", "ci_low", "ci_high"],
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(-19.2, -9.5, "(95% interval 10 to 19)"), (9.4, 19.2, "(95% interval 9 to 19)"), (-1.0, 2.0, "")],
)
def test_a_gap_has_its_interval_in_the_direction_that_is_told(tables, low: float, high: float, words: str) -> None:
    results = OutcomeResults({**tables, "judgement_gaps": gaps(low, high)})
    combined = findings.combined_findings(results)[-1]
    alone = associations.rates_sentence(results, associations.ENGAGEMENT, OUTCOME)
    for sentence in (combined, alone):
        assert words in sentence
        assert ("interval" in sentence) == bool(words)


def test_a_p_value_has_its_allowance_for_the_number_of_tests(tables: dict[str, pd.DataFrame]) -> None:
    adjusted = pd.DataFrame([("reoffended__key_questions", "engagement", 0.04, 36)])
    adjusted.columns = ["model_id", "term", "p_holm", "n_tests"]
    results = OutcomeResults({**tables, "multiplicity": adjusted})
    sentence = associations.association_sentence(results, associations.ENGAGEMENT, OUTCOME)
    assert "; p=0.040 with allowance for 36 tests)" in sentence
