"""A year of weekly deliveries of one population: new rows, corrections, late files.

Belongs here: which rows come in which week's file. Not here: what is done with them (`weekly.py`).
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from orchestration.settings import SOURCES
from orchestration.synthetic.population.files import write_population
from orchestration.synthetic.population.size import PRESETS

SEED = 2023
RECORDS_A_CASE = 40
FIRST_DELIVERY = date(2022, 1, 7)
FIRST_SHARE = 0.8
CORRECTED = 0.1  # of a delivery's new rows: so many more are earlier ones, changed
LATE_EVERY, LATE_BY = 5, 2
TERMINATIONS_SHARE = 3 / 13


@dataclass(frozen=True)
class Year:
    """Rows of each source as text, and the week each first comes in."""

    rows: dict[str, pd.DataFrame]
    week: dict[str, np.ndarray]
    n_weeks: int
    repeats_everything: bool

    def deliver(self, week: int, landing: Path) -> None:
        """Put into the landing folders what arrives this week: its own file, and one that is late."""
        for dated in arriving_in(week, self.n_weeks):
            for source in SOURCES:
                self._write(source, dated, landing / source)

    def _write(self, source: str, dated: int, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        rows, week = self.rows[source], self.week[source]
        new = rows[week <= dated] if self.repeats_everything else rows[week == dated]
        earlier = np.flatnonzero(week < dated)
        size = round(CORRECTED * int((week == dated).sum())) if len(earlier) else 0
        corrected = rows.iloc[np.random.default_rng([SEED, dated]).choice(earlier, size, replace=False)]
        corrected = corrected.assign(surname=corrected["surname"] + "s")
        id_column = rows.columns[0]
        new = new[~new[id_column].isin(corrected[id_column])]
        name = f"{source}_{FIRST_DELIVERY + timedelta(weeks=dated)}.csv"
        pd.concat([new, corrected]).to_csv(folder / name, index=False)


def arrives_in(dated: int, n_weeks: int) -> int:
    """The week in which the delivery of a week arrives: every fifth two weeks late, but for the last ones."""
    return min(dated + LATE_BY, n_weeks) if dated % LATE_EVERY == 0 else dated


def arriving_in(week: int, n_weeks: int) -> list[int]:
    """The weeks whose deliveries arrive in this one."""
    return [dated for dated in range(1, week + 1) if arrives_in(dated, n_weeks) == week]


def draw_year(folder: Path, n_records: int, n_weeks: int, repeats_everything: bool) -> Year:
    """Draw the population and give every row its week; the same numbers give the same files."""
    n_terminations = round(n_records * TERMINATIONS_SHARE)
    population = replace(
        PRESETS["national"],
        n_cases=n_records // RECORDS_A_CASE,
        n_terminations=n_terminations,
        n_reoffending=n_records - n_terminations,
    )
    write_population(population, SEED, folder / "landing", folder / "truth", "parquet")
    rng = np.random.default_rng(SEED)
    rows, week = {}, {}
    for source in SOURCES:
        parts = sorted((folder / "landing" / source).glob("*.parquet"))
        rows[source] = pd.concat([pd.read_parquet(part) for part in parts], ignore_index=True)
        later = rng.integers(2, n_weeks, len(rows[source]), endpoint=True)
        week[source] = np.where(rng.random(len(rows[source])) < FIRST_SHARE, 1, later)
    return Year(rows, week, n_weeks, repeats_everything)
