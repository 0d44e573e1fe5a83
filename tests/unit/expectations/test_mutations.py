"""Each expectation of every suite holds on good data and fails on data made to break it."""

import pytest

from expectations.runner import check, nowhere
from tests.made_up.extracts import CANARY
from tests.unit.expectations.mutations import all_suites

SUITES = all_suites()
EXPECTATIONS = [
    pytest.param(name, position, id=f"{name}-{expectation.meta['name']}-{expectation.meta['subject']}")
    for name, suite in SUITES.items()
    for position, expectation in enumerate(suite.expectations)
]


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_accepts_good_data(name: str) -> None:
    suite = SUITES[name]
    outcomes = [item.outcome for item in check(name, suite.frame, suite.expectations, nowhere)]
    assert [outcome.expectation for outcome in outcomes if not outcome.success] == []
    assert len(outcomes) == len(suite.expectations)


@pytest.mark.parametrize(("name", "position"), EXPECTATIONS)
def test_an_expectation_fails_on_data_made_to_break_it(name: str, position: int) -> None:
    suite = SUITES[name]
    expectation = suite.expectations[position]
    broken = suite.mutations[expectation.meta["name"]](suite.frame, expectation)
    outcome = check(name, broken, [expectation], nowhere)[0].outcome
    assert not outcome.success
    assert outcome.observed != "could not be evaluated"
    assert outcome.message.startswith(f"{name}: {expectation.meta['problem']}: {outcome.observed}")
    assert outcome.message.endswith(expectation.meta["remedy"])
    assert CANARY not in outcome.message + outcome.observed


def test_every_mutation_is_used() -> None:
    made = {mutation for suite in SUITES.values() for mutation in suite.mutations}
    used = {expectation.meta["name"] for suite in SUITES.values() for expectation in suite.expectations}
    assert made == used
