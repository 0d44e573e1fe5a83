"""What the commands on deliveries print: for the analyst at the terminal, and harmless there."""

from pathlib import Path

import pyreadstat
import pytest

from orchestration.__main__ import main
from tests.made_up.deliveries import as_text, people, with_last_row, write


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PROBATION_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_contract_check_tells_columns_findings_and_where_the_draft_is(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = with_last_row("Total", "60")(people("terminations").rename(columns={"crn": "CRN of the person"}))
    path = write(tmp_path / "e.csv", frame)
    assert main(["contract-check", "--file", str(path)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("e.csv: 60 rows, read as terminations\n")
    assert "= surname <- surname: text, 100% filled" in told
    assert "- crn: not in the file\n" in told
    assert "! footer: line 62" in told
    assert "Not read (1), each with the column that it may be:\n  CRN of the person: crn\n" in told
    draft = data / "contract_check" / "accepted_headers.csv"
    assert str(draft) in told
    assert draft.read_text() == "source,header,column\nterminations,CRN of the person,crn\n"
    assert draft.stat().st_mode & 0o077 == 0


def test_a_file_that_lacks_nothing_needs_no_draft(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["contract-check", "--file", str(write(tmp_path / "e.parquet", people("reoffending")))]) == 0
    assert "Every needed column is there." in capsys.readouterr().out
    assert not (data / "contract_check").exists()


def test_headers_and_questions_do_nothing_to_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = as_text(people("terminations")).assign(Q1="x")
    labels = ["\x1b[2J\u202eon the left" if name == "Q1" else "" for name in frame.columns]
    pyreadstat.write_sav(frame, str(tmp_path / "e.sav"), column_labels=labels)
    assert main(["contract-check", "--file", str(tmp_path / "e.sav")]) == 0
    told = capsys.readouterr().out
    assert "on the left" in told
    assert not {"\x1b", "\u202e"} & set(told)


def test_an_error_that_repeats_what_was_typed_does_nothing_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["contract-check", "--file", str(tmp_path / "\x1b[2J\u202efile.csv")]) == 1
    told = capsys.readouterr().err
    assert "There is no such file." in told
    assert not {"\x1b", "\u202e"} & set(told)


def test_deliveries_names_the_file_of_each_delivery(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = data / "landing" / "terminations"
    write(folder / "week_2019-01-08.csv", people("terminations", 8))
    write(folder / "copy_2019-01-15.csv", people("terminations", 8))
    write(folder / "week_2019-01-22.xlsx", people("terminations", 9))
    assert main(["deliveries"]) == 0
    first, copy, last = capsys.readouterr().out.splitlines()
    assert first.startswith("terminations, delivery 1 (")
    assert first.endswith("week_2019-01-08.csv")
    assert copy.endswith("copy_2019-01-15.csv (the same content as an earlier one)")
    assert last.endswith("week_2019-01-22.xlsx")
