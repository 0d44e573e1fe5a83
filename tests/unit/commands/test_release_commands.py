"""Comparing and withdrawing by name: what is said where a name is missing or wrong."""

import json

import pytest

from orchestration.__main__ import main
from orchestration.releases.publishing import publish, withdraw

OLD, WITHDRAWN, NEW = "20260102T030405Z-1a2b3c4d", "20260109T030405Z-5e6f7a8b", "20260116T030405Z-9c0d1e2f"
MANIFEST = {"inputs": [], "code_version": "1", "packages": {}, "parameters": {}}
LIST = f"Releases:\n  {OLD}\n  {WITHDRAWN}  (withdrawn)\n  {NEW}  (latest)\n"


@pytest.fixture(autouse=True)
def published(tmp_path, monkeypatch):
    """Three releases of one table, which differ in one cell; the second is withdrawn."""
    monkeypatch.setenv("PROBATION_DATA_DIR", str(tmp_path))

    def build(value):
        def fill(folder):
            (folder / "csv").mkdir()
            (folder / "csv" / "headlines.csv").write_text(f"id,value\nx,{value}\n")
            (folder / "manifest.json").write_text(json.dumps(MANIFEST | {"code_version": str(value)}))

        return fill

    for value, name in enumerate((OLD, WITHDRAWN, NEW)):
        publish(tmp_path / "published", name, build(value))
    withdraw(tmp_path / "published", WITHDRAWN, "a mistake")


MISTAKES = {
    "no release": (["compare"], "make compare A=... B=..."),
    "make gave none": (["compare", "--", "", ""], "make compare A=... B=..."),
    "one release": (["compare", OLD], "make compare A=... B=..."),
    "mistyped": (["compare", OLD[:-1] + "e", "latest"], f"Did you mean {OLD}?"),
    "nothing like it": (["compare", "x", "latest"], "There is no release 'x'.\n"),
    "a path": (["compare", f"../published/{OLD}", "latest"], "There is no release '../published"),
    "withdraw none": (["withdraw", "--", "", ""], "No release was named."),
    "withdraw a mistyped": (["withdraw", NEW[:-1], "why"], f"Did you mean {NEW}?"),
}


@pytest.mark.parametrize(("arguments", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_missing_or_mistyped_name_is_answered_with_the_releases_there_are(arguments, told, capsys):
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert told in said
    assert LIST in said


def test_where_nothing_is_published_it_is_said_how_to_make_a_release(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PROBATION_DATA_DIR", str(tmp_path / "new"))
    assert main(["compare", "a", "b"]) == 1
    assert "Nothing is published yet: make bulletin makes a release, make release" in capsys.readouterr().err


def test_a_release_is_withdrawn_by_its_own_name_and_for_a_reason(capsys):
    assert main(["withdraw", "latest", "why"]) == 1
    assert f"make withdraw RELEASE={NEW}" in capsys.readouterr().err
    assert main(["withdraw", OLD]) == 1
    assert "needs a reason" in capsys.readouterr().err
    assert main(["withdraw", NEW, "why"]) == 0
    assert f"The latest release is now {OLD}." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "line"),
    [([], "headlines  1 0 0 x | value: 0 -> 2"), (["--detail"], "x | value: 0 -> 2"),
     (["--table", "headlines"], "x | value: 0 -> 2")],
    ids=["summary", "detail", "one table"],
)  # fmt: skip
def test_latest_is_a_name_and_detail_is_given_when_asked(options, line, capsys):
    assert main(["compare", *options, OLD, "latest"]) == 0
    printed = capsys.readouterr()
    lines = [" ".join(found.split()) for found in printed.out.splitlines()]
    assert lines[:2] == [f"a: {OLD}", f"b: {NEW}"]
    assert " ".join(line.split()) in lines
    assert printed.err == ""
