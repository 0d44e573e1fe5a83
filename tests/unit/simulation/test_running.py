"""Simulations: the same answer however many processes and interruptions there were, and no longer than asked."""

import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.simulation import running
from orchestration.simulation.running import SimulationRequest, read_trials, run_simulation
from orchestration.storage.processes import InThisProcess
from tests.conftest import settings_for

REQUEST = SimulationRequest(populations=1, seed=3, cases=400)


@pytest.fixture
def here(monkeypatch, tmp_path):
    """Settings of an empty folder; populations are made in this process."""
    pool = InThisProcess()
    monkeypatch.setattr(running, "process_pool", lambda *_: pool)
    return settings_for(tmp_path)


def kept(settings):
    (file,) = (settings.run_dir / "simulation").glob("*.jsonl")
    return file


def test_a_run_that_was_ended_goes_on_and_ends_as_one_that_was_not(here, tmp_path):
    whole = run_simulation(here, REQUEST, workers=1)
    file = kept(here)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:3]) + lines[3][: len(lines[3]) // 2])  # killed while it wrote
    again = run_simulation(here, REQUEST, workers=1)
    pd.testing.assert_frame_equal(whole, again)
    assert len(read_trials(file)) == 5


def test_when_the_time_is_up_none_is_begun_and_what_there_is_is_told(here, monkeypatch):
    clock = iter([0.0, 0.0, 0.0] + [1e6] * 50)
    monkeypatch.setattr(running.time, "monotonic", lambda: next(clock))
    found = run_simulation(here, REQUEST, workers=1)
    assert set(found["scenario"]) == {"no_effects"}


@pytest.mark.parametrize("asked", [{"populations": 0}, {"minutes": 0}, {"seed": -1}])
def test_what_cannot_be_drawn_is_refused(asked):
    with pytest.raises(PipelineError, match="cannot be drawn"):
        SimulationRequest(**asked)
