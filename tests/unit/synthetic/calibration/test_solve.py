"""Attempts, acceptance, and solving the default seed again."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.synthetic.calibration import solve
from orchestration.synthetic.calibration.acceptance import SIGNIFICANT, missing_findings
from orchestration.synthetic.calibration.characteristics import draw_characteristics
from orchestration.synthetic.calibration.delivery import PAIRS, draw_delivery
from orchestration.synthetic.calibration.draw import InfeasibleDrawError
from orchestration.synthetic.calibration.judgements import DESISTANCE_PROMPTS, ENGAGEMENT_PROMPTS
from orchestration.synthetic.calibration.solve import DEFAULT_SEED, DELIVERY_ATTEMPTS, Attempts
from orchestration.synthetic.calibration.strata import draw_strata
from orchestration.synthetic.profile import read_profile

# What the second step draws.
JUDGED = (
    *("engagement", "desistance", *ENGAGEMENT_PROMPTS, *DESISTANCE_PROMPTS),
    *("services_available", "reoffences", "days_to_first_reoffence"),
)


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
def test_the_steps_of_the_default_seed_give_the_shipped_columns_back():
    """The first step as it begins, and from the shipped columns of the steps between the others again.

    Needs, assessments and twelve of the thirteen deliveries are left to `make profile`, which takes minutes.
    """
    shipped = read_profile()
    seeded = np.random.default_rng([DEFAULT_SEED, 1, 0])
    drawn = draw_characteristics(draw_strata(seeded), seeded)
    again = drawn[[column for column in drawn if column in shipped]]
    assert {"provider", "ogrs_score"} <= set(again)
    pd.testing.assert_frame_equal(again.reset_index(drop=True), shipped[list(again)], check_dtype=False)

    before = shipped.drop(columns=[*JUDGED, *(column for _, column in PAIRS)])
    before = before.join(drawn[[column for column in drawn if column.startswith("latent")]])
    attempts = Attempts(DEFAULT_SEED, _ignore)
    attempts.make("the first step", 1, lambda _: None)
    cases = attempts.make("outcomes", solve.ATTEMPTS, partial(solve._draw_outcomes, before))
    identified, column = PAIRS[0]
    cases[column] = attempts.make(column, DELIVERY_ATTEMPTS, partial(draw_delivery, cases, identified, column))
    pd.testing.assert_frame_equal(cases[[*JUDGED, column]], shipped[[*JUDGED, column]], check_dtype=False)
