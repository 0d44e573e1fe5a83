"""Which cases a clerical review looks at: strata, their shares of the sample, and the draw.

Belongs here: allocation and drawing, on case numbers. Not here: which records are shown with a case (`review/`), and
what the verdicts say of the links (`review_estimates.py`).

Every case of a source belongs to one stratum. Linked cases: the rule that decided (`rule:<name>`). Others: `ambiguous`;
`near` (a record in the window shares a block with the case but was not accepted); `loose` (a record in the window was
found by looser comparisons only); `outside_window` (the person was reached, no record found in the window);
`nothing_found`. The last has nothing to show and is not sampled.
"""

import numpy as np
import pandas as pd

RULE_PREFIX = "rule:"
UNLINKED = ("ambiguous", "near", "loose", "outside_window", "nothing_found")
NOTHING = "nothing_found"
OUTSIDE = "outside_window"
# Shares of errors (linked) or missed links (others) that the allocation expects; they move its efficiency alone.
EXPECTED_SHARE = {"linked": 0.02, "ambiguous": 0.5, "near": 0.5, "loose": 0.3, OUTSIDE: 0.0}


def strata_of(cases: pd.DataFrame) -> pd.Series:
    """The stratum of each case.

    Columns: status, rule (text, missing where none), is_linked, has_near, has_loose, has_outside (boolean: whether
    such a record was found). A link without a rule, as a reviewer's override makes, is of the stratum `rule:override`.
    """
    linked = RULE_PREFIX + cases["rule"].astype("object").where(cases["rule"].notna(), "override").astype(str)
    conditions = [
        cases["is_linked"],
        (cases["status"] == "ambiguous") & (cases["has_near"] | cases["has_loose"]),
        cases["has_near"],
        cases["has_loose"],
        cases["has_outside"],
    ]
    choices: list[pd.Series | str] = [linked, *UNLINKED[:4]]
    stratum = pd.Series(NOTHING, index=cases.index, dtype="object")
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        stratum = stratum.mask(condition.astype(bool), choice)
    return stratum.astype("str")


def allocate(population: pd.Series, total: int, minimum: int) -> pd.Series:
    """Cases to review in each stratum: `minimum` (or all there are) first, the rest by Neyman's allocation.

    `population`: stratum -> cases. Neyman (1934): in proportion to size times standard deviation, here of
    `EXPECTED_SHARE`, never more than there are; whole numbers by largest remainder. Raises ValueError where `total`
    is smaller than the minimums need.
    """
    shown = population[population.index != NOTHING]
    sample = shown.clip(upper=minimum)
    if sample.sum() > total:
        raise ValueError(f"{int(sample.sum())} cases are needed for {minimum} in each stratum")
    score = shown * [_spread(stratum) for stratum in shown.index]
    left = min(total - int(sample.sum()), int((shown - sample).sum()))
    while left > 0:
        room = shown - sample
        weights = score.where(room > 0, 0.0)
        weights = weights if weights.sum() > 0 else room.astype(float)
        share = left * weights / weights.sum()
        is_full = share >= room
        step = room.where(is_full, 0) if (is_full & (room > 0)).any() else _largest_remainders(share)
        sample, left = sample + step.astype(int), left - int(step.sum())
    return sample.astype(int)


def _largest_remainders(share: pd.Series) -> pd.Series:
    """Whole numbers with the same sum: rounded down, then one more where most was cut off."""
    whole = np.floor(share + 1e-9)
    order = (share - whole).sort_values(ascending=False, kind="stable").index
    raised = set(order[: round(share.sum() - whole.sum())])
    return whole + [float(stratum in raised) for stratum in share.index]


def _spread(stratum: str) -> float:
    expected = EXPECTED_SHARE["linked" if stratum.startswith(RULE_PREFIX) else stratum]
    return float(np.sqrt(expected * (1.0 - expected)))


def draw(strata: pd.Series, allocation: pd.Series, rng: np.random.Generator) -> pd.Index:
    """A simple random sample without replacement of each stratum's cases: their index labels, sorted.

    `strata`: case -> stratum, in an order that does not depend on storage (the draw depends on it).
    """
    drawn: list[object] = []
    for stratum, size in allocation.items():
        members = strata.index[strata == stratum].to_numpy()
        drawn += list(rng.choice(members, size=int(size), replace=False))
    return pd.Index(sorted(drawn))  # type: ignore[type-var]
