"""Good deliveries damaged at random: each ends in one message, in the good rows, or in fewer of them; never in others.

Each kind of damage two or three times here; in every format of every source with MUTATIONS=486.
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
from tests.made_up.deliveries import (
    FORMATS,
    as_text,
    half_converted,
    header_again,
    in_column,
    late_days_lost,
    misread,
    on_dates,
    people,
    with_last_row,
    write,
)
from tests.unit.expectations.test_kinds import Judged, content, judge

N_MUTATIONS = int(os.environ.get("MUTATIONS", "46"))
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


def _last_row(frame: pd.DataFrame, draw: random.Random) -> pd.DataFrame:
    first = draw.choice(("Total", "60 rows selected.", "75 records", "Page 1 of 1", "Zzcanary"))
    return with_last_row(first, *draw.choice(((), ("60",), ("61",))))(frame)


def _emptied(frame: pd.DataFrame, draw: random.Random) -> pd.DataFrame:
    return frame.assign(**{draw.choice(("surname", "forenames", "date_of_birth", str(frame.columns[-1]))): None})


def _new_ids(frame: pd.DataFrame, draw: random.Random) -> pd.DataFrame:
    again = frame.head(draw.randrange(5, 60))
    return pd.concat([frame, again.assign(**{str(frame.columns[0]): [f"N{i}" for i in range(len(again))]})])


def _lost_zeros(frame: pd.DataFrame, draw: random.Random) -> pd.DataFrame:
    name, write_id = str(frame.columns[0]), draw.choice((str, lambda i: f"{i}.0", lambda i: f" {i:03d} "))
    ids = frame.assign(**{name: [f"{i:06d}" for i in range(1, len(frame) + 1)]})
    return pd.concat([ids, frame.assign(**{name: [write_id(i) for i in range(1, len(frame) + 1)]})])


def _other_century(frame: pd.DataFrame, _: random.Random) -> pd.DataFrame:
    return on_dates(lambda day: day.replace(year=day.year + 100, day=min(day.day, 28)) if day.year < 1969 else day)(
        frame
    )


MUTATIONS: tuple[Mutation, ...] = (
    lambda frame, _: on_dates(half_converted)(frame),
    lambda frame, _: on_dates(late_days_lost)(frame),
    _patterns,
    _shifted,
    _counted,
    _damaged_texts,
    _marked,
    _slips,
    lambda frame, draw: frame.sample(frac=1, random_state=draw.randrange(99)),
    _last_row,
    lambda frame, draw: header_again(frame, draw.randrange(7, 50)),
    lambda frame, draw: in_column(draw.choice(TEXTS), lambda _: "#VALUE!", draw.randrange(2, 9))(frame),
    lambda frame, _: frame.rename(columns=lambda name: name.title().replace("_", "")),
    lambda frame, _: in_column(str(frame.columns[0]), lambda text: f" {text} ", 3)(frame),
)
COMPARED: tuple[Mutation, ...] = (_emptied, _new_ids, _lost_zeros, _other_century)  # judged as deliveries, in seconds
SOURCES = ("terminations", "reoffending", "inspections")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[object, list[object]]]:
    """The good rows of each source by id."""
    rows = {}
    for source in SOURCES:
        folder = tmp_path_factory.mktemp("good")
        write(folder / "extract.csv", people(source))
        rows[source] = {row[0]: row for row in content(judge(folder, source).rows)}
    return rows


def _is_honest(judged: Judged, good: dict[object, list[object]], slipped: bool) -> bool:
    """Whether the rows are the good ones, but for cells that are missing and told, and one that a hand has changed."""
    rows = {row[0]: row for row in content(judged.rows)}
    if not slipped and not set(rows) <= set(good):
        return False
    cells = [(new, old) for key, row in rows.items() for new, old in zip(row, good.get(key, row), strict=True)]
    other = [new for new, old in cells if new != old and not (pd.isna(new) and pd.isna(old))]
    is_told = bool(judged.warns or "," in judged.told)
    return all(pd.isna(new) or (slipped and len(other) == 1) for new in other) and (not other or is_told or slipped)


@pytest.mark.parametrize("number", range(N_MUTATIONS))
def test_a_damaged_delivery_never_ends_in_other_numbers(
    tmp_path: Path, number: int, good: dict[str, dict[object, list[object]]]
) -> None:
    draw, kinds = random.Random(number), (*MUTATIONS, *COMPARED)
    mutate, turn = kinds[number % len(kinds)], number // len(kinds)
    # a kind meets all three sources in its first three turns, and every format of each in 27
    source, ending = SOURCES[(number + turn) % 3], FORMATS[(number + turn + turn // 9) % 9]
    write(tmp_path / f"extract{ending}", mutate(people(source), draw))
    judged = judge(tmp_path, source, is_compared=mutate in COMPARED)
    assert judged.stops or _is_honest(judged, good[source], slipped=mutate is _slips)
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
    tmp_path: Path, ending: str, good: dict[str, dict[object, list[object]]]
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
        is_padding = not whole[cut:].strip(b"\0")
        assert ends_in_a_row or is_padding or judged.stops or "last_line_ended" in judged.warns
        assert _is_honest(judged, good["terminations"], slipped=False)
