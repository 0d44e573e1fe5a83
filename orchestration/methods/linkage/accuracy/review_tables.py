"""From a reviewer's verdicts to the rows of results.linkage_review.

Belongs here: the state of a case by the verdicts on its pairs, with unsure ones counted either way, and the table.
Not here: the estimators and their intervals (`review_estimates.py`), reading filled files (`review/`).
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from orchestration.methods.linkage.accuracy.review_estimates import (
    MEASURES,
    Stratum,
    count_limits,
    interval,
    point_estimate,
)
from orchestration.methods.linkage.accuracy.review_sample import NOTHING, OUTSIDE, RULE_PREFIX
from orchestration.tables.linkage_review import LINKAGE_REVIEW

TIER_PREFIX = "tier:"
# What an unsure verdict counts as: for the pair that is linked, and for any other pair of the case.
READINGS = {"wrong": (False, True), "right": (True, False)}
# What is told of the sample by who knows it; the rest is estimated here.
OF_THE_SAMPLE = ("sample", "status", "n_cases_changed", "drawn_on", "last_reviewed_on")
_ESTIMATED = {name: dtype for name, dtype in LINKAGE_REVIEW.dtypes.items() if name not in OF_THE_SAMPLE}


def review_table(pairs: pd.DataFrame, strata: pd.DataFrame, tiers: Mapping[str, str]) -> pd.DataFrame:
    """Precision, recall and F1 of each source (`all`), precision of each tier, the share in each stratum; in percent.

    `pairs`: source, stratum, case_number, is_linked, is_in_window, verdict (`match`, `not_match`, `unsure`, missing
    while open). `strata`: source, stratum, population. `tiers`: rule -> tier, the surest first; a tier is the
    strata of its rules, weighted to their populations. `value` leaves unsure cases out; the interval reaches from the
    lower limit with every unsure verdict counted against the linkage to the upper limit with all counted for it.
    """
    cases = case_states(pairs)
    rows = [row for source in strata["source"].unique() for row in _rows_of_source(source, cases, strata, tiers)]
    return pd.DataFrame(rows, columns=list(_ESTIMATED)).astype(_ESTIMATED)


def case_states(pairs: pd.DataFrame) -> pd.DataFrame:
    """One row a reviewed case: source, stratum, and its state under each reading (`wrong`, `right`).

    States: `correct` (the linked record is the person's), `missed` (it is not, and another record in the window is),
    `neither`, `open` (a verdict is not given yet). In the stratum `outside_window` records outside count too.
    """
    counted = pairs[pairs["is_in_window"] | (pairs["stratum"] == OUTSIDE)]
    judged = counted.assign(**{reading: _is_match(counted, *unsure) for reading, unsure in READINGS.items()})
    keys = ["source", "stratum", "case_number"]
    rows = [
        dict(zip(keys, key, strict=True)) | {reading: _state(case, reading) for reading in READINGS}
        for key, case in judged.groupby(keys, sort=True)
    ]
    return pd.DataFrame(rows, columns=[*keys, *READINGS])


def _is_match(pairs: pd.DataFrame, linked_unsure: bool, other_unsure: bool) -> pd.Series:
    unsure = np.where(pairs["is_linked"], linked_unsure, other_unsure)
    return pd.Series(np.where(pairs["verdict"] == "unsure", unsure, pairs["verdict"] == "match"), index=pairs.index)


def _state(case: pd.DataFrame, reading: str) -> str:
    if case["verdict"].isna().any():
        return "open"
    is_match = case[reading].astype(bool)
    if (is_match & case["is_linked"]).any():
        return "correct"
    return "missed" if (is_match & ~case["is_linked"]).any() else "neither"


def _rows_of_source(source: str, cases: pd.DataFrame, strata: pd.DataFrame, tiers: Mapping[str, str]) -> Iterator[dict]:
    own = strata[strata["source"] == source]
    reviewed = cases[cases["source"] == source]
    for measure in MEASURES:
        yield _joined_row(source, "all", measure, own, reviewed)
    for tier in dict.fromkeys(tiers.values()):
        of_tier = own[own["stratum"].isin([f"{RULE_PREFIX}{rule}" for rule, its in tiers.items() if its == tier])]
        if len(of_tier):
            yield _joined_row(source, f"{TIER_PREFIX}{tier}", "precision", of_tier, reviewed)
    for name, population in zip(own["stratum"], own["population"], strict=True):
        yield _stratum_row(source, name, int(population), reviewed[reviewed["stratum"] == name])


def _joined_row(source: str, name: str, measure: str, strata: pd.DataFrame, cases: pd.DataFrame) -> dict:
    """A measure of several strata together, weighted to their populations; `cases`: the source's reviewed cases."""
    counts = {reading: list(_counted(strata, cases, reading).values()) for reading in ("settled", *READINGS)}
    values = {reading: point_estimate(counted, measure) for reading, counted in counts.items()}
    limits = interval(counts["wrong"], measure)[0], interval(counts["right"], measure)[1]
    shown = cases[cases["stratum"].isin(strata["stratum"]) & (cases["stratum"] != OUTSIDE)]
    return _row(source, name, measure, shown, int(strata["population"].sum()), values, limits)


def _counted(strata: pd.DataFrame, cases: pd.DataFrame, reading: str) -> dict[str, Stratum]:
    """Strata for the estimators; those without a record in the window hold no missed link and need no review."""
    found = {}
    for name, population in zip(strata["stratum"], strata["population"], strict=True):
        if name in (NOTHING, OUTSIDE):
            found[name] = Stratum(population, population, 0, 0, False)
            continue
        states = _states(cases[cases["stratum"] == name], reading)
        correct, missed = int((states == "correct").sum()), int((states == "missed").sum())
        found[name] = Stratum(population, len(states), correct, missed, name.startswith(RULE_PREFIX))
    return found


def _states(cases: pd.DataFrame, reading: str) -> pd.Series:
    """States of the closed cases under a reading; `settled` leaves those out that the readings do not agree on."""
    closed = cases[cases["wrong"] != "open"]
    return closed.loc[closed["wrong"] == closed["right"], "wrong"] if reading == "settled" else closed[reading]


def _stratum_row(source: str, name: str, population: int, cases: pd.DataFrame) -> dict:
    """A stratum's share: correct among linked cases; missed among others; found outside the window."""
    is_linked = name.startswith(RULE_PREFIX)
    measure = "precision" if is_linked else "found_outside_window" if name == OUTSIDE else "missed"
    wanted = "correct" if is_linked else "missed"
    shares, limits = {}, {}
    for reading in ("settled", *READINGS):
        states = _states(cases, reading)
        positives = int((states == wanted).sum())
        shares[reading] = positives / len(states) if len(states) else np.nan
        limits[reading] = _limits(positives, len(states), population)
    low = min(limits["wrong"][0], limits["right"][0])
    high = max(limits["wrong"][1], limits["right"][1])
    return _row(source, name, measure, cases, population, shares, (low, high))


def _limits(positives: int, reviewed: int, population: int) -> tuple[float, float]:
    if not reviewed:
        return np.nan, np.nan
    low, high = count_limits(positives, reviewed, population)
    return low / population, high / population


def _row(
    source: str,
    stratum: str,
    measure: str,
    cases: pd.DataFrame,
    population: int,
    values: dict[str, float],
    limits: tuple[float, float],
) -> dict:
    n_open = int((cases["wrong"] == "open").sum())
    return {
        "source": source,
        "stratum": stratum,
        "measure": measure,
        "n_reviewed": len(cases) - n_open,
        "n_unsure": int((cases["wrong"] != cases["right"]).sum()),
        "n_open": n_open,
        "population": population,
        "value": 100 * values["settled"],
        "value_if_unsure_wrong": 100 * values["wrong"],
        "value_if_unsure_right": 100 * values["right"],
        "ci_low": 100 * limits[0],
        "ci_high": 100 * limits[1],
    }
