"""Both key questions at once, with the findings that join them (2023/04, section 2 and 3).

Belongs here: engagement and desistance as one variable of nine combinations. Not here: their prompts.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.synthetic.calibration.bands import OGRS_BANDS, OGRS_GROUPS_2020, band_of
from orchestration.synthetic.calibration.draw import Row, count_row, draw_categories
from orchestration.synthetic.calibration.outcome_rows import balance_rows, outcome_rows
from orchestration.synthetic.calibration.strata import outcomes_of
from orchestration.synthetic.calibration.targets import annex_b, band_of_counts, headlines

ANSWERS = ("yes", "no", "")
COMBINATIONS = [(engagement, desistance) for engagement in ANSWERS for desistance in ANSWERS]
CODES = [f"{engagement}|{desistance}" for engagement, desistance in COMBINATIONS[:-1]]
# A gap's printed value covers one point; the outer tenths are left out, so that one case cannot tip it over.
GAP_MARGIN = 0.1
ENGAGEMENT_ON_RISK, DESISTANCE_ON_RISK = 0.35, 0.6
MOST_MISSING = 6  # of the cases unmatched to reoffending; Annex B fixes the others


@dataclass(frozen=True)
class Gap:
    """A difference of two rates printed in points: the headline, and the sizes of the two groups compared.

    The sizes are ours (the bulletin does not print them). They leave room for both key questions to matter
    on their own, which the bulletin reports.
    """

    headline: str
    n_higher: int
    n_lower: int


COMPLETION = Gap("both_kq_completion_gap", 834, 376)
REOFFENDING = Gap("both_kq_reoffending_gap", 560, 1416)
FIGURE_5_LOW = Gap("fig5_gap_ogrs_low", 655, 183)
FIGURE_5_HIGH = Gap("fig5_gap_ogrs_high", 221, 117)


def draw_key_questions(cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The cases with `engagement` and `desistance`, their Annex B cells and the joint findings exact."""
    flags = outcomes_of(cases)
    rows: list[Row] = []
    for position, item in enumerate(("engagement", "desistance")):
        groups = {code: pair[position] for code, pair in zip(CODES, COMBINATIONS, strict=False)}
        rows += outcome_rows(item, CODES, groups, flags) + balance_rows(item, CODES, groups, flags)
        rows += _inspected_rows(item, position, flags.matched)
    rows += _joint_rows(cases) + _figure_5_rows(cases)
    drawn = draw_categories("key questions", _utilities(cases), rows, rng)
    engagement, desistance = np.array(COMBINATIONS)[drawn].T
    return cases.assign(
        engagement=pd.Series(engagement, dtype="str").where(engagement != ""),
        desistance=pd.Series(desistance, dtype="str").where(desistance != ""),
    )


def _utilities(cases: pd.DataFrame) -> np.ndarray:
    """Both go with quality, desistance with its services and strengths.

    Among reoffenders (and among the others) the better supervised are the riskier: who reoffends in spite of
    good supervision has more of what makes people reoffend.
    """
    quality = cases["latent_quality"].to_numpy()
    score = cases["latent_ogrs"]
    risk = (score - score.groupby(outcomes_of(cases).reoffended).transform("mean")).to_numpy()
    services = (cases["services_reduce_reoffending"] == "yes").to_numpy(dtype=float)
    strengths = (cases["strengths_built_upon"] == "yes").to_numpy(dtype=float)
    engagement = 0.9 * quality + 0.4 * strengths + ENGAGEMENT_ON_RISK * risk
    desistance = 0.8 * quality + 1.5 * services + 0.5 * strengths + DESISTANCE_ON_RISK * risk
    return np.column_stack(
        [engagement * (e == "yes") + desistance * (d == "yes") + 0.5 * (e == d == "yes") for e, d in COMBINATIONS]
    )


def _chosen(engagement: str | None = None, desistance: str | None = None) -> np.ndarray:
    return np.array([engagement in (None, e) and desistance in (None, d) for e, d in COMBINATIONS])


def _inspected_rows(item: str, position: int, matched: np.ndarray) -> list[Row]:
    """75 and 55 per cent of all inspected, whether the few without an answer are counted or not."""
    yes = np.array([pair[position] == "yes" for pair in COMBINATIONS])
    missing = np.array([pair[position] == "" for pair in COMBINATIONS])
    n = len(matched)
    cells = annex_b()
    without_answer = matched.sum() - sum(cells[item, answer, "reoffended"].n or 0 for answer in ("yes", "no"))
    low, _ = band_of_counts(f"kq_{item}_yes_pct", n)
    _, high = band_of_counts(f"kq_{item}_yes_pct", n - int(without_answer) - MOST_MISSING)
    return [
        count_row(f"{item} yes of all", np.ones(n), yes, low, high),
        count_row(f"{item} missing of the unmatched", ~matched, missing, 0, MOST_MISSING),
    ]


def _joint_rows(cases: pd.DataFrame) -> list[Row]:
    """Both positive against both negative: 24 points of completion, 14 of reoffending."""
    flags = outcomes_of(cases)
    both, neither = _chosen("yes", "yes"), _chosen("no", "no")
    return [
        *_gap_rows(COMPLETION, flags.analysed, flags.positive, both, neither),
        *_gap_rows(REOFFENDING, flags.matched, flags.reoffended, neither, both),
    ]


def _figure_5_rows(cases: pd.DataFrame) -> list[Row]:
    """Completion by engagement: 18 points at a low likelihood of reoffending, 9 at a high one or above."""
    flags = outcomes_of(cases)
    group = band_of(cases["ogrs_score"], OGRS_BANDS).map(OGRS_GROUPS_2020)
    rows = []
    for category, gap in (("low", FIGURE_5_LOW), ("high_very_high", FIGURE_5_HIGH)):
        inside = (group == category).to_numpy(dtype=bool)
        yes, no = _chosen(engagement="yes"), _chosen(engagement="no")
        rows += _gap_rows(gap, flags.analysed & inside, flags.positive & inside, yes, no)
    return rows


def _gap_rows(gap: Gap, base: np.ndarray, count: np.ndarray, higher: np.ndarray, lower: np.ndarray) -> list[Row]:
    """The two sizes exactly, and the difference of the rates inside the printed point."""
    points = float(headlines()[gap.headline].value)
    scale = gap.n_lower
    share = scale * (higher / gap.n_higher - lower / gap.n_lower)
    low, high = (scale * (points + side * (0.5 - GAP_MARGIN)) / 100 for side in (-1, 1))
    return [
        count_row(f"{gap.headline} higher", base, higher, gap.n_higher),
        count_row(f"{gap.headline} lower", base, lower, gap.n_lower),
        Row(gap.headline, np.outer(count.astype(float), share), low, high),
    ]
