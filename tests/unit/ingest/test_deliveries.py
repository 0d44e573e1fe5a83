"""Several files of a source: order, files delivered twice, rows that arrive again."""

import json
from pathlib import Path

import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.ingest.deliveries import delivered_date
from orchestration.ingest.first_seen import keep_first_seen, read_first_seen
from tests.made_up.extracts import read, sample, write_csv

SOURCE = "terminations"


def reasons(folder: Path, known: pd.DataFrame | None = None) -> dict[str, str]:
    parsed = read(folder, SOURCE, known).parsed
    return dict(zip(parsed["record_id"], parsed["termination_reason"], strict=True))


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("terminations_2019-03-04.csv", "2019-03-04"),
        ("20190304_terminations.csv", "2019-03-04"),
        ("2018-06-01_to_2019-03-04.csv", "2019-03-04"),
        ("terminations.csv", None),
        ("batch_20191399.csv", None),
        ("id1201903041.csv", None),
    ],
)
def test_the_date_of_a_delivery_is_read_from_its_name(name: str, date: str | None) -> None:
    found = delivered_date(name)
    assert (found.isoformat() if found else None) == date


def test_a_later_delivery_wins_and_the_superseded_row_is_kept(tmp_path: Path) -> None:
    write_csv(tmp_path, sample(SOURCE, 3), "b_2019-01-01.csv")
    later = sample(SOURCE, 2).assign(termination_reason="early_other")
    write_csv(tmp_path, later.tail(1), "a_2019-02-01.csv")
    extract = read(tmp_path, SOURCE)
    assert extract.parsed["termination_reason"].tolist() == ["ran_full_course"] * 2 + ["early_other"]
    kept = extract.superseded.iloc[0]
    assert (kept["file"][:10], kept["line"]) == ("delivery 1", 3)
    assert (kept["superseded_by_file"][:10], kept["superseded_by_line"]) == ("delivery 2", 2)
    named = extract.with_file_names(extract.superseded).iloc[0]
    assert (named["file"], named["superseded_by_file"]) == ("b_2019-01-01.csv", "a_2019-02-01.csv")
    assert json.loads(kept["row_json"])["termination_reason"] == "ran_full_course"
    assert len(extract.rows) == 4


def test_a_row_that_arrives_again_unchanged_is_counted_and_not_superseded(tmp_path: Path) -> None:
    write_csv(tmp_path, sample(SOURCE, 3), "2019-01-01.csv")
    write_csv(tmp_path, sample(SOURCE, 5), "2019-02-01.csv")
    extract = read(tmp_path, SOURCE)
    assert extract.superseded.empty
    assert extract.deliveries["repeated"].tolist() == [3, 0]
    assert len(extract.parsed) == 5


def with_reasons(folder: Path, reasons: dict[str, str | None]) -> None:
    """Files of two rows: one that all have, with the reason given by file if any, and one of the file's own."""
    for number, (name, reason) in enumerate(reasons.items(), start=1):
        rows = sample(SOURCE, 2).assign(termination_reason=reason)
        rows.loc[1, "record_id"] = f"T90{number}"
        write_csv(folder, rows if reason else rows.tail(1).assign(termination_reason="excluded"), name)


@pytest.mark.parametrize(
    ("reasons", "superseded", "repeated"),
    [
        (["early_other", "excluded", "early_other"], [(1, 2), (2, 3)], [0, 0, 0]),
        (["early_other", "early_other", "excluded"], [(2, 3)], [1, 0, 0]),
        (["early_other", None, "excluded"], [(1, 3)], [0, 0, 0]),
    ],
)
def test_a_row_is_compared_with_the_next_delivery_of_its_id(tmp_path: Path, reasons, superseded, repeated) -> None:
    with_reasons(tmp_path, {f"2019-0{month}-01.csv": reason for month, reason in enumerate(reasons, start=1)})
    extract = read(tmp_path, SOURCE)
    places = extract.superseded[["file", "superseded_by_file"]].map(lambda name: int(name.split()[1]))
    assert list(places.itertuples(index=False, name=None)) == superseded
    assert extract.deliveries["repeated"].tolist() == repeated


