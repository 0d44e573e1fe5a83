"""Which differences in delivery between sub-groups are significant, and how the draw leans that way.

Belongs here: the text's findings on Tables C5 and C6 (2020/03, 2.3.1). Not here: the cells, which every draw meets;
the findings of Bulletin 2023/04 (`acceptance`).

A logistic model without interactions sees nothing of the answers but how many are yes at each level of each
characteristic, and those numbers are the published cells. Free are the cases that the models leave out because a
characteristic is missing, some 300 of 3,308: within the same cells, the more of a group's yeses fall on them, the
fewer the models see. So, where the cells alone leave a finding open, it is on them that the draw leans.
"""

import numpy as np
import pandas as pd

from orchestration.methods.bulletin_2020_03.models import design_of_measure
from orchestration.methods.layouts.layout_2020 import GROUPS, MEASURE_BY_CODE
from orchestration.methods.statistics.stepwise import select_terms
from orchestration.synthetic.calibration.acceptance import LARGEST_P
from orchestration.synthetic.calibration.bands import items_2020
from orchestration.synthetic.calibration.group_rows import group_members
from orchestration.synthetic.calibration.plans import ALL
from orchestration.synthetic.calibration.targets import annex_c

# A term that must not be retained is as far from 5% as one that must (LARGEST_P).
SMALLEST_P = 0.06
# Provider: six of eight needs, four of five strengths. Likelihood of reoffending: likewise. Which ones is our choice.
WITHOUT_DIFFERENCE = {
    "provider_type": ("delivery_ete", "delivery_alcohol", "building_social_group"),
    "ogrs_group": ("delivery_accommodation", "delivery_drugs", "building_employment"),
}
# Named in the text: men and younger people were less likely to have received sufficient services.
WITH_DIFFERENCE = {
    "gender": ("delivery_family", "delivery_alcohol"),
    "age_group": ("delivery_alcohol", "delivery_drugs"),
}
# Not named, but the cells alone (43.0% to 68.8%) make the difference significant.
UNDECIDED = {"age_group": ("delivery_ete",)}
# Where the cells alone leave a finding open: the item whose finding the draw leans to, and how strongly.
LEANS = {
    "delivery_accommodation": ("age_group", 2.0),
    "delivery_ete": ("gender", 2.0),
    "delivery_family": ("gender", 2.0),
    "delivery_lifestyle": ("gender", 1.0),
    "delivery_drugs": ("provider_type", 1.0),
    "delivery_thinking": ("age_group", 1.0),
    "delivery_attitudes": ("age_group", 2.0),
    "building_family": ("gender", 1.0),
    "building_motivation": ("gender", 1.0),
    "building_employment": ("ogrs_group", 4.0),
}


def findings(column: str) -> dict[str, bool]:
    """Item -> whether the text calls its difference in a column of Tables C5 and C6 significant."""
    found = {item: column not in columns for item, columns in WITHOUT_DIFFERENCE.items()}
    found |= {item: column in columns for item, columns in WITH_DIFFERENCE.items()}
    return {item: verdict for item, verdict in found.items() if column not in UNDECIDED.get(item, ())}


def lean(inside: pd.DataFrame, column: str) -> np.ndarray:
    """What is added to each case's utility of `yes`: nothing for the cases that the models see.

    A difference that must be significant is reversed among the cases that the models leave out, so that those they
    see show more of it; one that must not be is heightened. `inside` are the cases with the need or strength.
    """
    if column not in LEANS:
        return np.zeros(len(inside))
    (item, strength), cells, members = LEANS[column], annex_c(), group_members(inside)
    is_left_out = items_2020(inside).isna().any(axis=1).to_numpy(dtype=bool)
    levels = [group for group in members if group[0] == item]
    gaps = {group: float(cells[*group, column].value - cells[*ALL, column].value) for group in levels}
    towards = -strength if findings(column)[item] else strength
    share = {group: gap / max(map(abs, gaps.values())) for group, gap in gaps.items()}
    return towards * np.sum([share[group] * (members[group] & is_left_out) for group in levels], axis=0)


def wrong_differences(cases: pd.DataFrame, column: str) -> list[str]:
    """The findings on a column that the stepwise model of these cases does not show; empty where all hold."""
    selection = select_terms(design_of_measure(model_frame(cases), MEASURE_BY_CODE[column]))
    retained = {term.name for term in selection.retained}
    wrong = []
    for item, is_significant in findings(column).items():
        p = selection.verdicts[item].p
        clear = p < LARGEST_P if is_significant else p > SMALLEST_P
        if not clear or (item in retained) != is_significant:
            wrong.append(f"{item} p = {p:.3f}")
    return wrong


def model_frame(cases: pd.DataFrame) -> pd.DataFrame:
    """The solved cases under the column names of the mart that the stepwise models read."""
    items = items_2020(cases)
    return cases.assign(**{group.column: items[group.item] for group in GROUPS})
