"""Each expectation of every suite holds on good data and fails on data made to break it."""

import pandas as pd
import pytest

from expectations.runner import check, nowhere
from tests.made_up.extracts import CANARY
from tests.unit.expectations.mutations import Suite
from tests.unit.expectations.needs_mutations import BY_PART, all_suites, suites_of


@pytest.fixture(scope="module", params=BY_PART)
def suites(request: pytest.FixtureRequest) -> dict[str, Suite]:
    return suites_of(request.param)


def test_the_suites_accept_good_data(suites: dict[str, Suite]) -> None:
    for name, suite in suites.items():
        outcomes = [item.outcome for item in check(name, suite.frame, suite.expectations, nowhere)]
        assert [outcome.expectation for outcome in outcomes if not outcome.success] == []
        assert len(outcomes) == len(suite.expectations)


def test_every_expectation_fails_on_data_made_to_break_it(suites: dict[str, Suite]) -> None:
    faults = {
        f"{name}: {expectation.meta['name']} of {expectation.meta['subject']}": fault
        for name, suite in suites.items()
        for expectation in suite.expectations
        if (fault := _fault(name, suite, expectation))
    }
    assert faults == {}


def _fault(name: str, suite: Suite, expectation) -> str:
    """What is wrong with how an expectation judges data made to break it; "" where nothing is."""
    broken: pd.DataFrame = suite.mutations[expectation.meta["name"]](suite.frame, expectation)
    outcome = check(name, broken, [expectation], nowhere)[0].outcome
    said = f"{name}: {expectation.meta['problem']}: {outcome.observed}"
    if outcome.success:
        return "does not see it"
    if outcome.observed == "could not be evaluated":
        return outcome.observed
    if not (outcome.message.startswith(said) and outcome.message.endswith(expectation.meta["remedy"])):
        return f"says {outcome.message}"
    return "repeats a value" if CANARY in outcome.message + outcome.observed else ""


def test_every_mutation_is_used() -> None:
    suites = all_suites()
    made = {mutation for suite in suites.values() for mutation in suite.mutations}
    used = {expectation.meta["name"] for suite in suites.values() for expectation in suite.expectations}
    assert made == used
