"""results.figure_data, as every bulletin writes and reads it.

Belongs here: its columns, and the rows of one figure. Not here: any figure (`bulletin_*/figure_data.py`).
"""

import pandas as pd

from orchestration.tables.annexes import FIGURE_DATA

COLUMNS = list(FIGURE_DATA.dtypes)


def figure_rows(figure_id: str, data: pd.DataFrame) -> pd.DataFrame:
    """A figure's own rows of results.figure_data, in order."""
    own = data.loc[data["figure_id"] == figure_id]
    return own.sort_values("row_order").reset_index(drop=True)