@pytest.mark.parametrize(
    ("names", "is_known"),
    [
        (("2019-01-01.csv", "2019-02-01.csv", "2019-03-01.csv"), True),
        (("a.csv", "b.csv", "c.csv"), True),
        (("a_2019-01-01.csv", "b_2019-02-01.csv", "c_2019-02-01.csv"), False),
        (("a.csv", "b_2019-01-01.csv", "c_2019-02-01.csv"), False),
    ],
)
def test_the_order_of_rows_that_differ_is_unknown_where_dates_are_the_same_or_some_have_none(
    tmp_path: Path, names: tuple[str, ...], is_known: bool
) -> None:
    with_reasons(tmp_path, dict(zip(names, ("early_other", "early_other", "excluded"), strict=True)))
    found = read(tmp_path, SOURCE).findings
    assert ("order of deliveries unknown" in set(found["kind"])) != is_known


@pytest.mark.parametrize(
    ("names", "is_known"),
    [
        (("2019-01-01.csv", "2019-02-01.csv", "2019-03-01.csv"), False),
        (("2019-01-01.csv", "2019-02-01.csv", "2019-02-01 again.csv"), False),
        (("2019-01-01.csv", "2019-02-01.csv", "2019-01-15.csv"), True),
        (("a.csv", "b.csv", "c.csv"), False),
    ],
)
def test_a_delivery_that_lies_there_again_as_it_was_may_be_what_counts(
    tmp_path: Path, names: tuple[str, ...], is_known: bool
) -> None:
    """The first, another after it, and the first again: resent by mistake, or a correction taken back."""
    for name, reason in zip(names, ("early_other", "excluded", "early_other"), strict=True):
        write_csv(tmp_path, sample(SOURCE, 3).assign(termination_reason=reason), name)
    found = read(tmp_path, SOURCE).findings
    assert ("order of deliveries unknown" in set(found["kind"])) != is_known


def test_a_later_delivery_adds_and_its_absences_delete_nothing(tmp_path: Path) -> None:
    frame = sample(SOURCE, 6)
    write_csv(tmp_path, frame.head(4), "2019-01-01.csv")
    write_csv(tmp_path, frame.tail(2), "2019-02-01.csv")
    assert len(read(tmp_path, SOURCE).parsed) == 6


def test_the_same_file_under_two_names_counts_once(tmp_path: Path) -> None:
    write_csv(tmp_path, sample(SOURCE, 3), "2019-01-01.csv")
    write_csv(tmp_path, sample(SOURCE, 3), "2019-01-02.csv")
    extract = read(tmp_path, SOURCE)
    assert (len(extract.rows), len(extract.parsed)) == (3, 3)
    assert extract.deliveries["duplicate_of"].fillna("").tolist() == ["", "2019-01-01.csv"]
    assert extract.deliveries["rows"].tolist() == [3, 0]


def test_without_a_date_in_every_name_the_order_first_seen_decides_and_is_remembered(tmp_path: Path) -> None:
    old = sample(SOURCE, 1)
    new = old.assign(termination_reason="excluded")
    write_csv(tmp_path, old, "z_2019-01-01.csv")
    known = read(tmp_path, SOURCE).deliveries
    write_csv(tmp_path, new, "a.csv")
    assert reasons(tmp_path, known) == {"T000": "excluded"}
    assert reasons(tmp_path, None) == {"T000": "ran_full_course"}  # nothing remembered: by name
    assert read(tmp_path, SOURCE, known).deliveries["file"].tolist() == ["z_2019-01-01.csv", "a.csv"]


def test_the_first_seen_order_of_another_source_does_not_count(tmp_path: Path) -> None:
    write_csv(tmp_path, sample(SOURCE, 1), "a.csv")
    known = read(tmp_path, SOURCE).deliveries.assign(source="inspections", first_seen_order=7)
    assert read(tmp_path, SOURCE, known).deliveries["first_seen_order"].tolist() == [1]


@pytest.mark.parametrize("source", ["inspections", "terminations", "reoffending"])
def test_an_id_twice_in_one_file_with_different_content_rejects_every_row_of_it(tmp_path: Path, source: str) -> None:
    frame = sample(source, 4)
    frame.iloc[3, 0] = f" {frame.iloc[1, 0]} "
    write_csv(tmp_path, frame)
    extract = read(tmp_path, source)
    assert extract.rejected["line"].tolist() == [3, 5]
    assert set(extract.rejected["value_class"]) == {"duplicated id"}
    assert all("lines 3, 5" in reason for reason in extract.rejected["reason"])
    assert len(extract.parsed) == 2


