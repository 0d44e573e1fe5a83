"""A stratified random sample of a caseload, the same whatever the order of the list.

2020/03 and 2023/04, Annex A, Domain two case sample; size and allocation as `sample_size` and `allocation` say.

Each case gets a random number of its own: the SHA-256 of the seed and its id. Within a stratum the cases are drawn in
the order of these numbers, so every set of its cases is equally likely, adding or removing cases leaves the order of
the others alone, and anybody can draw the sample again from the list and the seed.

Belongs here: which cases. Not here: reading lists and writing files (`orchestration/samples`).
"""

from dataclasses import dataclass
from hashlib import sha256
from math import ceil

import pandas as pd

from orchestration.methods.sampling.allocation import CELL, allocate_cells, count_cells, with_strata
from orchestration.methods.sampling.sample_size import BULLETIN_PRECISION, Precision

CASELOAD_ID = "caseload_id"
DRAWN = ("draw_order", CASELOAD_ID, *CELL)
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Draw:
    """`sample` and `reserves`: DRAWN, one row a case, by provider, stratum and draw order; `strata`: one row a stratum.

    `draw_order` counts from 1 in each stratum and runs on from the sample into the reserves. `strata`: CELL, caseload,
    sample, reserves (int64).
    """

    sample: pd.DataFrame
    reserves: pd.DataFrame
    strata: pd.DataFrame


def draw_sample(
    caseload: pd.DataFrame, seed: int, precision: Precision = BULLETIN_PRECISION, oversample: float = 0.0
) -> Draw:
    """Draw the required sample of each provider's caseload, without replacement, and reserves for ineligible cases.

    `caseload`: CASELOAD_ID (text, unique) and CELL. `oversample`: reserves as a share of each stratum's sample, rounded
    up, as far as its cases go; a case that turns out ineligible gives way to the next reserve of its own stratum.
    Raises ValueError where ids are missing or repeated, or `oversample` is negative.
    """
    ids = caseload[CASELOAD_ID]
    if ids.isna().any() or ids.duplicated().any():
        raise ValueError("every case needs an id of its own")
    if not oversample >= 0:
        raise ValueError("the oversample must be nought or more")
    strata = _sizes(count_cells(caseload, caseload.iloc[:0]), precision, oversample)
    numbered = _in_draw_order(with_strata(caseload), seed).merge(strata, on=list(CELL), validate="m:1")
    is_sampled = numbered["draw_order"] <= numbered["sample"]
    is_reserve = ~is_sampled & (numbered["draw_order"] <= numbered["sample"] + numbered["reserves"])
    return Draw(_listed(numbered[is_sampled], strata), _listed(numbered[is_reserve], strata), strata)


def draw_number(seed: int, caseload_id: str) -> str:
    """The random number of a case, 64 hexadecimal digits: the SHA-256 of `<seed>:<caseload_id>` in UTF-8."""
    return sha256(f"{seed}:{caseload_id}".encode()).hexdigest()


def _sizes(cells: pd.DataFrame, precision: Precision, oversample: float) -> pd.DataFrame:
    sample = allocate_cells(cells, precision)
    wanted = pd.Series([ceil(oversample * n - _ROUNDING) for n in sample], index=cells.index, dtype="int64")
    reserves = wanted.clip(upper=cells["caseload"] - sample)
    return cells[[*CELL, "caseload"]].assign(sample=sample, reserves=reserves)


def _in_draw_order(caseload: pd.DataFrame, seed: int) -> pd.DataFrame:
    numbers = [draw_number(seed, caseload_id) for caseload_id in caseload[CASELOAD_ID]]
    ordered = caseload[[CASELOAD_ID, *CELL]].assign(number=numbers).sort_values("number", ignore_index=True)
    return ordered.assign(draw_order=ordered.groupby(list(CELL)).cumcount() + 1)


def _listed(cases: pd.DataFrame, strata: pd.DataFrame) -> pd.DataFrame:
    """The cases in the order of their strata, then as drawn."""
    position = pd.MultiIndex.from_frame(strata[list(CELL)]).get_indexer(pd.MultiIndex.from_frame(cases[list(CELL)]))
    listed = cases.assign(position=position).sort_values(["position", "draw_order"], ignore_index=True)
    return listed[list(DRAWN)]
