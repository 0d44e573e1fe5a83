"""Rows that hold a variable to the groups of Annex C.

Belongs here: groups as boolean arrays, the rows of Tables C3 and C4. Not here: whole-number plans.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from orchestration.synthetic.calibration.bands import items_2020
from orchestration.synthetic.calibration.draw import Row, count_row
from orchestration.synthetic.calibration.plans import Group
from orchestration.synthetic.calibration.targets import annex_c, groups_c


def group_members(cases: pd.DataFrame) -> dict[Group, np.ndarray]:
    """Each Annex C group (item, category) -> which cases are in it."""
    items = items_2020(cases)
    return {(item, cat): (items[item] == cat).to_numpy(dtype=bool) for item, cat in groups_c()}


def answered_rows(
    outcome: str, members: dict[Group, np.ndarray], answered: Sequence[bool], yes: Sequence[bool]
) -> list[Row]:
    """Tables C3 and C4: of each group, the answered cases exactly, and those answered yes as printed."""
    rows = []
    for group, inside in members.items():
        cell = annex_c()[*group, outcome]
        rows.append(count_row(f"{group} answered", inside, np.array(answered), cell.n or 0))
        rows.append(count_row(f"{group} yes", inside, np.array(yes), *cell.numerators()))
    return rows
