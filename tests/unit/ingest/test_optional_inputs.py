"""Ratings and caseload are read as the extracts are, and are not there where nothing was delivered."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from orchestration.errors import PipelineError
from orchestration.settings import OPTIONAL_SOURCES, SOURCES
from orchestration.tables.contract import CONTRACT, OPTIONAL_CONTRACT
from orchestration.tables.contract import RATED_STANDARD as SERVICES
from tests.made_up.extracts import read, sample, write_csv

KEY = ["provider", "provider_type", "standard"]


def rating(provider: str, level: str, standard: str = "Services", kind: str = "CRC") -> dict[str, str]:
    return {"provider": provider, "provider_type": kind, "standard": standard, "rating": level}


def write(folder: Path, *rows: dict[str, str], name: str = "ratings.csv") -> None:
    write_csv(folder, pd.DataFrame(rows), name)


def test_the_settings_and_the_contract_name_the_same_sources() -> None:
    assert (tuple(CONTRACT), tuple(OPTIONAL_CONTRACT)) == (SOURCES, OPTIONAL_SOURCES)


def test_a_reports_words_become_stored_codes(tmp_path: Path) -> None:
    levels = ["Outstanding", "good", "Requires  improvement", "INADEQUATE"]
    standards = ["Services", "Staff", "Information and facilities", "Through the Gate"]
    write(tmp_path, *(rating("KSS", level, standard) for level, standard in zip(levels, standards, strict=True)))
    parsed = read(tmp_path, "ratings").parsed
    assert parsed["rating"].tolist() == ["outstanding", "good", "requires_improvement", "inadequate"]
    assert parsed["standard"].tolist() == ["services", "staff", "information_and_facilities", "through_the_gate"]
    assert set(parsed["provider"]) == {"Kent, Surrey and Sussex"}
    assert set(parsed["provider_type"]) == {"crc"}


def test_a_later_rating_wins_whatever_the_spelling_of_the_provider(tmp_path: Path) -> None:
    write(tmp_path, rating("KSS", "Good"), rating("Essex", "Good"), name="2019-01-31.csv")
    write(tmp_path, rating("Kent, Surrey & Sussex", "Inadequate"), name="2019-02-28.csv")
    extract = read(tmp_path, "ratings")
    found = extract.parsed.set_index("provider")["rating"].to_dict()
    assert found == {"Kent, Surrey and Sussex": "inadequate", "Essex": "good"}
    places = extract.superseded[["file", "line", "superseded_by_file", "superseded_by_line"]]
    assert extract.with_file_names(places).to_numpy().tolist() == [["2019-01-31.csv", 2, "2019-02-28.csv", 2]]
    assert extract.rejected.empty


def test_providers_of_one_name_and_standards_of_one_provider_are_rated_apart(tmp_path: Path) -> None:
    write(
        tmp_path,
        rating("London", "Good"),
        rating("London", "Inadequate", kind="NPS"),
        rating("London", "Outstanding", standard="Staff"),
    )
    assert len(read(tmp_path, "ratings").parsed) == 3


def test_two_ratings_of_one_provider_and_standard_in_one_file_are_both_rejected_with_their_lines(
    tmp_path: Path,
) -> None:
    write(tmp_path, rating("KSS", "Good"), rating("Essex", "Good"), rating("Kent, Surrey and Sussex", "Inadequate"))
    extract = read(tmp_path, "ratings")
    assert extract.parsed["provider"].tolist() == ["Essex"]
    assert extract.rejected[["line", "column", "value_class"]].to_numpy().tolist() == [
        [2, "provider, provider_type, standard", "duplicated id"],
        [4, "provider, provider_type, standard", "duplicated id"],
    ]
    assert set(extract.rejected["reason"]) == {
        "provider, provider_type, standard stands on lines 2, 4 of this file; each must be unique"
    }


def test_a_rating_without_standard_is_rejected_and_contradicts_nothing(tmp_path: Path) -> None:
    write(tmp_path, rating("KSS", "Good", standard=""), rating("KSS", "Inadequate", standard=""), rating("KSS", "Good"))
    extract = read(tmp_path, "ratings")
    assert extract.parsed[KEY].to_numpy().tolist() == [["Kent, Surrey and Sussex", "crc", SERVICES]]
    assert set(extract.rejected["value_class"]) == {"missing"}


def test_missing_strata_and_case_ids_of_a_caseload_stay_missing(tmp_path: Path) -> None:
    frame = sample("caseload", 3)
    frame[["gender", "case_type", "rosh_level"]] = ["", "Post-release", "Very high"]
    frame["case_id"] = ["", " 000123 ", ""]
    write_csv(tmp_path, frame)
    parsed = read(tmp_path, "caseload").parsed
    assert parsed["gender"].isna().all()
    assert set(parsed["case_type"]) == {"post_release"}
    assert set(parsed["rosh_level"]) == {"very_high"}
    assert parsed["case_id"].tolist()[1] == "000123"
    assert parsed["case_id"].isna().tolist() == [True, False, True]


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx", ".sav"])
@pytest.mark.parametrize("source", OPTIONAL_SOURCES)
def test_every_format_gives_the_same_rows(tmp_path: Path, source: str, ending: str) -> None:
    write_csv(tmp_path / "plain", sample(source), "a.csv")
    frame, path = sample(source), tmp_path / "other" / f"a{ending}"
    path.parent.mkdir()
    if ending == ".csv":
        frame.to_csv(path, index=False, encoding="cp1252")
    elif ending == ".parquet":
        frame.to_parquet(path)
    elif ending == ".xlsx":
        frame.to_excel(path, index=False)
    else:
        pyreadstat.write_sav(frame, str(path))
    plain, other = read(tmp_path / "plain", source).parsed, read(path.parent, source).parsed
    pd.testing.assert_frame_equal(other.drop(columns=["file", "line"]), plain.drop(columns=["file", "line"]))


@pytest.mark.parametrize("source", OPTIONAL_SOURCES)
def test_where_nothing_was_delivered_there_are_the_columns_and_no_row(tmp_path: Path, source: str) -> None:
    write_csv(tmp_path / source, sample(source))
    delivered, nothing = read(tmp_path / source, source), read(tmp_path / "nowhere", source)
    for part in ("rows", "parsed", "rejected", "superseded", "deliveries", "notes"):
        frame = getattr(nothing, part)
        assert frame.empty, part
        assert frame.dtypes.to_dict() == getattr(delivered, part).dtypes.to_dict(), part


@pytest.mark.parametrize("source", ["inspections", "terminations"])  # in place of reoffending offences may come
def test_an_extract_that_every_run_needs_is_asked_for(tmp_path: Path, source: str) -> None:
    with pytest.raises(PipelineError, match="folder holds no extract"):
        read(tmp_path / "nowhere", source)
