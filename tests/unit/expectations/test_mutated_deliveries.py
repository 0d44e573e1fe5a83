"""Good deliveries damaged at random: each ends in one message, in the good rows, or in fewer of them; never in others.

A few of each format here; more with MUTATIONS=300.
"""

import os
import random
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from orchestration.errors import PipelineError
from tests.made_up.deliveries import FORMATS, as_text, half_converted, in_column, misread, on_dates, people, write
from tests.unit.expectations.test_kinds import Judged, content, judge

N_MUTATIONS = int(os.environ.get("MUTATIONS", "48"))
Mutation = Callable[[pd.DataFrame, random.Random], pd.DataFrame]
TEXTS = ("crn", "pnc_id", "surname", "forenames")


def _patterns(frame: pd.DataFrame, draw: random.Random) -> pd.DataFrame:
    return as_text(
        frame, draw.choice(("%d/%m/%Y", "%m/%d/%Y", "%Y-%d-%m", "%d/%m/%y", "%d.%m.%Y", "%Y-%m-%dT00:00:00"))
    )


def _shifted(frame: pd.DataFrame, draw: random.Random) -> pd.DataFrame:
    hours = draw.randrange(1, 12)
    return on_dates(lambda day: datetime(day.year, day.month, day.day) - timedelta(hours=hours))(frame)


def _counted(frame: pd.DataFrame, draw: random.Random) -> pd.DataFrame:
    first = draw.choice((date(1899, 12, 30), date(1960, 1, 1), date(1970, 1, 1)))
    return on_dates(lambda day: str((day - first).days))(frame)


def _damaged_texts(frame: pd.DataFrame, draw: random.Random) -> pd.DataFrame:
    damage = draw.choice((misread, lambda t: f"{t}_x000D_", lambda t: f"\u200e{t}", lambda t: t.replace("e", "&#101;")))
    return in_column(draw.choice(TEXTS), damage, draw.randrange(1, 9))(frame)


def _marked(frame: pd.DataFrame, draw: random.Random) -> pd.DataFrame:
    mark = draw.choice(("NA", "NULL", "#N/A", "N/A"))
    return in_column("pnc_id", lambda _: mark, 4)(in_column("surname", lambda _: mark, 6)(frame))


def _slips(frame: pd.DataFrame, draw: random.Random) -> pd.DataFrame:
    column, row = draw.choice(list(frame.columns)), draw.randrange(len(frame))
    cells = as_text(frame)[column].tolist()
    cells[row] = draw.choice(("", "Zzcanary", "31/02/2018", "1e999", "20016-01-01"))
    return as_text(frame).assign(**{column: cells})


MUTATIONS: tuple[Mutation, ...] = (
    lambda frame, _: on_dates(half_converted)(frame),
    _patterns,
    _shifted,
    _counted,
    _damaged_texts,
    _marked,
    _slips,
    lambda frame, draw: frame.sample(frac=1, random_state=draw.randrange(99)),
)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[object, list[object]]:
    """The good rows by id."""
    folder = tmp_path_factory.mktemp("good")
    write(folder / "extract.csv", people("terminations"))
    return {row[0]: row for row in content(judge(folder).rows)}


def _is_honest(judged: Judged, good: dict[object, list[object]], slipped: bool) -> bool:
    """Whether the rows are the good ones, but for cells that are missing and told, and one that a hand has changed."""
    rows = {row[0]: row for row in content(judged.rows)}
    cells = [(new, old) for key, row in rows.items() for new, old in zip(row, good.get(key, row), strict=True)]
    other = [new for new, old in cells if new != old and not (pd.isna(new) and pd.isna(old))]
    is_told = bool(judged.warns or "," in judged.told)
    return all(pd.isna(new) or (slipped and len(other) == 1) for new in other) and (not other or is_told or slipped)


@pytest.mark.parametrize("number", range(N_MUTATIONS))
def test_a_damaged_delivery_never_ends_in_other_numbers(
    tmp_path: Path, number: int, good: dict[object, list[object]]
) -> None:
    draw, ending = random.Random(number), FORMATS[number % len(FORMATS)]
    mutate = MUTATIONS[number // len(FORMATS) % len(MUTATIONS)]
    write(tmp_path / f"extract{ending}", mutate(people("terminations"), draw))
    judged = judge(tmp_path)
    assert judged.stops or _is_honest(judged, good, slipped=mutate is _slips)
    assert "Zzcanary" not in judged.told


def _judged_or_refused(folder: Path) -> Judged | None:
    """None where the file was refused with a message that names its delivery."""
    try:
        return judge(folder)
    except PipelineError as error:
        if not re.match(r"terminations, delivery 1 \(\w{8}\)", str(error)):
            raise
        return None


@pytest.mark.parametrize("ending", FORMATS)
def test_a_delivery_cut_anywhere_stops_or_loses_whole_rows_only(
    tmp_path: Path, ending: str, good: dict[object, list[object]]
) -> None:
    whole = write(tmp_path / "whole" / f"extract{ending}", people("terminations")).read_bytes()
    for cut in range(5 * len(whole) // 6, len(whole) - 1, max(len(whole) // 60, 1)):
        folder = tmp_path / str(cut) / "terminations"
        folder.mkdir(parents=True)
        (folder / f"extract{ending}").write_bytes(whole[:cut])
        judged = _judged_or_refused(folder)
        if judged is None:
            continue
        ends_in_a_row = whole[:cut].endswith(b"\n") and ending == ".csv"
        assert ends_in_a_row or judged.stops or "last_line_ended" in judged.warns
        assert _is_honest(judged, good, slipped=False)
