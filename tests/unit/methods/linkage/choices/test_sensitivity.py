"""The study as a whole on made-up cases: what it keeps, what it counts, and what it refuses."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.linkage.choices.deciding import reached_records
from orchestration.methods.linkage.choices.false_links import SHARES, Pool
from orchestration.methods.linkage.choices.quick_refits import model_frames, refit
from orchestration.methods.linkage.choices.sensitivity import SourceLinks, Study, published_outcomes, run_study
from orchestration.methods.linkage.choices.summary import summary
from orchestration.methods.linkage.choices.tables import sensitivity_tables
from orchestration.tables.linkage_sensitivity import SENSITIVITY_MATCH_RATES, SENSITIVITY_RATIOS

RULES = pd.DataFrame(
    {
        "rule_rank": [1, 2],
        "rule": ["strong", "weak"],
        "is_unique": [False, True],
        "tier_rank": [1, 4],
        "tier": ["number_and_birthday", "near"],
    }
)
REPLICATES = 3


def made_up_study(cases: pd.DataFrame, coefficients: pd.DataFrame) -> Study:
    """Each matched case has one record, of rule 1 for three of four, 0 to 7 days off; of the others half have one 12
    days off, with an outcome of their own."""
    rng = np.random.default_rng(2)
    found = {}
    for source, column in (("terminations", "termination_matched"), ("reoffending", "reoffending_matched")):
        eligible = np.flatnonzero(cases[column].notna())
        matched = cases[column].fillna(False).to_numpy(dtype=bool)
        case = np.array([c for c in eligible if matched[c] or c % 2])
        rows = pd.DataFrame({"case": case, "record": case})
        rows["rule_rank"] = np.where(case % 4 == 0, 2, 1)
        rows["days"] = np.where(matched[case], case % 8, 12)
        rows["pnc"], rows["crn"], rows["person"], rows["names"] = case, case, case, None
        outcome = cases["termination_outcome"].map({"positive": 1.0, "negative": 0.0}).to_numpy(dtype=float)
        rows["termination"] = np.where(matched[case], outcome[case], 1.0)
        for name in ("reoffended", "reoffences"):
            own = cases[name].to_numpy(dtype=float, na_value=np.nan)
            rows[name] = np.where(matched[case], own[case], 1.0)
        pool = Pool(
            day=np.sort(rng.integers(0, 300, 5000)),
            person=np.arange(5000),
            findings={
                "termination": rng.integers(0, 2, 5000).astype(float),
                "reoffended": np.ones(5000),
                "reoffences": rng.integers(1, 9, 5000).astype(float),
                "days_to_first_reoffence": np.full(5000, np.nan),
            },
            start_day=rng.integers(10, 290, len(cases)),
            own_case=np.zeros(0, dtype=np.int64),
            own_person=np.zeros(0, dtype=np.int64),
        )
        found[source] = SourceLinks(eligible, reached_records(rows, len(cases)), pool)
    return Study(cases, coefficients, RULES, found, 7, 0.05)


@pytest.fixture(scope="module")
def study(cases, models) -> Study:
    return made_up_study(cases, models.model_coefficients)


@pytest.fixture(scope="module")
def tables(study) -> dict[str, pd.DataFrame]:
    return sensitivity_tables(study, REPLICATES)


@pytest.fixture(scope="module")
def rates(tables) -> pd.DataFrame:
    return tables["sensitivity_match_rates"]


@pytest.fixture(scope="module")
def ratios(tables) -> pd.DataFrame:
    return tables["sensitivity_ratios"]


def test_the_published_window_gives_the_published_ratios_intervals_and_tests(ratios, models):
    default = ratios[ratios["is_default"]].set_index(["model_id", "coefficient"])
    published = models.model_coefficients.set_index(["model_id", "coefficient"]).loc[default.index]
    for ours, theirs in (("value", "exp_estimate"), ("ci_low", "ci_low"), ("ci_high", "ci_high"), ("p_value", "p")):
        np.testing.assert_allclose(default[ours], published[theirs], rtol=1e-6)
    np.testing.assert_allclose(default["published_value"], published["exp_estimate"], rtol=1e-6)
    terms = models.model_terms.set_index(["model_id", "term"])["wald_p"]
    expected = [terms[model, term] for (model, _), term in zip(default.index, default["term"], strict=True)]
    np.testing.assert_allclose(default["term_p_value"], expected, rtol=1e-5)
    assert (default["change_percent"] < 1e-5).all()


def test_every_judgement_of_every_published_model_has_a_row_in_every_scenario(ratios, models):
    judgements = models.model_terms.query("block == 'judgements' and not model_id.str.count('__') > 1", engine="python")
    wanted = models.model_coefficients.merge(judgements[["model_id", "term"]])
    expected = set(zip(wanted["model_id"], wanted["coefficient"], strict=True))
    for _, part in ratios.groupby(["kind", "scenario"]):
        assert set(zip(part["model_id"], part["coefficient"], strict=True)) == expected
        assert len(part) == len(expected)


def test_match_rates_count_the_links_that_a_window_loses_and_gains(study, rates):
    for source, links in study.sources.items():
        days = pd.Series(links.reached.days, index=links.reached.case)
        own = rates[(rates["kind"] == "window") & (rates["source"] == source)].set_index("scenario_order")
        for window in (0, 3, 7, 11, 12, 28):
            assert own.loc[window, "matched"] == (days <= window).sum()
            assert own.loc[window, "links_lost"] == ((days > window) & (days <= 7)).sum()
            assert own.loc[window, "links_gained"] == ((days <= window) & (days > 7)).sum()
            assert own.loc[window, "rate"] == pytest.approx(100 * (days <= window).sum() / len(links.eligible))


def test_statuses_add_up_to_the_eligible_in_every_scenario(rates):
    parts = rates[["matched", "ambiguous", "no_record_in_window", "no_person"]].sum(axis=1)
    assert (parts == rates["eligible"]).all()


def test_a_rule_left_out_and_a_rule_alone_share_the_links_between_them(study, rates):
    for source, links in study.sources.items():
        near = links.reached.days <= 7
        own = rates[rates["source"] == source].set_index(["kind", "scenario"])
        for rank, rule, other in ((1, "strong", "weak"), (2, "weak", "strong")):
            count = (near & (links.reached.rule_rank == rank)).sum()
            assert own.loc[("left_out_rule", rule), "links_lost"] == count
            assert own.loc[("rule_alone", rule), "matched"] == count
            assert own.loc[("left_out_rule", other), "matched"] == count


@pytest.mark.parametrize("kind", ["false_links", "false_links_later_rules"])
def test_false_links_are_as_many_as_asked_for_and_drawn_in_every_replicate(rates, ratios, kind):
    own = rates[rates["kind"] == kind]
    assert own["links_changed"].tolist() == [
        round(s * m) for s, m in zip(np.repeat(SHARES, 2), own["matched"], strict=True)
    ]
    drawn = ratios[ratios["kind"] == kind]
    assert (drawn["replicates"] == REPLICATES).all()
    assert (drawn["spread_low"] <= drawn["value"]).all()
    assert (drawn["value"] <= drawn["spread_high"]).all()
    shares = drawn["scenario_order"] / 100
    np.testing.assert_allclose(np.log(drawn["expected_value"]), (1 - shares) * np.log(drawn["published_value"]))


def test_over_many_draws_false_links_lead_where_the_expected_outcome_leads(study):
    """Every false record says reoffended: the logistic score is linear in the outcome, so the mean of many draws is
    near the fit of (1 - share) y + share."""
    model_id, replicates, share = "reoffended__key_questions", 30, SHARES[-1]
    found = run_study(study, replicates)
    drawn = next(f for f in found.falsified if f.scenario.kind == "false_links" and f.share == share)
    estimates = np.array([refit.estimates for refit in drawn.refits[model_id]])
    frame = next(f for f in model_frames(study.cases, study.coefficients) if f.specification.model_id == model_id)
    outcome = published_outcomes(study.cases)["reoffended"]
    expected = refit(frame, ((1 - share) * outcome + share)[frame.positions]).estimates
    error = estimates.std(axis=0, ddof=1) / np.sqrt(replicates)
    assert (np.abs(estimates.mean(axis=0) - expected) < 4 * error).all()
    published = found.published.refits[model_id].estimates
    assert (np.abs(estimates.mean(axis=0) - published) > 4 * error).any()


def test_the_study_is_the_same_every_time(study, tables):
    again = sensitivity_tables(study, REPLICATES)
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, again[name])


def test_a_linkage_that_is_not_the_published_one_is_refused(study):
    cases = study.cases.copy()
    known = cases.index[cases["reoffended"].notna()][:3]
    cases.loc[known, "reoffended"] = 1 - cases.loc[known, "reoffended"]
    with pytest.raises(ValueError, match="reoffended: 3"):
        run_study(replace(study, cases=cases), 1)


def test_tables_have_the_described_columns_in_order(tables):
    assert list(tables["sensitivity_match_rates"]) == SENSITIVITY_MATCH_RATES.names
    assert list(tables["sensitivity_ratios"]) == SENSITIVITY_RATIOS.names


def test_the_summary_counts_each_ratio_and_test_once(ratios):
    part = ratios[ratios["kind"] == "window"].copy()
    part["value"], part["change_percent"], part["significance_changed"] = part["published_value"], 0.0, False
    chosen = part.index[(part["term"] == "engagement") & part["scenario"].isin(["1", "2"])]
    part.loc[chosen, "value"] = 1 / part.loc[chosen, "published_value"]
    part.loc[chosen, "change_percent"] = [10.0 + place for place in range(len(chosen))]
    part.loc[chosen, "significance_changed"] = True
    whole = summary(part).set_index("scenario").loc["all"]
    assert whole["largest_change_percent"] == 10 + len(chosen) - 1
    assert whole["n_direction_changed"] == len(chosen) / 2
    assert whole["n_significance_lost"] + whole["n_significance_gained"] == len(chosen) / 2
    assert summary(part).set_index("scenario").loc["3", "n_direction_changed"] == 0


def test_the_surer_rules_alone_are_the_tiers_up_to_one_and_all_of_them_are_the_published(rates, ratios):
    of_tiers = rates[(rates["kind"] == "up_to_tier") & (rates["source"] == "reoffending")].set_index("scenario")
    left_out = rates[(rates["kind"] == "left_out_rule") & (rates["source"] == "reoffending")].set_index("scenario")
    assert of_tiers["scenario_order"].to_dict() == {"number_and_birthday": 1, "near": 4}
    assert of_tiers.loc["number_and_birthday", "matched"] == left_out.loc["weak", "matched"]
    assert of_tiers.loc["near", ["links_lost", "links_gained", "links_changed"]].tolist() == [0, 0, 0]
    every = ratios[(ratios["kind"] == "up_to_tier") & (ratios["scenario"] == "near")]
    assert (every["change_percent"] < 1e-5).all()
    assert (ratios[ratios["scenario"] == "number_and_birthday"]["change_percent"] > 0.1).any()
