"""The order of the draws, and what happens when one cannot be had.

Belongs here: seeds, attempts and progress. Not here: any target.
"""

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TypeVar

import numpy as np
import pandas as pd

from orchestration.errors import PipelineError
from orchestration.synthetic.calibration.acceptance import missing_findings
from orchestration.synthetic.calibration.characteristics import draw_characteristics
from orchestration.synthetic.calibration.delivery import PAIRS, draw_delivery, rare_answers_exist
from orchestration.synthetic.calibration.draw import InfeasibleDrawError
from orchestration.synthetic.calibration.judgements import draw_assessment_and_planning, draw_prompts
from orchestration.synthetic.calibration.key_questions import draw_key_questions
from orchestration.synthetic.calibration.needs_and_strengths import draw_needs_and_strengths
from orchestration.synthetic.calibration.reoffences import draw_reoffences
from orchestration.synthetic.calibration.strata import check_totals, draw_strata
from orchestration.synthetic.profile import PROFILE_COLUMNS

DEFAULT_SEED = 7
ATTEMPTS = 8
NEEDS_DRAWS = 6
COUNT_DRAWS = 3
ROUNDS = 4
DELIVERY_ATTEMPTS = 12
Report = Callable[[str], None]
Drawn = TypeVar("Drawn")


def solve_profile(seed: int, report: Report | None = None) -> pd.DataFrame:
    """A profile of 3,308 cases that meets every published target; the same seed gives the same profile.

    `report` is told of each step. Raises PipelineError where the attempts run out.
    """
    attempts = Attempts(seed, report or _silent)
    reason = ""
    for _ in range(ROUNDS):
        try:
            return _solve_once(attempts)
        except InfeasibleDrawError as error:
            reason = str(error)
            attempts.report(f"starting again: {reason}")
    raise PipelineError(
        problem=f"No synthetic profile for seed {seed} in {ROUNDS} rounds; the last one ended with: {reason}.",
        remedy="Solve with another seed.",
    )


def _solve_once(attempts: "Attempts") -> pd.DataFrame:
    """One round of all steps. Raises InfeasibleDrawError where a step's attempts run out.

    A few needs are so rare that some cases allow no answers to them; only other cases help then.
    """
    cases = attempts.make("characteristics, needs and assessments", ATTEMPTS, _draw_cases)
    cases = attempts.make("judgements and reoffences", ATTEMPTS, partial(_draw_outcomes, cases))
    for identified, column in PAIRS:
        draw = partial(draw_delivery, cases, identified, column)
        cases = cases.assign(**{column: attempts.make(column, DELIVERY_ATTEMPTS, draw)})
    return cases.assign(profile_id=np.arange(1, len(cases) + 1))[list(PROFILE_COLUMNS)]


def _draw_cases(rng: np.random.Generator) -> pd.DataFrame:
    strata = draw_strata(rng)
    check_totals(strata)
    cases = draw_characteristics(strata, rng)
    for _ in range(NEEDS_DRAWS):
        needs = draw_needs_and_strengths(cases, rng)
        if rare_answers_exist(needs):
            return draw_assessment_and_planning(needs, rng)
    raise InfeasibleDrawError("the rarest needs fell on cases that allow no answers")


def _draw_outcomes(cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Key questions, prompts and reoffences; refused where the regressions tell another story.

    The counts are the cheapest to draw again, so that is tried first.
    """
    judged = draw_prompts(draw_key_questions(cases, rng), rng)
    reasons: list[str] = []
    for _ in range(COUNT_DRAWS):
        try:
            counted = draw_reoffences(judged, rng)
        except InfeasibleDrawError as error:
            reasons = [str(error)]
            continue
        reasons = missing_findings(counted)
        if not reasons:
            return counted
        if not all(reason.startswith("reoffences__") for reason in reasons):
            break
    raise InfeasibleDrawError("; ".join(reasons))


class Attempts:
    """Repeats a draw until it can be had, with its own random numbers for every step and attempt."""

    def __init__(self, seed: int, report: Report) -> None:
        self.report = report
        self._seed = seed
        self._step = 0

    def make(self, what: str, limit: int, draw: Callable[[np.random.Generator], Drawn]) -> Drawn:
        """The first successful draw. Raises InfeasibleDrawError after `limit` attempts."""
        self._step += 1
        for attempt in range(limit):
            start = monotonic()
            try:
                drawn = draw(np.random.default_rng([self._seed, self._step, attempt]))
            except InfeasibleDrawError as error:
                self.report(f"{what}: drawn again ({error}; {monotonic() - start:.1f} s)")
                continue
            self.report(f"{what}: solved ({monotonic() - start:.1f} s)")
            return drawn
        raise InfeasibleDrawError(f"{what} failed {limit} times")


def _silent(_: str) -> None:
    """Tells nobody."""
