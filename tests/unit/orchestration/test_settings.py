"""Settings come from the environment, and say what is wrong with it."""

import pytest

from orchestration.errors import PipelineError
from orchestration.settings import Parameters, read_settings


def test_defaults_are_the_bulletins():
    parameters = read_settings({}).parameters
    assert (parameters.match_window_days, parameters.significance_level) == (7, 0.05)
    assert (parameters.followup_months, parameters.waiting_months) == (12, 6)


def test_every_parameter_can_be_set():
    environment = {f"PROBATION_{name.upper()}": str(value) for name, value in Parameters().model_dump().items()}
    assert read_settings(environment).parameters == Parameters()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROBATION_MATCH_WINDOW_DAYS", "-1"),
        ("PROBATION_MATCH_WINDOW_DAYS", "seven"),
        ("PROBATION_SIGNIFICANCE_LEVEL", "1"),
        ("PROBATION_MATCH_WINDOW", "7"),
    ],
    ids=["negative", "text", "out of range", "unknown name"],
)
def test_an_unusable_setting_is_named(name, value):
    with pytest.raises(PipelineError, match=f"{name} cannot be used"):
        read_settings({name: value})


def test_a_band_upside_down_is_refused():
    with pytest.raises(PipelineError, match="PROBATION_MATCH_RATE_LOW cannot be used: match_rate_low is above"):
        read_settings({"PROBATION_MATCH_RATE_LOW": "90", "PROBATION_MATCH_RATE_HIGH": "80"})
