"""Files, manifest and safety of the written extracts."""

import csv
import hashlib
import json
import re
from pathlib import Path

import pytest

from orchestration.errors import PipelineError
from orchestration.synthetic.__main__ import main
from orchestration.synthetic.extracts.writing import write_extracts
from orchestration.synthetic.profile import write_profile
from tests.unit.synthetic.extracts.conftest import Written
from tests.unit.synthetic.extracts.stand_in import stand_in_profile

CONTRACT_COLUMNS = {
    "terminations": "record_id crn pnc_id surname forenames date_of_birth sentence_date termination_date "
    "termination_reason",
    "reoffending": "record_id crn pnc_id surname forenames date_of_birth index_date reoffended reoffences "
    "days_to_first_reoffence",
    "inspections": "case_id provider provider_type fieldwork_date crn pnc_id surname forenames date_of_birth "
    "case_type start_date gender ethnicity previous_sanctions ogrs_score rosh_level",
}


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def write_small(folder: Path, seed: int) -> dict[str, bytes]:
    write_extracts(stand_in_profile(150, 3), seed, folder / "landing", folder / "truth", 700, 1500)
    return contents(folder)


def people_in(files: dict[str, bytes]) -> set[tuple[str, str, str]]:
    people = set()
    for name, content in files.items():
        if name.startswith("landing/inspections"):
            rows = csv.DictReader(content.decode("utf-8-sig").splitlines())
            people |= {(r["surname"], r["forenames"], r["date_of_birth"]) for r in rows}
    return people


def test_one_seed_gives_the_same_bytes_in_every_file(tmp_path):
    assert write_small(tmp_path / "once", 5) == write_small(tmp_path / "again", 5)


def test_another_seed_gives_other_people(tmp_path):
    one, other = (people_in(write_small(tmp_path / str(seed), seed)) for seed in (5, 6))
    assert len(one & other) <= 1
    assert len(one) > 140


@pytest.mark.parametrize(("source", "size"), [("terminations", 6_000), ("reoffending", 16_000), ("inspections", 1500)])
def test_an_extract_has_as_many_distinct_rows_as_asked_for(written: Written, source, size):
    assert len(written.rows[source]) == size


def test_a_size_below_what_the_cases_need_still_holds_every_case(tmp_path):
    write_extracts(stand_in_profile(60, 2), 1, tmp_path / "landing", tmp_path / "truth", 0, 0)
    assert contents(tmp_path / "landing").keys() >= {"synthetic_manifest.json"}


@pytest.mark.parametrize("source", CONTRACT_COLUMNS)
def test_every_file_begins_with_the_contracts_columns(written: Written, source):
    for path in (written.landing / source).glob("*.csv"):
        header = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        assert header[: len(CONTRACT_COLUMNS[source].split())] == CONTRACT_COLUMNS[source].split()


def test_no_outcome_and_no_age_of_the_profile_reaches_the_inspections(written: Written):
    header = set(next(iter(written.rows["inspections"])))
    assert not header & {
        "age",
        "profile_id",
        "reoffended",
        "reoffences",
        "termination_reason",
        "termination_matched",
    }


@pytest.mark.parametrize("source", CONTRACT_COLUMNS)
def test_every_file_name_of_a_source_carries_one_date_of_its_own(written: Written, source):
    dates = [re.findall(r"\d{4}-\d{2}-\d{2}", p.name) for p in (written.landing / source).glob("*.csv")]
    assert len(dates) >= 4
    assert all(len(found) == 1 for found in dates)
    assert len({found[0] for found in dates}) == len(dates)


def test_the_manifest_lists_every_file_with_its_hash(written: Written):
    manifest = json.loads((written.landing / "synthetic_manifest.json").read_text())
    found = {name: hashlib.sha256(content).hexdigest() for name, content in contents(written.landing).items()}
    found.pop("synthetic_manifest.json")
    assert manifest["files"] == found
    assert manifest["seed"] == 7
    assert manifest["synthetic"] is True


def test_nothing_but_folders_and_manifest_is_left_in_the_landing_folder(written: Written):
    names = {path.name for path in written.landing.iterdir()}
    sources = {"inspections", "terminations", "reoffending", "ratings", "caseload"}
    assert names == sources | {"synthetic_manifest.json"}


@pytest.mark.parametrize(
    "taken",
    [
        "landing/inspections/real.csv",
        "landing/reoffending/real.sav",
        "landing/terminations/real.xlsx",
        "landing/ratings/real.csv",
        "landing/caseload/real.csv",
        "truth/terminations.csv",
    ],
)
def test_files_in_the_way_are_named_and_left_as_they_are(tmp_path, taken):
    path = tmp_path / taken
    path.parent.mkdir(parents=True)
    path.write_text("kept")
    with pytest.raises(PipelineError, match=path.name):
        write_small(tmp_path, 1)
    assert contents(tmp_path) == {taken: b"kept"}


def test_a_provider_without_a_report_month_is_refused(tmp_path):
    profile = stand_in_profile(20, 1).assign(provider="Nowhere")
    with pytest.raises(PipelineError, match="no month of report"):
        write_extracts(profile, 1, tmp_path / "landing", tmp_path / "truth", 10, 10)
    assert not list(tmp_path.iterdir())


def test_the_command_writes_where_it_is_told_and_fails_the_second_time(tmp_path, capsys):
    write_profile(stand_in_profile(40, 1), tmp_path / "profile.csv.gz")
    command = ["--landing", str(tmp_path / "l"), "--truth", str(tmp_path / "t"), "--terminations", "100"]
    command += ["--reoffending", "200", "--seed", "3", "--profile", str(tmp_path / "profile.csv.gz")]
    assert main(command) == 0
    assert (tmp_path / "t" / "reoffending.csv").exists()
    assert main(command) == 1
    assert "in the way" in capsys.readouterr().err


def test_truth_and_manifest_hold_ids_only(written: Written):
    beside = contents(written.truth_dir) | {"manifest": (written.landing / "synthetic_manifest.json").read_bytes()}
    text = b"\n".join(beside.values()).decode()
    for row in written.rows["inspections"]:
        assert not [v for f in ("crn", "pnc_id", "date_of_birth") if (v := row[f]) and v in text]
    truths = [content.decode().splitlines() for name, content in beside.items() if name.endswith(".csv")]
    assert [lines[0] for lines in truths] == ["case_id,record_id"] * 2
