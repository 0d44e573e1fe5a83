"""Tables beside the findings, tried by the second intruder: each as it is among what is told, and as it leaves."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import pytest
from scipy.stats import chi2, ncx2

from orchestration.disclosure.protection import protect
from orchestration.disclosure.suppression import Rule
from orchestration.releases.figures_told import FIGURES_TOLD
from tests.made_up import hostile_beside as hostile
from tests.made_up.small_models import MEN, MODEL, WOMEN, model_tables, typed, with_more_patterns

Tables = dict[str, pd.DataFrame]
SOURCE, OTHERS = "terminations", "gender=other"
ALL = {"source": SOURCE, "item": "all_cases", "category": "all"}
NULL_DEVIANCE = hostile.deviance(1694, 1788)
FOUND = ncx2.sf(chi2.isf(0.05, 1), 1, hostile.difference(WOMEN[1], WOMEN[0], MEN[1], MEN[0]))
TIMES = round(200 * FOUND)

ROWS = {
    "match_rates": {**ALL, "eligible": 1788, "matched": 1694, "rate": 100 * 1694 / 1788},
    "linkage_quality": {**ALL, "measure": "precision", "numerator": 1691, "n": 1694, "value": 100 * 1691 / 1694},
    "linkage_review": {"sample": "a", "source": SOURCE, "stratum": "all", "measure": "precision", "status": "current",
                       "n_cases_changed": 2, "n_reviewed": 200, "n_unsure": 3, "value": 98.5},
    "linkage_weights": {"source": SOURCE, "version": "truncated", "n": 1694, "n_eligible": 1788, "mean": 1.0,
                        "max": 7.95, "n_lowered": 3},
    "match_models": {"source": SOURCE, "n": 1788, "n_always_matched": 4, "model_chi2": 64.0, "converged": True,
                     "minus_two_log_likelihood": NULL_DEVIANCE - 64.0},
    "match_model_terms": {"source": SOURCE, "term": "ethnicity", "df": 5, "lr_chi2": 2.8, "lr_p": 0.7,
                          "estimable": False},
    "model_coefficients_weighted": {"model_id": MODEL, "coefficient": OTHERS, "term": "gender", "level": "other",
                                    "exp_estimate": 2.5, "published_exp_estimate": 2.4, "estimable": True},
    "model_terms_weighted": {"model_id": MODEL, "term": "gender", "wald_p": 0.03, "published_wald_p": 0.04,
                             "changes": False, "estimable": True},
    "sensitivity_summary": {"kind": "window", "scenario": "all", "n_ratios": 51, "n_not_estimable": 1,
                            "largest_change_percent": 40.0, "largest_change_model": MODEL,
                            "largest_change_coefficient": OTHERS},
    "stepwise_inclusion": {"model_id": MODEL, "term": "gender", "n_resamples": 200, "n_included": TIMES,
                           "frequency": TIMES / 2, "is_retained": True},
    "stepwise_stability_models": {"model_id": MODEL, "n": 240, "n_resamples": 200, "n_same_selection": TIMES,
                                  "share_same_selection": TIMES / 2, "mean_terms": 1.0},
}  # fmt: skip
BESIDE = {name: typed(name, [row]) for name, row in ROWS.items()}
FEW_OF_A_LEVEL = with_more_patterns(model_tables(levels={"male": MEN, "female": WOMEN, "other": (3, 2)}))
ONE_CHARACTERISTIC = model_tables()
behind_resamples = partial(hostile.behind_resamples, n=WOMEN[0], others=MEN[0], with_outcome=WOMEN[1] + MEN[1])


@pytest.mark.parametrize(
    ("table", "attack", "models"),
    [
        ("linkage_quality", hostile.false_links, FEW_OF_A_LEVEL),
        ("linkage_review", hostile.small_strata, FEW_OF_A_LEVEL),
        ("linkage_weights", hostile.single_weights, FEW_OF_A_LEVEL),
        ("match_models", hostile.predicted_perfectly, FEW_OF_A_LEVEL),
        ("match_model_terms", hostile.untested, FEW_OF_A_LEVEL),
        ("model_coefficients_weighted", hostile.told_with_weights, FEW_OF_A_LEVEL),
        ("model_terms_weighted", hostile.told_with_weights, FEW_OF_A_LEVEL),
        ("sensitivity_summary", hostile.not_estimable_by_count, FEW_OF_A_LEVEL),
        ("stepwise_inclusion", behind_resamples, ONE_CHARACTERISTIC),
        ("stepwise_stability_models", hostile.same_selection, ONE_CHARACTERISTIC),
    ],
)
def test_a_table_beside_tells_of_few_people_and_does_not_as_it_leaves(
    table: str, attack: Callable[[Tables], list[str]], models: Tables
):
    told = protect(models | BESIDE, FIGURES_TOLD, Rule(threshold=10, width=3)).tables
    assert attack(told | {table: BESIDE[table]})
    assert attack(told) == []


def test_a_share_of_resamples_is_told_by_its_number_too():
    """Keeping the share back alone would not help."""
    share_alone = BESIDE["stepwise_inclusion"].assign(frequency=float("nan"))
    assert behind_resamples({"stepwise_inclusion": share_alone}) == [f"{WOMEN[1]} to {WOMEN[1]}"]


def test_precision_to_one_decimal_and_the_number_matched_give_the_false_links():
    """Why the judgement of links against truth stays inside."""
    as_it_left = BESIDE["linkage_quality"].assign(value=99.8, numerator=pd.NA, n=pd.NA)
    assert hostile.false_links(BESIDE | {"linkage_quality": as_it_left}) == ["terminations: 3 to 4 false"]


def test_of_a_likelihood_that_leaves_few_out_their_number_follows():
    left_out = BESIDE["match_models"].assign(
        n_always_matched=pd.NA, minus_two_log_likelihood=hostile.deviance(1690, 1784) - 64.0
    )
    assert hostile.predicted_perfectly(BESIDE | {"match_models": left_out})
