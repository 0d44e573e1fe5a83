"""The bulletins' own figures against ours: every cell of Annexes B and C, every headline.

Belongs here: comparing results tables with the transcribed figures, and what is said of it. Not here: the figures
themselves, nor the few that no cases can return as printed (`dbt_project/seeds/published`).

A figure listed as impossible must disagree, and no other may: a listed one that agrees is as much a surprise as an
unlisted one that does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from orchestration.publications.shared.records import Record, records

CELL = ["table_id", "item", "category", "outcome"]
CELL_KIND, HEADLINE_KIND = "cell", "headline"
ALIKE = 1e-9


@dataclass(frozen=True)
class Comparison:
    """One bulletin's figures of one kind beside ours: `figures` has figure, agrees, difference and reason.

    `name`: what was compared, such as "cells of Annex B". `difference`: ours and theirs in words. `reason`: the
    arithmetic of a figure that is listed as impossible, else missing.
    """

    name: str
    kind: str
    figures: pd.DataFrame

    @property
    def n_agreeing(self) -> int:
        return int(self.figures["agrees"].sum())

    @property
    def surprises(self) -> pd.DataFrame:
        """Figures that disagree without being listed, and listed ones that agree."""
        return self.figures[self.figures["agrees"] == self.figures["reason"].notna()]

    @property
    def impossible(self) -> pd.DataFrame:
        """Figures that disagree as listed."""
        return self.figures[~self.figures["agrees"] & self.figures["reason"].notna()]


def backtest(annex: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """One row a published cell (2023/04, Annex B; 2020/03, Annex C): do n and the printed value agree?

    `annex`: results.annex_b or results.annex_c; `published`: CELL, n, value as printed. Cells the bulletin leaves empty
    (terminations after release) are not counted; where it prints no n (Tables C5 and C6) the value decides. A cell
    missing from ours disagrees.
    """
    printed = published.dropna(subset=["value"])[[*CELL, "n", "value"]]
    printed = printed.rename(columns={"n": "n_published", "value": "value_published"})
    ours = annex[[*CELL, "n", "value_published"]].rename(columns={"value_published": "value"})
    cells = printed.merge(ours, on=CELL, how="left", validate="one_to_one")
    n_agrees = _alike(cells["n"], cells["n_published"]) | cells["n_published"].isna()
    value_agrees = _alike(cells["value"], cells["value_published"])
    return cells.assign(n_agrees=n_agrees, value_agrees=value_agrees, agrees=n_agrees & value_agrees)


def summary(cells: pd.DataFrame, annex: str = "Annex B") -> str:
    """ "167 of 167 cells of Annex B agree", and one line for each that does not."""
    lines = [f"{int(cells['agrees'].sum())} of {len(cells)} cells of {annex} agree"]
    disagreeing = records(cells[~cells["agrees"]])
    return "\n".join([*lines, *(f"  {_cell_name(cell)}: {_difference(cell)}" for cell in disagreeing)])


def compare_cells(annex: str, ours: pd.DataFrame, published: pd.DataFrame, impossible: pd.DataFrame) -> Comparison:
    """The back-test of one annex with what is listed of it; `impossible`: kind, figure, reason."""
    cells = backtest(ours, published)
    figures = pd.DataFrame(
        {
            "figure": [_cell_name(cell) for cell in records(cells)],
            "agrees": cells["agrees"].to_numpy(dtype=bool),
            "difference": [_difference(cell) for cell in records(cells)],
        }
    )
    return Comparison(f"cells of {annex}", CELL_KIND, _with_reasons(figures, impossible, CELL_KIND))


def compare_headlines(
    bulletin: str, ours: pd.DataFrame, published: pd.DataFrame, impossible: pd.DataFrame
) -> Comparison:
    """The figures of a bulletin's text: `ours` its rows of results.headlines, `published` id, bulletin and value.

    Published figures that ours do not state are left out: parameters of the method, figures cited from elsewhere, and
    ratings where none were delivered.
    """
    printed = published.loc[published["bulletin"] == bulletin, ["id", "value"]]
    both = ours[["id", "value_published"]].merge(printed, on="id", validate="one_to_one")
    figures = pd.DataFrame(
        {
            "figure": both["id"],
            "agrees": _alike(both["value_published"], both["value"]),
            "difference": [
                f"{_number(here)} here, {_number(there)} published"
                for here, there in zip(both["value_published"], both["value"], strict=True)
            ],
        }
    )
    return Comparison(f"headlines of {bulletin}", HEADLINE_KIND, _with_reasons(figures, impossible, HEADLINE_KIND))


def is_as_listed(comparisons: Sequence[Comparison]) -> bool:
    """Whether there is something to compare, and exactly the listed figures disagree."""
    return bool(comparisons) and all(comparison.surprises.empty for comparison in comparisons)


def report(comparisons: Sequence[Comparison]) -> str:
    """The back-test in words: cells in one sum, then each comparison, impossible figures and surprises named."""
    cells = [comparison for comparison in comparisons if comparison.kind == CELL_KIND]
    n_cells = sum(len(comparison.figures) for comparison in cells)
    lines = [f"{sum(comparison.n_agreeing for comparison in cells)} of {n_cells} published cells agree"]
    for comparison in comparisons:
        lines.append(f"  {comparison.n_agreeing} of {len(comparison.figures)} {comparison.name}")
        lines += [
            f"    impossible as printed: {_told(figure)}. {figure['reason']}"
            for figure in records(comparison.impossible)
        ]
        for figure in records(comparison.surprises):
            words = "listed as impossible, yet agrees" if figure["agrees"] else "DISAGREES"
            lines.append(f"    {words}: {_told(figure)}")
    return "\n".join(lines)


def _with_reasons(figures: pd.DataFrame, impossible: pd.DataFrame, kind: str) -> pd.DataFrame:
    reasons = impossible.loc[impossible["kind"] == kind].set_index("figure")["reason"]
    return figures.assign(reason=figures["figure"].map(reasons))


def _alike(ours: pd.Series, printed: pd.Series) -> pd.Series:
    return ours.astype("float64").sub(printed.astype("float64")).abs().lt(ALIKE)


def _told(figure: Record) -> str:
    return f"{figure['figure']}: {figure['difference']}"


def _cell_name(cell: Record) -> str:
    return " ".join(str(cell[column]) for column in CELL)


def _difference(cell: Record) -> str:
    ours, printed = _number(cell["value"]), _number(cell["value_published"])
    if pd.isna(cell["n_published"]):
        return f"{ours} here, {printed} published"
    return f"{ours} (n={_number(cell['n'])}) here, {printed} (n={_number(cell['n_published'])}) published"


def _number(value: float) -> str:
    return "nothing" if pd.isna(value) else f"{value:g}"
