"""Which sub-groups differ in which need, strength, judgement or delivery item (2020/03, 2.2 and 2.3).

Belongs here: results.subgroup_differences, the verdicts of all models side by side with the size and direction of the
difference. Not here: the verdicts themselves (`models`), the cells (`annex_c`).
"""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from orchestration.methods.bulletin_2020_03.models import FORCED, model_id_of
from orchestration.methods.layouts.frames import frame_of
from orchestration.methods.layouts.layout_2020 import GROUPS, MODELLED, PUBLISHED_REMOVAL, Group, Measure
from orchestration.methods.statistics.stepwise import REMOVAL_TESTS
from orchestration.tables.needs import SUBGROUP_DIFFERENCES

# Ethnic groups have no order, so "the last less the first" would say nothing.
UNORDERED = ("ethnicity",)
Verdict = Mapping[Hashable, Any]


def subgroup_differences(
    annex_c: pd.DataFrame, stepwise_terms: pd.DataFrame, model_terms: pd.DataFrame
) -> pd.DataFrame:
    """One row a measure and characteristic (32 x 7): verdicts, and where the measure is lowest and highest.

    `annex_c`, `stepwise_terms` and `model_terms` are the results tables of the same cases. `is_retained` and
    `p_value` are the published selection's (removal by likelihood ratio), the other two those of the other removal
    tests; `forced_lr_p` and `forced_wald_p` are the term's tests with all seven characteristics in the model. Values
    are percentages, unrounded, without regard to the other characteristics; `last_less_first` is the last published
    category less the first, in percentage points: NPS less CRC, women less men, oldest less youngest, highest less
    lowest risk.
    """
    cells = {key: rows for key, rows in annex_c[annex_c["n"] > 0].groupby(["outcome", "item"])}
    verdicts = stepwise_terms.set_index(["outcome", "term", "removal_test"])[["is_retained", "p_value"]]
    forced = model_terms.set_index(["model_id", "term"])[["lr_p", "wald_p"]]
    by_verdict, by_term = verdicts.to_dict("index"), forced.to_dict("index")
    nobody = annex_c.head(0)
    records = [
        {
            "table_id": measure.table_id,
            "outcome": measure.code,
            "item": group.item,
            **_verdicts(by_verdict, by_term, measure, group),
            **_extremes(cells.get((measure.code, group.item), nobody), group),
        }
        for measure in MODELLED
        for group in GROUPS
    ]
    return frame_of(SUBGROUP_DIFFERENCES, records)


def _verdicts(
    verdicts: Mapping[Any, Verdict], forced: Mapping[Any, Verdict], measure: Measure, group: Group
) -> dict[str, object]:
    unknown: Verdict = {"is_retained": pd.NA, "p_value": float("nan")}
    by_test = {test: verdicts.get((measure.code, group.item, test), unknown) for test in REMOVAL_TESTS}
    tests = forced.get((f"{model_id_of(measure)}{FORCED}", group.item), {})
    return {
        "is_retained": by_test[PUBLISHED_REMOVAL]["is_retained"],
        "p_value": by_test[PUBLISHED_REMOVAL]["p_value"],
        "is_retained_conditional": by_test["conditional"]["is_retained"],
        "is_retained_wald": by_test["wald"]["is_retained"],
        "forced_lr_p": tests.get("lr_p", float("nan")),
        "forced_wald_p": tests.get("wald_p", float("nan")),
    }


def _extremes(cells: pd.DataFrame, group: Group) -> dict[str, object]:
    """`cells`: the item's cells that have cases. The first published category counts where several are alike."""
    values = dict(zip(cells["category"], cells["value"].astype("float64"), strict=True))
    lowest, highest = (choose(values, key=values.__getitem__, default=None) for choose in (min, max))
    first, last = group.codes[0], group.codes[-1]
    is_ordered = group.item not in UNORDERED and first in values and last in values
    return {
        "lowest_category": lowest,
        "lowest_value": values.get(lowest, float("nan")),
        "highest_category": highest,
        "highest_value": values.get(highest, float("nan")),
        "last_less_first": values[last] - values[first] if is_ordered else float("nan"),
    }
