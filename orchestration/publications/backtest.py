"""The bulletin's own figures against ours, cell by cell.

Belongs here: comparing results.annex_b with the transcribed table. Not here: the figures themselves
(`dbt_project/seeds/published`).
"""

import pandas as pd

CELL = ["table_id", "item", "category", "outcome"]


def backtest(annex_b: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """One row a published cell of Tables B1 to B3 (2023/04, Annex B): do n and the printed value agree?

    `annex_b`: results.annex_b; `published`: CELL, n, value as printed. Cells the bulletin leaves empty
    (terminations after release) are not counted. A cell missing from ours disagrees.
    """
    printed = published.dropna(subset=["value"])[[*CELL, "n", "value"]]
    printed = printed.rename(columns={"n": "n_published", "value": "value_published"})
    ours = annex_b[[*CELL, "n", "value_published"]].rename(columns={"value_published": "value"})
    cells = printed.merge(ours, on=CELL, how="left", validate="one_to_one")
    n_agrees = cells["n"].astype("float").eq(cells["n_published"].astype("float"))
    value_agrees = cells["value"].astype("float").sub(cells["value_published"].astype("float")).abs().lt(1e-9)
    return cells.assign(n_agrees=n_agrees, value_agrees=value_agrees, agrees=n_agrees & value_agrees)


def summary(cells: pd.DataFrame) -> str:
    """ "167 of 167 cells of Annex B agree", and one line for each that does not."""
    lines = [f"{int(cells['agrees'].sum())} of {len(cells)} cells of Annex B agree"]
    for cell in cells.loc[~cells["agrees"]].itertuples():
        name = f"{cell.table_id} {cell.item} {cell.category} {cell.outcome}"
        ours, printed = f"{cell.value} (n={cell.n:g})", f"{cell.value_published} (n={cell.n_published:g})"
        lines.append(f"  {name}: {ours} here, {printed} published")
    return "\n".join(lines)
