"""What came of each sentence: terminations with their reasons, and proven reoffending.

Belongs here: outcomes, with those of the cases exactly the profile's. Not here: which records exist
(`sentences.py`).
"""

import numpy as np
import pandas as pd

from orchestration.synthetic.calendar import FIRST_TERMINATION, LAST_TERMINATION

TERMINATION_REASONS = {
    "ran_full_course": 0.66,
    "early_good_progress": 0.02,
    "early_conviction": 0.15,
    "early_failure_to_comply": 0.13,
    "early_other": 0.03,
    "excluded": 0.01,
}
REOFFENDED_SHARE = 0.30
FOLLOW_UP_DAYS = 365


def _days_until_terminated(rng: np.random.Generator, reason: np.ndarray) -> np.ndarray:
    """Days served: whole terms of 12, 18 or 24 months where it ran its course, anything before otherwise."""
    full = rng.choice([365, 548, 730], len(reason), p=(0.62, 0.18, 0.20)) - rng.integers(0, 3, len(reason))
    early = (full * rng.beta(2.0, 2.2, len(reason))).astype(np.int64) + 14
    return np.where(reason == "ran_full_course", full, early)


def add_terminations(rng: np.random.Generator, sentences: pd.DataFrame, profile: pd.DataFrame) -> pd.DataFrame:
    """The sentences with termination_reason and termination_date; the cases' as in the profile.

    Raises ValueError where a matched case of the profile has no reason.
    """
    reason = draw_termination_reasons(rng, len(sentences))
    rows, case = _inspected(sentences, profile["termination_matched"])
    given = profile["termination_reason"].to_numpy(dtype=object)[case]
    if pd.isna(given).any():
        raise ValueError("a case of the profile is matched to a termination without a reason")
    reason[rows] = given
    ended = termination_dates(rng, sentences["date"].to_numpy().astype("datetime64[D]"), reason)
    return sentences.assign(termination_reason=reason, termination_date=ended.astype("datetime64[s]"))


def draw_termination_reasons(rng: np.random.Generator, size: int) -> np.ndarray:
    """Reasons for which sentences ended, at plausible rates."""
    return rng.choice(np.array(list(TERMINATION_REASONS), dtype=object), size, p=list(TERMINATION_REASONS.values()))


def termination_dates(rng: np.random.Generator, sentence_date: np.ndarray, reason: np.ndarray) -> np.ndarray:
    """Days on which sentences ended, within the period of the extract (datetime64[D])."""
    ended = sentence_date + _days_until_terminated(rng, reason)
    # the extract holds terminations of its own period only: an older sentence ended late, a younger one early
    first = np.maximum(sentence_date, FIRST_TERMINATION)
    late = first + rng.integers(0, 60, len(ended))
    return np.where(ended < first, late, np.minimum(ended, LAST_TERMINATION))


def _inspected(sentences: pd.DataFrame, matched: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Rows that are a matched case's inspected sentence, and the case of each."""
    is_matched = matched.fillna(0).to_numpy(dtype=float) == 1
    case = sentences["case"].to_numpy()
    rows = np.flatnonzero((sentences["role"] == "window").to_numpy() & is_matched[case])
    return rows, case[rows]


def add_reoffending(rng: np.random.Generator, sentences: pd.DataFrame, profile: pd.DataFrame) -> pd.DataFrame:
    """The sentences with reoffended, reoffences, days_to_first_reoffence (nullable); cases as in the profile.

    Where a case has two records in its window, the profile's outcome is spread over both: combined (any
    reoffending, most reoffences, fewest days; 2023/04, Annex A (iii)) they give it back.
    """
    reoffended, reoffences, days = draw_reoffending(rng, len(sentences))
    rows, case = _inspected(sentences, profile["reoffending_matched"])
    columns = ("reoffended", "reoffences", "days_to_first_reoffence")
    given = profile[list(columns)].fillna(0).to_numpy(dtype=float).astype(np.int64)[case]
    reoffended[rows], reoffences[rows], days[rows] = given.T
    _spread_over_seconds(rng, sentences, reoffended, reoffences, days)
    is_free = reoffended == 0
    return sentences.assign(
        reoffended=reoffended,
        reoffences=np.where(is_free, 0, reoffences),
        days_to_first_reoffence=pd.array(days, dtype="Int64"),
    ).assign(days_to_first_reoffence=lambda frame: frame["days_to_first_reoffence"].mask(is_free))


def draw_reoffending(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether reoffended (0, 1), how often and after how many days if so, at plausible rates."""
    reoffended = (rng.random(size) < REOFFENDED_SHARE).astype(np.int64)
    reoffences = 1 + rng.negative_binomial(0.9, 0.22, size)
    days = np.minimum((FOLLOW_UP_DAYS * rng.beta(1.0, 1.5, size)).astype(np.int64), FOLLOW_UP_DAYS - 1)
    return reoffended, reoffences, days


def _spread_over_seconds(
    rng: np.random.Generator,
    sentences: pd.DataFrame,
    reoffended: np.ndarray,
    reoffences: np.ndarray,
    days: np.ndarray,
) -> None:
    """Share the outcome of each inspected sentence with its second record (arrays changed in place)."""
    role, case = sentences["role"].to_numpy(), sentences["case"].to_numpy()
    second = np.flatnonzero(role == "second")
    windows = np.flatnonzero(role == "window")
    first = windows[np.searchsorted(case[windows], case[second])]
    for one, two, kind in zip(first.tolist(), second.tolist(), rng.integers(0, 4, len(second)).tolist(), strict=True):
        fewer = int(rng.integers(1, reoffences[one] + 1)) if reoffended[one] else 0
        later = int(rng.integers(days[one], FOLLOW_UP_DAYS)) if days[one] < FOLLOW_UP_DAYS else FOLLOW_UP_DAYS
        reoffended[two], reoffences[two], days[two] = reoffended[one], fewer, later
        if kind == 1:  # the second record says nothing of it
            reoffended[two] = 0
        elif kind == 2:  # only the second record says so
            reoffences[two], days[two], reoffended[one] = reoffences[one], days[one], 0
        elif kind == 3:  # each record holds a part
            days[one], days[two] = later, days[one]
