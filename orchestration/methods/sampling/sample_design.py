"""The sample design of the inspections, looked at from behind: required, allocated, achieved, and what it means.

2020/03 and 2023/04, Annex A, Domain two case sample. Everything rests on the caseload list that the sample was drawn
from; without it every table is empty, with its columns.

Belongs here: the tables of results.sample_design and results.sample_allocation, and the order of the steps. Not here:
any one step (`sample_size`, `allocation`, `representativeness`, `design_weights`, `weighted_judgements`).
"""

import numpy as np
import pandas as pd

from orchestration.methods.layouts.typed_rows import table_of
from orchestration.methods.sampling.allocation import CELL, PROVIDER, allocate_cells, count_cells
from orchestration.methods.sampling.design_weights import design_weights, weigh_cases, weigh_cells
from orchestration.methods.sampling.representativeness import (
    dissimilarity,
    r_indicator,
    r_indicator_of_chance,
    sample_representativeness,
)
from orchestration.methods.sampling.sample_size import BULLETIN_PRECISION, Precision, margin_of_error, required_sample
from orchestration.methods.sampling.weighted_judgements import weighted_judgements

SAMPLE_DESIGN = {
    "provider": "str",
    "provider_type": "str",
    "status": "str",
    "caseload": "Int64",
    "required": "Int64",
    "achieved": "Int64",
    "shortfall": "Int64",
    "percent_sampled": "float64",
    "confidence": "float64",
    "margin_wanted": "float64",
    "margin_achieved": "float64",
    "strata": "Int64",
    "strata_allocated": "Int64",
    "strata_achieved": "Int64",
    "strata_outside_caseload": "Int64",
    "dissimilarity": "float64",
    "r_indicator": "float64",
    "r_indicator_of_chance": "float64",
}
SAMPLE_ALLOCATION = {
    "provider": "str",
    "provider_type": "str",
    "gender": "str",
    "case_type": "str",
    "rosh_level": "str",
    "caseload": "Int64",
    "allocated": "Int64",
    "achieved": "Int64",
    "difference": "Int64",
    "weight_group": "Int64",
    "weight": "float64",
}
MET, SHORT = "met", "short"
NOT_INSPECTED, NOT_IN_CASELOAD = "not_inspected", "not_in_caseload"
EXCEEDS = "achieved_exceeds_caseload"


def sample_tables(
    caseload: pd.DataFrame,
    cases: pd.DataFrame,
    precision: Precision = BULLETIN_PRECISION,
    significance_level: float = 0.05,
) -> dict[str, pd.DataFrame]:
    """The five tables by name: sample_design, sample_allocation, sample_representativeness, design_weights and
    weighted_judgements.

    `caseload`: one row an eligible case, provider, provider_type, gender, case_type, rosh_level. `cases`: marts.cases,
    the achieved sample, with the same columns. Without a caseload every table has no row. Nothing is raised for
    providers that only one of the two has, or with more cases inspected than eligible: their status says so.
    """
    achieved = cases if len(caseload) else cases.iloc[:0]
    counted = count_cells(caseload[list(CELL)], achieved[list(CELL)])
    cells = weigh_cells(counted.assign(allocated=allocate_cells(counted, precision)))
    return {
        "sample_design": sample_design(cells, precision),
        "sample_allocation": sample_allocation(cells),
        "sample_representativeness": sample_representativeness(cells),
        "design_weights": design_weights(cells),
        "weighted_judgements": weighted_judgements(weigh_cases(achieved, cells), cells, significance_level),
    }


def sample_design(cells: pd.DataFrame, precision: Precision = BULLETIN_PRECISION) -> pd.DataFrame:
    """results.sample_design: one row a provider that the caseload or the inspections name.

    `cells`: `allocation.count_cells` with a column `allocated`. Margins in percentage points, confidence in percent.
    """
    parts = cells.groupby(list(PROVIDER), sort=False)
    records = [dict(zip(PROVIDER, name, strict=True)) | _provider(rows, precision) for name, rows in parts]
    return table_of(SAMPLE_DESIGN, records)


def _provider(cells: pd.DataFrame, precision: Precision) -> dict[str, object]:
    population, sample = cells["caseload"].to_numpy(), cells["achieved"].to_numpy()
    size, n = int(population.sum()), int(sample.sum())
    required = required_sample(size, precision)
    return {
        "status": _status(size, required, n),
        "caseload": size,
        "required": required if size else pd.NA,
        "achieved": n,
        "shortfall": max(required - n, 0) if size else pd.NA,
        "percent_sampled": 100 * n / size if size else np.nan,
        "confidence": 100 * precision.confidence,
        "margin_wanted": 100 * precision.margin,
        "margin_achieved": 100 * margin_of_error(n, size, precision),
        "strata": int((population > 0).sum()),
        "strata_allocated": int((cells["allocated"] > 0).sum()),
        "strata_achieved": int(((population > 0) & (sample > 0)).sum()),
        "strata_outside_caseload": int(((population == 0) & (sample > 0)).sum()),
        "dissimilarity": dissimilarity(population, sample),
        "r_indicator": r_indicator(population, sample),
        "r_indicator_of_chance": r_indicator_of_chance(population, n),
    }


def _status(size: int, required: int, n: int) -> str:
    if size == 0:
        return NOT_IN_CASELOAD
    if n == 0:
        return NOT_INSPECTED
    if n > size:
        return EXCEEDS
    return MET if n >= required else SHORT


def sample_allocation(weighted_cells: pd.DataFrame) -> pd.DataFrame:
    """results.sample_allocation: one row a provider and stratum; `difference` is achieved minus allocated."""
    difference = weighted_cells["achieved"] - weighted_cells["allocated"]
    table = weighted_cells.assign(difference=difference)
    return table[list(SAMPLE_ALLOCATION)].astype(SAMPLE_ALLOCATION).reset_index(drop=True)


def contradictions(design: pd.DataFrame) -> list[str]:
    """One sentence a provider whose caseload and inspections cannot both be complete (results.sample_design)."""
    texts = {
        NOT_IN_CASELOAD: "was inspected but has no caseload",
        NOT_INSPECTED: "has a caseload but no inspected case",
        EXCEEDS: "has more cases inspected than its caseload holds",
    }
    return [
        f"{provider} ({provider_type.upper()}) {texts[status]}."
        for provider, provider_type, status in zip(*(design[name] for name in (*PROVIDER, "status")), strict=True)
        if status in texts
    ]
