"""Populations have the effects they are said to have, and the summary counts what it says."""

import numpy as np
import pytest
from statsmodels.discrete.discrete_model import Logit

from orchestration.methods.simulation.populations import SCENARIOS, Scenario, draw_cases
from orchestration.methods.simulation.trials import Trial, summary, trials_of


def test_a_large_population_has_the_effects_of_its_scenario() -> None:
    cases = draw_cases(Scenario("effects", effect=-0.4), np.random.default_rng(1), 40_000)
    good = [(cases[name] == "yes").to_numpy(dtype=float) for name in ("engagement", "desistance")]
    columns = np.column_stack([np.ones(len(cases)), (cases["ogrs_score"] - 50) / 25, *good])
    found = Logit(cases["reoffended"].to_numpy(dtype=float), columns).fit(disp=0).params
    assert found == pytest.approx([-0.3, 0.8, -0.4, -0.4], abs=0.06)


def test_what_goes_wrong_is_in_the_data() -> None:
    rng = np.random.default_rng(2)
    lost = draw_cases(Scenario("lost", lost_share=0.5), rng, 5000)
    is_hit = (lost["engagement"] == "yes") & (lost["reoffended"] == 1)
    assert lost.loc[is_hit, "desistance"].isna().mean() == pytest.approx(0.5, abs=0.05)
    assert lost.loc[~is_hit, "desistance"].notna().all()
    rates = draw_cases(Scenario("spread", spread=1.0), rng, 5000).groupby("provider")["reoffended"].mean()
    alike = draw_cases(Scenario("alike"), rng, 5000).groupby("provider")["reoffended"].mean()
    assert rates.std() > 3 * alike.std()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_population_is_its_seeds_and_every_method_is_tried(scenario: Scenario) -> None:
    first, again, other = (trials_of(scenario, seed, 0, 500) for seed in (1, 1, 2))
    assert first == again != other
    extra = {"false_links": {"links_drawn"}, "missing_by_outcome": {"missing_drawn"}}
    extra |= {"no_effects": {"stepwise_term", "stepwise_any"}}
    extra |= {"providers_differ": {"errors_by_provider", "levels_by_provider"}}
    assert {trial.method for trial in first} == {"published"} | extra.get(scenario.name, set())


def test_the_summary_counts_bias_coverage_and_findings() -> None:
    found = ((-0.5, True, True), (-0.1, False, False), (-0.3, True, True), (-0.4, True, True))
    trials = [Trial("effects", "published", "m", -0.4, *one) for one in found]
    row = summary(trials).iloc[0]
    assert (row["n"], row["coverage"], row["found"]) == (4, 75, 75)
    assert row["bias"] == pytest.approx(0.075)
    assert row["coverage_low"] < 75 < row["coverage_high"]
