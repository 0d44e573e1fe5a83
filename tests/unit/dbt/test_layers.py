"""What a layer that could not be built says to do."""

import pytest

from orchestration.dbt.layers import NodeOutcome, _failed
from orchestration.errors import PipelineError


@pytest.mark.parametrize(
    ("status", "remedy"), [("error", "delete warehouse.duckdb if it is damaged"), ("fail", "look there first")]
)
def test_a_model_that_could_not_be_built_has_another_remedy_than_a_test_that_failed(status, remedy):
    error = _failed("marts", [NodeOutcome("model.probation_outcomes.cases", "model", status, 0)])
    assert isinstance(error, PipelineError)
    assert remedy in error.remedy
