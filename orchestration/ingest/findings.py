"""What was found in a delivery beside its values: a kind, where, how often; never a value.

Belongs here: the shape that the judges of columns share. Not here: what finds it (`columns`, `dates`,
`writing_faults`), and which findings stop a run (`expectations/column_findings.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

COLUMNS = ("kind", "delivery", "column", "cells", "lines", "detail")
_LINES_NAMED = 5


@dataclass(frozen=True)
class Finding:
    """`kind`: see `expectations/column_findings.py`; `column`: the contract's name, empty for a whole sheet; `lines`:
    of the cells; `detail`: what more a reader is told."""

    kind: str
    column: str
    lines: np.ndarray
    detail: str = ""


def findings_frame(delivery: str, found: Sequence[Finding]) -> pd.DataFrame:
    """One row a finding: kind, delivery, column, cells (number), lines (the first few, as text), detail."""
    rows = [(f.kind, delivery, f.column, len(f.lines), lines_text(f.lines), f.detail) for f in found]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({name: "int64" if name == "cells" else "str" for name in COLUMNS})


def lines_text(lines: np.ndarray) -> str:
    """`lines 3, 7, 9 and 12 more`, or nothing."""
    if not len(lines):
        return ""
    named = ", ".join(str(line) for line in lines[:_LINES_NAMED])
    more = f" and {len(lines) - _LINES_NAMED:,} more" if len(lines) > _LINES_NAMED else ""
    return f"line{'s' if len(lines) > 1 else ''} {named}{more}"
