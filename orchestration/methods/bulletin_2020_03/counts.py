"""How many needs and strengths the cases have, overall and by sub-group (2020/03, 2.2).

Belongs here: results.needs_counts. Not here: which need or strength it is (`annex_c`), which occur together
(`cooccurrence`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from orchestration.methods.layouts.frames import frame_of
from orchestration.methods.layouts.layout_2020 import EVERYBODY, GROUPS, MEASURE_BY_CODE, Group, Measure
from orchestration.methods.layouts.measures import cases_with_measure
from orchestration.methods.layouts.outcomes import OUTCOME
from orchestration.tables.needs import NEEDS_COUNTS


@dataclass(frozen=True)
class Kind:
    """What is counted: the measure whose parts are counted, and where the text's open band starts."""

    code: str
    measure: Measure
    band_from: int

    @property
    def numbers(self) -> range:
        """Every number of them that a case can have."""
        return range(len(self.measure.parts) + 1)

    @property
    def band(self) -> str:
        """The open band as a label, such as `4+`."""
        return f"{self.band_from}+"


# "Four or more needs"; "two or more strengths" (2020/03, 2.2.1 and 2.2.2).
KINDS = (Kind("needs", MEASURE_BY_CODE["mean_needs"], 4), Kind("strengths", MEASURE_BY_CODE["mean_strengths"], 2))


def needs_counts(cases: pd.DataFrame) -> pd.DataFrame:
    """Cases by their number of needs and of strengths: one row a kind, sub-group and number, and one a band.

    `cases`: marts.cases. `number` is 0 to 8 (needs) or 0 to 5 (strengths), or the band `4+` or `2+`, which repeats
    cases of the numbers it covers (`is_band`). `n_cases` is the size of the sub-group, `percent` of it, unrounded,
    missing for a sub-group without cases. A missing answer counts as not identified, as in Tables C1 and C2.
    """
    rows = [row for kind in KINDS for group in (EVERYBODY, *GROUPS) for row in _rows(cases, kind, group)]
    return frame_of(NEEDS_COUNTS, rows)


def _rows(cases: pd.DataFrame, kind: Kind, group: Group) -> Iterator[dict[str, object]]:
    with_number = cases_with_measure(cases, kind.measure)
    for code in group.codes:
        members = with_number[with_number[group.column] == code] if group.column else with_number
        numbers = members[OUTCOME].astype("int64")
        counts = {str(number): int((numbers == number).sum()) for number in kind.numbers}
        counts[kind.band] = int((numbers >= kind.band_from).sum())
        for number, n in counts.items():
            yield {
                "kind": kind.code,
                "item": group.item,
                "category": code,
                "number": number,
                "is_band": number == kind.band,
                "n": n,
                "n_cases": len(numbers),
                "percent": 100 * n / len(numbers) if len(numbers) else float("nan"),
            }
