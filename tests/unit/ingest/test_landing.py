"""The landing folders: empty, ready, or in a state that a person must put right."""

import hashlib
import json
import os
import threading
from pathlib import Path

import pytest

from orchestration.errors import PipelineError
from orchestration.ingest.landed_files import landing_files, read_file
from orchestration.ingest.landing import SYNTHETIC_MANIFEST, check_landing
from orchestration.settings import IntakeLimits
from orchestration.tables.contract import CONTRACT, OPTIONAL_CONTRACT
from tests.made_up.extracts import read, sample, write_bytes, write_csv


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """A landing folder with one small file a source."""
    for source in CONTRACT:
        write_csv(tmp_path / source, sample(source, 2), f"{source}.csv")
    return tmp_path


def write_manifest(landing: Path, *names: str) -> None:
    files = {name: hashlib.sha256((landing / name).read_bytes()).hexdigest() for name in names}
    (landing / SYNTHETIC_MANIFEST).write_text(json.dumps({"seed": 1, "files": files}))


ALL_FILES = ("inspections/inspections.csv", "terminations/terminations.csv", "reoffending/reoffending.csv")
ALL_PLACES = tuple(f"{source}, file 1 of 1 by name" for source in CONTRACT)


def test_missing_and_empty_folders_are_both_empty(tmp_path: Path) -> None:
    (tmp_path / "inspections").mkdir()
    (tmp_path / "inspections" / ".gitkeep").touch()
    state = check_landing(tmp_path)
    assert state.status == "empty"
    with pytest.raises(PipelineError, match="landing folders are empty"):
        state.require_ready()


def test_a_file_in_every_folder_is_ready_and_real(landing: Path) -> None:
    state = check_landing(landing)
    assert (state.status, state.is_synthetic, state.files) == ("ready", False, ALL_PLACES)
    state.require_ready()


@pytest.mark.parametrize("emptied", [["terminations"], ["inspections", "reoffending"]], ids=["one", "two"])
def test_one_or_two_empty_folders_are_errors_that_name_them(landing: Path, emptied: list[str]) -> None:
    for source in emptied:
        (landing / source / f"{source}.csv").unlink()
    state = check_landing(landing)
    assert state.status == "error"
    assert [problem.where for problem in state.problems] == [f"landing/{source}" for source in emptied]


def test_offences_take_the_place_of_reoffending_and_both_at_once_are_refused(landing: Path) -> None:
    write_csv(landing / "offences", sample("offences", 2), "offences.csv")
    both = check_landing(landing)
    assert [problem.where for problem in both.problems] == ["landing"]
    assert "Both reoffending" in both.problems[0].problem
    assert "Keep one of the two" in both.problems[0].remedy
    (landing / "reoffending" / "reoffending.csv").unlink()
    assert check_landing(landing).status == "ready"
    (landing / "terminations" / "terminations.csv").unlink()
    assert [problem.where for problem in check_landing(landing).problems] == ["landing/terminations"]


@pytest.mark.parametrize("source", OPTIONAL_CONTRACT)
def test_an_optional_folder_may_be_missing_or_empty_and_what_is_in_it_belongs_to_the_state(
    landing: Path, source: str
) -> None:
    assert check_landing(landing).status == "ready"
    (landing / source).mkdir()
    assert check_landing(landing).status == "ready"
    write_csv(landing / source, sample(source, 2), "new.csv")
    state = check_landing(landing)
    assert (state.status, state.files) == ("ready", (*ALL_PLACES, f"{source}, file 1 of 1 by name"))


@pytest.mark.parametrize("source", OPTIONAL_CONTRACT)
def test_an_optional_input_without_its_extracts_is_an_error_that_names_it(tmp_path: Path, source: str) -> None:
    write_csv(tmp_path / source, sample(source, 2), "real.csv")
    state = check_landing(tmp_path)
    assert (state.status, len(state.problems)) == ("error", 1), "not empty: nothing synthetic may be made beside it"
    assert f"{source}, file 1 of 1 by name" in state.problems[0].problem
    assert "inspections, terminations, reoffending" in state.problems[0].remedy


@pytest.mark.parametrize("source", OPTIONAL_CONTRACT)
def test_a_real_optional_input_beside_synthetic_extracts_is_named(landing: Path, source: str) -> None:
    write_manifest(landing, *ALL_FILES)
    write_csv(landing / source, sample(source, 2), "real.csv")
    state = check_landing(landing)
    assert state.status == "error"
    assert f"{source}, file 1 of 1 by name" in str(state.problems[0])


def test_an_optional_folder_with_only_a_half_copied_file_is_not_taken_for_empty(landing: Path) -> None:
    write_bytes(landing / "ratings", b"x", "new.csv.part")
    state = check_landing(landing)
    assert [problem.where for problem in state.problems] == ["landing/ratings"]


def test_files_listed_in_the_manifest_are_synthetic(landing: Path) -> None:
    write_manifest(landing, *ALL_FILES)
    state = check_landing(landing)
    assert (state.status, state.is_synthetic) == ("ready", True)


def test_synthetic_files_beside_real_ones_are_named(landing: Path) -> None:
    write_manifest(landing, *ALL_FILES[:2])
    state = check_landing(landing)
    assert state.status == "error"
    assert all(place in str(state.problems[0]) for place in ALL_PLACES)


def test_a_manifest_left_behind_does_not_make_real_files_synthetic(landing: Path) -> None:
    write_manifest(landing, *ALL_FILES)
    for source in CONTRACT:
        write_csv(landing / source, sample(source, 3), f"{source}.csv")
    state = check_landing(landing)
    assert (state.status, state.is_synthetic) == ("ready", False)


