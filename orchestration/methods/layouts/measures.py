"""The measures of Annex C: which cases they rest on, and their numeric value.

Belongs here: the bases of Tables C1 to C6, shared by tables, models and gates. Not here: any percentage or mean, and
the outcomes of Bulletin 2023/04 (`outcomes`).
"""

import pandas as pd

from orchestration.methods.layouts.layout_2020 import YES, Measure
from orchestration.methods.layouts.outcomes import OUTCOME

ANSWERS = ("yes", "no")


def cases_with_measure(cases: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The cases a measure rests on, with its value in a float column `outcome`.

    2020/03, Annex C, and the data contract's Annex cells. C1 and C2: every case; 1 where the need or strength was
    identified, or their number for a mean. C3 to C6: cases answered yes (1) or no (0), in C5 and C6 only among those
    with that need or strength; `none_present` is no answer.
    """
    if measure.is_mean:
        return cases.assign(**{OUTCOME: sum(_is_yes(cases[part]) for part in measure.parts)})
    if measure.of_group:
        return cases.assign(**{OUTCOME: _is_yes(cases[measure.code])})
    asked = cases[measure.code].isin(ANSWERS)
    if measure.among:
        asked &= cases[measure.among].eq(YES).fillna(False)
    base = cases[asked.astype(bool)]
    return base.assign(**{OUTCOME: _is_yes(base[measure.code])})


def _is_yes(answers: pd.Series) -> pd.Series:
    return answers.eq(YES).fillna(False).astype("float64")