def test_an_id_twice_in_one_file_with_the_same_content_keeps_the_first_row(tmp_path: Path) -> None:
    frame = sample("inspections", 3)
    write_csv(tmp_path, pd.concat([frame, frame.head(1)]))
    extract = read(tmp_path)
    assert extract.rejected["line"].tolist() == [5]
    assert extract.parsed["line"].tolist() == [2, 3, 4]


def test_a_duplicated_id_that_a_later_delivery_corrects_is_not_rejected(tmp_path: Path) -> None:
    frame = sample(SOURCE, 3)
    frame.iloc[2, 0] = frame.iloc[1, 0]
    write_csv(tmp_path, frame, "2019-01-01.csv")
    write_csv(tmp_path, sample(SOURCE, 2), "2019-02-01.csv")
    extract = read(tmp_path, SOURCE)
    assert extract.rejected.empty
    assert len(extract.parsed) == 2


def test_a_latest_row_that_does_not_parse_is_rejected_rather_than_replaced_by_an_older_one(
    tmp_path: Path,
) -> None:
    write_csv(tmp_path, sample(SOURCE, 2), "2019-01-01.csv")
    write_csv(tmp_path, sample(SOURCE, 1).assign(sentence_date="never"), "2019-02-01.csv")
    extract = read(tmp_path, SOURCE)
    assert extract.parsed["record_id"].tolist() == ["T001"]
    assert extract.rejected["file"].str[:10].tolist() == ["delivery 2"]


def test_a_correction_with_a_cell_too_many_does_not_fall_back_to_what_it_corrects(tmp_path: Path) -> None:
    write_csv(tmp_path, sample(SOURCE, 2), "2019-01-01.csv")
    path = write_csv(tmp_path, sample(SOURCE, 1).assign(termination_reason="excluded"), "2019-02-01.csv")
    path.write_text(path.read_text().rstrip("\n") + ",x\n")
    extract = read(tmp_path, SOURCE)
    assert extract.parsed["record_id"].tolist() == ["T001"]
    assert extract.rejected["file"].str[:10].tolist() == ["delivery 2"]
    assert extract.superseded["file"].str[:10].tolist() == ["delivery 1"]


@pytest.mark.parametrize("faults", [False, True], ids=["clean", "with faults"])
def test_every_row_received_is_accepted_rejected_superseded_or_repeated(tmp_path: Path, faults: bool) -> None:
    first, second = sample(SOURCE, 6), sample(SOURCE, 8)
    second.loc[2, "termination_reason"] = "excluded"
    if faults:
        second.loc[3, "sentence_date"] = "never"
        second.loc[4, "record_id"] = second.loc[5, "record_id"]
        second.loc[7, "record_id"] = ""
    write_csv(tmp_path, first, "2019-01-01.csv")
    write_csv(tmp_path, second, "2019-02-01.csv")
    extract = read(tmp_path, SOURCE)
    n_rejected = len(extract.rejected[["file", "line"]].drop_duplicates())
    set_aside = len(extract.superseded) + int(extract.deliveries["repeated"].sum())
    assert len(extract.rows) == len(extract.parsed) + n_rejected + set_aside


def test_file_names_and_row_order_do_not_change_what_counts(tmp_path: Path) -> None:
    frame = sample(SOURCE, 6)
    write_csv(tmp_path / "one", frame)
    write_csv(tmp_path / "many", frame.iloc[[5, 0, 3]], "x.csv")
    write_csv(tmp_path / "many", frame.iloc[[4, 1, 2]], "y.csv")
    assert reasons(tmp_path / "one") == dict(sorted(reasons(tmp_path / "many").items()))


def test_the_order_first_seen_survives_the_loss_of_the_warehouse(tmp_path: Path) -> None:
    landing, file = tmp_path / "landing", tmp_path / "first_seen.json"
    landing.mkdir()
    old = sample(SOURCE, 1)
    write_csv(landing, old, "z.csv")
    keep_first_seen(file, SOURCE, read(landing, SOURCE).deliveries)
    write_csv(landing, old.assign(termination_reason="excluded"), "a.csv")
    assert reasons(landing) == {"T000": "ran_full_course"}  # nothing remembered: by name
    assert reasons(landing, read_first_seen(file, SOURCE)) == {"T000": "excluded"}
    kept = file.read_text()
    assert "z.csv" not in kept
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_damaged_order_first_seen_is_told_and_not_guessed(tmp_path: Path) -> None:
    file = tmp_path / "first_seen.json"
    file.write_text('{"terminations": {"ab": "x"')
    with pytest.raises(PipelineError, match="first seen cannot be read"):
        read_first_seen(file, SOURCE)
