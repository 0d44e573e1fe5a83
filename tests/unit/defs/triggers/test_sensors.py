"""A half-copied file starts nothing."""

import json
import zipfile

import pytest

from orchestration.defs.triggers.sensors import landing_state, settled_signature
from orchestration.settings import OPTIONAL_SOURCES, SOURCES


@pytest.fixture
def landing(tmp_path):
    for source in SOURCES:
        (tmp_path / source).mkdir()
        (tmp_path / source / "a.csv").write_text("x\n1\n")
    return tmp_path


def test_a_state_seen_for_the_first_time_is_not_settled(landing):
    assert settled_signature(landing_state(landing), None) is None


def test_a_state_that_stayed_is_settled_and_keeps_its_key(landing):
    state = landing_state(landing)
    assert settled_signature(landing_state(landing), state) == settled_signature(state, state) is not None


def test_a_growing_file_is_not_settled(landing):
    before = landing_state(landing)
    with open(landing / "terminations" / "a.csv", "a") as file:
        file.write("2\n")
    assert settled_signature(landing_state(landing), before) is None


@pytest.mark.parametrize(
    ("name", "content", "is_whole"),
    [
        ("b.parquet", b"PAR1....", False),
        ("b.parquet", b"PAR1....PAR1", True),
        ("b.xlsx", b"PK\x03\x04 half of a workbook", False),
        ("b.csv", b"", False),
        ("b.sav", b"$FL2", True),
    ],
    ids=["half a Parquet file", "a whole Parquet file", "half a workbook", "an empty file", "SPSS, which cannot tell"],
)
def test_formats_that_can_tell_are_asked(landing, name, content, is_whole):
    (landing / "reoffending" / name).write_bytes(content)
    state = landing_state(landing)
    assert (settled_signature(state, state) is not None) == is_whole


def test_a_whole_workbook_is_whole(landing):
    with zipfile.ZipFile(landing / "reoffending" / "b.xlsx", "w") as archive:
        archive.writestr("x", "y")
    state = landing_state(landing)
    assert settled_signature(state, state)


@pytest.mark.parametrize("source", OPTIONAL_SOURCES)
def test_a_file_of_an_optional_source_changes_the_state(landing, source):
    before = landing_state(landing)
    (landing / source).mkdir()
    assert landing_state(landing) == before
    (landing / source / "a.csv").write_text("x\n1\n")
    assert settled_signature(landing_state(landing), before) is None
    assert [source] == [row[0] for row in json.loads(landing_state(landing))][-1:]
    assert "a.csv" not in landing_state(landing)


def test_the_state_names_sources_and_neither_files_nor_their_content(landing):
    assert [row[0] for row in json.loads(landing_state(landing))] == list(SOURCES)
