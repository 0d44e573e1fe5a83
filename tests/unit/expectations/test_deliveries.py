"""One delivery against the one before it: the counts that the expectations look at."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from expectations.deliveries import delivery_profile, delivery_steps, with_the_one_before
from expectations.fillings import column_fillings
from expectations.row_counts import rows_steps
from expectations.rows_again import rows_again
from expectations.sentinels import sentinels
from expectations.spans import impossible_dates, span_steps
from orchestration.ingest.extracts import SourceExtract
from orchestration.settings import Parameters
from orchestration.tables.contract import INSPECTIONS, REOFFENDING, TERMINATIONS
from orchestration.tables.source import Source
from tests.made_up.deliveries import people, write
from tests.made_up.extracts import read


def delivered(folder: Path, *frames: pd.DataFrame) -> SourceExtract:
    """Terminations that were delivered on the first of one month after another of 2020."""
    for month, frame in enumerate(frames, start=1):
        write(folder / f"e_2020-{month:02d}-01.csv", frame)
    return read(folder, "terminations")


def profiled(extract: SourceExtract, source: Source = TERMINATIONS) -> pd.DataFrame:
    return delivery_profile(source, extract, extract.rejected)


def renamed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(record_id=[f"N{i}" for i in range(len(frame))])


def years_earlier(frame: pd.DataFrame, years: int) -> pd.DataFrame:
    return frame.map(
        lambda cell: cell.replace(year=cell.year - years, day=min(cell.day, 28)) if hasattr(cell, "year") else cell
    )


def test_a_profile_counts_rows_missing_cells_and_months_and_holds_no_value(tmp_path: Path) -> None:
    frame = people("terminations")
    frame.loc[frame.index[:6], "crn"] = None
    profile = profiled(delivered(tmp_path, frame))
    assert len(profile) == len(TERMINATIONS.columns)
    rows = profile.set_index("column")
    assert (rows.loc["crn", "missing"], rows.loc["crn", "rows"]) == (6, 60)
    assert rows.loc["sentence_date", "first_month"][:4] == "2018"
    assert pd.isna(rows.loc["date_of_birth", "first_month"]), "a birthday's month may name a person"
    assert not [name for name in ("Bailey", "X1000") if name in profile.to_csv()]


def test_the_last_accepted_delivery_is_the_one_before_also_when_its_file_is_gone(tmp_path: Path) -> None:
    gone = profiled(delivered(tmp_path / "gone", people("terminations", 80)))
    now = profiled(delivered(tmp_path / "now", people("terminations", 40)))
    both = with_the_one_before(now, gone)
    assert both.drop_duplicates("delivery_order")["rows"].tolist() == [80, 40]
    assert with_the_one_before(now, now)["rows"].tolist() == now["rows"].tolist()
    assert with_the_one_before(now, None) is now


def test_a_delivery_that_is_gone_comes_before_none_while_an_accepted_one_is_there(tmp_path: Path) -> None:
    """The latest was taken away, or sent again with another row under its own name: it was never before the first."""
    first, latest = (profiled(delivered(tmp_path / str(n), people("terminations", n))) for n in (40, 80))
    accepted = pd.concat([first, latest.assign(delivery_order=2)])
    assert with_the_one_before(first, accepted)["rows"].tolist() == first["rows"].tolist()


def test_rows_are_compared_where_the_earlier_delivery_is_large_and_nothing_was_promised(tmp_path: Path) -> None:
    extract = delivered(tmp_path, people("terminations", 20), people("terminations", 60), people("terminations", 30))
    profile = profiled(extract)
    assert rows_steps(profile, extract.deliveries)["ratio"].fillna(-1).tolist() == [-1, -1, 0.5]
    promised = extract.deliveries.assign(expected_rows=pd.array([None, None, 30], dtype="Int64"))
    assert rows_steps(profile, promised)["ratio"].isna().all()


@pytest.mark.parametrize(
    ("column", "rise"), [("crn", "needed_rise"), ("surname", "needed_rise"), ("termination_reason", "needed_rise")]
)
def test_a_rise_of_the_share_missing_is_counted_by_delivery(tmp_path: Path, column: str, rise: str) -> None:
    later = renamed(people("terminations", 60, seed=2))
    later[column] = [None if i % 2 else cell for i, cell in enumerate(later[column])]
    extract = delivered(tmp_path, people("terminations"), later)
    steps = delivery_steps(TERMINATIONS, profiled(extract), extract.counts)
    found = steps[steps[rise] > 0]
    assert (found["column"].tolist(), found[rise].tolist()) == ([column], [0.5])


def test_an_identifier_that_is_newly_empty_throughout_is_a_rise(tmp_path: Path) -> None:
    extract = delivered(tmp_path, people("terminations"), renamed(people("terminations", seed=2)).assign(pnc_id=None))
    steps = delivery_steps(TERMINATIONS, profiled(extract), extract.counts)
    assert steps.loc[steps["needed_rise"] > 0, "column"].tolist() == ["pnc_id"]


@pytest.mark.parametrize(("years", "back", "little"), [(0, 0, 0), (2, 24, -1)])
def test_the_months_that_a_span_goes_back(tmp_path: Path, years: int, back: int, little: int) -> None:
    extract = delivered(tmp_path, people("terminations"), years_earlier(renamed(people("terminations")), years))
    steps = span_steps(profiled(extract), Parameters())
    assert steps["column"].tolist() == ["sentence_date", "termination_date"]
    assert steps["months_back"].tolist() == [back, back]
    assert steps["months_back_little"].fillna(-1).tolist() == [little, little]


def test_a_span_of_few_rows_is_not_compared(tmp_path: Path) -> None:
    extract = delivered(tmp_path, people("terminations"), years_earlier(renamed(people("terminations", 20)), 5))
    assert span_steps(profiled(extract), Parameters())["months_back"].isna().all()


def with_first(frame: pd.DataFrame, name: str, *dates: date) -> pd.DataFrame:
    return frame.assign(**{name: [*dates, *frame[name].tolist()[len(dates) :]]})


@pytest.mark.parametrize(("strays", "back"), [(1, 0), (12, 48)])
def test_a_stray_late_date_of_an_earlier_delivery_is_no_span(tmp_path: Path, strays: int, back: int) -> None:
    late = with_first(people("terminations"), "termination_date", *[date(2023, 12, 5)] * strays)
    steps = span_steps(profiled(delivered(tmp_path, late, renamed(people("terminations")))), Parameters())
    assert steps.set_index("column")["months_back"].to_dict() == {"sentence_date": 0, "termination_date": back}


def test_dates_of_rejected_rows_are_no_span(tmp_path: Path) -> None:
    late = with_first(people("terminations"), "termination_date", *[date(2023, 12, 5)] * 12)
    extract = delivered(tmp_path, late, renamed(people("terminations")))
    rejected = extract.parsed.loc[extract.parsed["termination_date"].dt.year == 2023, ["file", "line"]]
    assert span_steps(delivery_profile(TERMINATIONS, extract, rejected), Parameters())["months_back"].max() == 0


def test_a_delivery_of_which_every_row_came_again_still_has_its_span(tmp_path: Path) -> None:
    good = people("terminations")
    steps = span_steps(profiled(delivered(tmp_path, good, years_earlier(good, 2))), Parameters())
    assert steps["months_back"].tolist() == [24, 24]


def test_births_after_the_row_are_a_share(tmp_path: Path) -> None:
    frame = people("terminations").sort_values("record_id")
    frame["date_of_birth"] = [
        day.replace(year=2030, day=1) if i < 3 else day for i, day in enumerate(frame["date_of_birth"])
    ]
    (found,) = impossible_dates(TERMINATIONS, delivered(tmp_path, frame)).to_dict("records")
    assert found["births_after"] == 3 / 60
    assert pd.isna(found["after_delivery"])


def test_dates_after_the_delivery_are_a_share(tmp_path: Path) -> None:
    frame = people("terminations")
    frame["termination_date"] = [date(2020, 3, 1) if i < 3 else day for i, day in enumerate(frame["termination_date"])]
    (found,) = impossible_dates(TERMINATIONS, delivered(tmp_path, frame)).to_dict("records")
    assert found["after_delivery"] == 3 / 60


def test_a_single_slip_is_no_share(tmp_path: Path) -> None:
    frame = people("terminations")
    frame.loc[frame.index[0], "date_of_birth"] = frame["sentence_date"].iloc[0].replace(year=2030, day=1)
    (found,) = impossible_dates(TERMINATIONS, delivered(tmp_path, frame)).to_dict("records")
    assert pd.isna(found["births_after"])


def test_what_fills_a_column_is_asked_where_it_matters(tmp_path: Path) -> None:
    frame = people("terminations").assign(surname=None, crn=None, termination_reason="excluded")
    frame = frame.drop(columns="forenames")
    extract = delivered(tmp_path, frame)
    found = column_fillings(TERMINATIONS, profiled(extract), extract).set_index("column")
    assert found["share_filled"].dropna().to_dict() == {
        "record_id": 1,
        "surname": 0,
        "date_of_birth": 1,
        "sentence_date": 1,
        "termination_date": 1,
        "termination_reason": 1,
    }
    assert found["n_alike"].dropna().to_dict() == {"termination_reason": 60}


def test_rows_that_come_again_are_told_once_by_the_first_fault(tmp_path: Path) -> None:
    good = people("terminations").assign(record_id=[f"{i:04d}" for i in range(60)])
    again = good.assign(record_id=[str(i) for i in range(60)])
    found = rows_again(TERMINATIONS, delivered(tmp_path, good, again).parsed)
    assert found["id_but_zeros"].notna().sum() == 120
    assert found["alike"].notna().sum() == 0


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ([0, 1, 2, 3, 4] * 10 + [99] * 3, 99),
        ([0, 1, 2, 3, 4] * 10 + [99], 99),
        ([0, 1, 2, 3, 4] * 10 + [88] * 3, 88),
        ([*range(100)], None),
        ([*range(90, 99)] * 5 + [99] * 6, None),
        ([*range(90, 99)] * 5 + [99] * 30, 99),
    ],
)
def test_a_number_apart_from_the_others_is_found(numbers: list[int], found: int | None) -> None:
    rows = pd.DataFrame({name: pd.array([0] * len(numbers), dtype="Int64") for name in REOFFENDING.names})
    told = sentinels(REOFFENDING, rows.assign(reoffences=pd.array(numbers, dtype="Int64"))).set_index("column")["value"]
    assert (None if pd.isna(told["reoffences"]) else int(told["reoffences"])) == found


def test_no_needed_column_is_asked_of_a_small_delivery(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", people("inspections", 20).assign(gender=None))
    extract = read(tmp_path, "inspections")
    assert column_fillings(INSPECTIONS, profiled(extract, INSPECTIONS), extract)["share_filled"].isna().all()
