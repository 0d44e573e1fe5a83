"""Attempts, acceptance, and solving the default seed again."""

import gzip

import numpy as np
import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.synthetic.calibration import solve
from orchestration.synthetic.calibration.acceptance import SIGNIFICANT, missing_findings
from orchestration.synthetic.calibration.draw import InfeasibleDrawError
from orchestration.synthetic.calibration.solve import DEFAULT_SEED, Attempts, solve_profile
from orchestration.synthetic.profile import SHIPPED_PROFILE, read_profile, write_profile


def _ignore(_: str) -> None:
    pass


def test_a_failed_draw_is_drawn_again_with_other_numbers():
    seen: list[float] = []

    def draw(rng: np.random.Generator) -> int:
        seen.append(rng.random())
        if len(seen) < 3:
            raise InfeasibleDrawError("no")
        return len(seen)

    assert Attempts(1, _ignore).make("a step", 5, draw) == 3
    assert len(set(seen)) == 3


def _never(rng: np.random.Generator) -> pd.DataFrame:
    raise InfeasibleDrawError("never")


def test_attempts_are_bounded_and_name_the_step():
    with pytest.raises(InfeasibleDrawError, match="the impossible step failed 2 times"):
        Attempts(1, _ignore).make("the impossible step", 2, _never)


def test_rounds_are_bounded_and_end_in_a_message_with_the_seed_and_the_step(monkeypatch):
    monkeypatch.setattr(solve, "_draw_cases", _never)
    with pytest.raises(PipelineError) as caught:
        solve.solve_profile(77)
    assert "77" in caught.value.problem
    assert "characteristics" in caught.value.problem


def test_each_step_has_its_own_random_numbers_and_the_seed_decides_them():
    def numbers(seed: int) -> list[float]:
        attempts = Attempts(seed, _ignore)
        return [attempts.make("a step", 1, lambda rng: rng.random()) for _ in range(2)]

    assert numbers(1) == numbers(1)
    assert numbers(1) != numbers(2)
    assert numbers(1)[0] != numbers(1)[1]


def test_the_shipped_profile_tells_the_bulletins_story():
    assert missing_findings(read_profile()) == []


def test_a_profile_without_an_effect_of_engagement_is_refused():
    profile = read_profile()
    shuffled = profile["engagement"].sample(frac=1, random_state=1).to_numpy()
    found = missing_findings(profile.assign(engagement=pd.Series(shuffled, dtype="str")))
    assert any(finding.startswith("termination__key_questions: engagement") for finding in found)


def test_the_story_has_both_key_questions_for_all_three_outcomes_and_the_score_in_all_six_models():
    assert len({model for model, term in SIGNIFICANT if term == "engagement"}) == 3
    assert len({model for model, term in SIGNIFICANT if term == "desistance"}) == 3
    assert len({model for model, term in SIGNIFICANT if term == "ogrs_score"}) == 6


@pytest.mark.slow
def test_solving_the_default_seed_again_gives_the_shipped_profile_back(tmp_path):
    again = tmp_path / "again.csv.gz"
    write_profile(solve_profile(DEFAULT_SEED), again)
    assert gzip.decompress(again.read_bytes()) == gzip.decompress(SHIPPED_PROFILE.read_bytes())