def test_a_folder_with_only_a_half_copied_file_is_not_empty(tmp_path: Path) -> None:
    write_bytes(tmp_path / "inspections", b"x", "new.csv.part")
    state = check_landing(tmp_path)
    assert state.status == "error"
    assert any("still being copied" in problem.problem for problem in state.problems)
    assert state.unfinished == ("inspections",)


@pytest.mark.parametrize(
    "name", [".hidden.csv", "._extract.csv.control", "~$extract.xlsx", "extract.csv.tmp", "extract.CSV.PART"]
)
def test_hidden_and_temporary_files_are_passed_over(landing: Path, name: str) -> None:
    write_bytes(landing / "terminations", b"x", name)
    assert check_landing(landing).status == "ready"
    assert len(read(landing / "terminations", "terminations").deliveries) == 1


def test_a_folder_in_a_files_place_is_an_error_that_names_it(landing: Path) -> None:
    (landing / "terminations" / "week2.csv").mkdir()
    state = check_landing(landing)
    assert state.problems[0].where == "terminations, file 2 of 2 by name"
    with pytest.raises(PipelineError, match="folder stands where a file"):
        read(landing / "terminations", "terminations")


def test_a_file_in_a_folders_place_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "terminations").write_text("x")
    with pytest.raises(PipelineError, match="file stands where a folder"):
        landing_files(tmp_path / "terminations")


@pytest.mark.parametrize("name", ["extract.doc", "extract.txt", "extract"])
def test_a_type_that_is_not_read_is_an_error_that_names_it(landing: Path, name: str) -> None:
    write_bytes(landing / "terminations", b"x", name)
    problem = check_landing(landing).problems[0]
    assert problem.where in ("terminations, file 1 of 2 by name", "terminations, file 2 of 2 by name")
    assert name not in str(problem)
    assert ".parquet" in problem.remedy


def test_a_file_that_cannot_be_opened_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    with pytest.raises(PipelineError, match="cannot be opened"):
        read_file("terminations", tmp_path / "gone.csv", IntakeLimits(), "terminations, file 1 of 1 by name")


def test_a_manifest_that_cannot_be_read_is_an_error(landing: Path) -> None:
    (landing / SYNTHETIC_MANIFEST).write_text("{")
    state = check_landing(landing)
    assert state.status == "error"
    assert state.problems[0].where == "landing/synthetic_manifest.json"


def test_a_link_to_nothing_is_an_error_that_names_it(landing: Path) -> None:
    (landing / "inspections" / "lost.csv").symlink_to(landing / "nowhere.csv")
    problem = check_landing(landing).problems[0]
    assert problem.where == "inspections, file 2 of 2 by name"
    assert "A link stands where a file is expected" in problem.problem


@pytest.mark.parametrize("kind", ["a link to a file", "a link to a device", "a pipe", "a folder"])
def test_what_is_no_file_of_its_own_is_refused_without_being_opened(landing: Path, kind: str) -> None:
    place = landing / "inspections" / "more.csv"
    makers = {
        "a link to a file": lambda: place.symlink_to(landing / "inspections" / "inspections.csv"),
        "a link to a device": lambda: place.symlink_to("/dev/zero"),
        "a pipe": lambda: os.mkfifo(place),
        "a folder": lambda: place.mkdir(),
    }
    makers[kind]()
    problem = check_landing(landing).problems[0]
    assert problem.where == "inspections, file 2 of 2 by name"
    assert "stands where a file is expected" in problem.problem
    with pytest.raises(PipelineError, match="stands where a file is expected"):
        read(landing / "inspections")


@pytest.mark.parametrize("name", [b"a\xff.csv", b"a\x1b[2J.csv", "a\u202evsc.csv".encode(), b"a\nb.csv"])
def test_a_name_that_is_no_readable_text_is_refused_and_not_repeated(landing: Path, name: bytes) -> None:
    with open(os.fsencode(landing / "inspections") + b"/" + name, "wb") as file:
        file.write(b"x")
    problem = check_landing(landing).problems[0]
    assert "no readable text" in problem.problem
    assert str(problem).isascii()
    assert "\x1b" not in str(problem)


def test_a_pipe_put_in_a_files_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    failed: list[Exception] = []

    def open_it() -> None:
        try:
            read_file("terminations", tmp_path / "a.csv", IntakeLimits(), "terminations, file 1 of 1 by name")
        except PipelineError as error:
            failed.append(error)

    waiting = threading.Thread(target=open_it, daemon=True)
    waiting.start()
    waiting.join(10)
    assert not waiting.is_alive()
    assert "cannot be opened" in str(failed[0])


@pytest.mark.parametrize(
    "content", ["[" * 500_000, '{"files":' * 100_000, "x" * 10_000_001], ids=["lists", "objects", "large"]
)
def test_a_manifest_made_to_do_harm_is_an_error(landing: Path, content: str) -> None:
    (landing / SYNTHETIC_MANIFEST).write_text(content)
    assert [problem.where for problem in check_landing(landing).problems] == [f"landing/{SYNTHETIC_MANIFEST}"]


def test_a_pipe_in_the_manifests_place_is_an_error(landing: Path) -> None:
    os.mkfifo(landing / SYNTHETIC_MANIFEST)
    assert [problem.where for problem in check_landing(landing).problems] == [f"landing/{SYNTHETIC_MANIFEST}"]
