"""Drawing from a file: every format, what is written, and every way a list or an order can be wrong."""

import hashlib

import pandas as pd
import pytest

from orchestration.__main__ import main
from orchestration.errors import PipelineError
from orchestration.methods.sampling.drawing import draw_sample
from orchestration.methods.sampling.sample_size import Precision
from orchestration.samples.drawing import Order, draw_to_files, read_caseload

LEVELS = ("low", "medium", "high", "very_high")


def _rows(n=400):
    return pd.DataFrame(
        {
            "caseload_id": [f"{i:05d}" for i in range(n)],
            "provider": ["Essex" if i % 4 else "Wales" for i in range(n)],
            "provider_type": ["crc"] * n,
            "gender": ["female" if i % 7 == 0 else "male" for i in range(n)],
            "case_type": ["post_release" if i % 3 == 0 else "community" for i in range(n)],
            "rosh_level": [None if i % 50 == 0 else LEVELS[i % 4] for i in range(n)],
        }
    )


def _write(frame, path):
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    else:
        frame.to_parquet(path, index=False)
    return path


def _order(caseload, out, **changes):
    return Order(caseload, out, **({"seed": 17, "precision": Precision(), "oversample": 0.2} | changes))


@pytest.fixture
def caseload(tmp_path):
    return _write(_rows(), tmp_path / "caseload.csv")


def _run(*arguments):
    return main(["sample", *map(str, arguments)])


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_every_format_gives_the_same_sample(tmp_path, ending):
    path = _write(_rows(), tmp_path / f"list{ending}")
    draw_to_files(_order(path, tmp_path / "drawn.csv"))
    written = pd.read_csv(tmp_path / "drawn.csv", dtype=str)
    expected = draw_sample(_rows(), 17, oversample=0.2).sample
    assert written["caseload_id"].tolist() == expected["caseload_id"].tolist()


def test_sample_reserves_and_account_are_written_for_the_owner_alone(tmp_path, caseload):
    order = _order(caseload, tmp_path / "drawn.csv")
    draw_to_files(order)
    assert [path.name for path in order.files] == ["drawn.csv", "drawn_reserves.csv", "drawn_account.md"]
    assert {path.stat().st_mode & 0o777 for path in order.files} == {0o600}
    reserves = pd.read_csv(order.files[1], dtype=str)
    assert len(reserves) == len(draw_sample(_rows(), 17, oversample=0.2).reserves) > 0


def test_the_account_says_from_what_how_and_how_many(tmp_path, caseload):
    text = draw_to_files(_order(caseload, tmp_path / "drawn.csv"))
    assert hashlib.sha256(caseload.read_bytes()).hexdigest() in text
    assert "Seed: 17; confidence 0.8, margin of error 0.05" in text
    assert "| Essex | crc | 300 | 107 |" in text  # 164.2375 * 300 / 463.2375 = 106.36
    assert text.count("| missing |") > 0
    assert "| Essex | crc | gender | female | 14.3 | 14.0 |" in text  # 43 of 300, 15 of 107
    assert (tmp_path / "drawn_account.md").read_text() == text


def test_the_same_order_writes_the_same_bytes(tmp_path, caseload):
    orders = [_order(caseload, tmp_path / name / "drawn.csv") for name in ("one", "two")]
    for order in orders:
        order.out.parent.mkdir()
        draw_to_files(order)
    for first, second in zip(orders[0].files, orders[1].files, strict=True):
        assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("there", ["drawn.csv", "drawn_reserves.csv", "drawn_account.md"])
def test_nothing_is_ever_overwritten(tmp_path, caseload, there):
    (tmp_path / there).write_text("kept")
    with pytest.raises(PipelineError, match="never overwritten"):
        draw_to_files(_order(caseload, tmp_path / "drawn.csv"))
    assert (tmp_path / there).read_text() == "kept"
    assert len(list(tmp_path.glob("drawn*"))) == 1


@pytest.mark.parametrize(
    ("row", "column", "value", "told"),
    [
        (3, "gender", "unknown person", "line 5, column gender: unknown code"),
        (9, "caseload_id", None, "line 11, column caseload_id: missing"),
        (9, "caseload_id", "00003", "lines 5, 11 of this file; each must be unique"),
        (0, "provider_type", None, "line 2, column provider_type: missing"),
    ],
    ids=["unknown-code", "no-id", "repeated-id", "no-type"],
)
def test_a_row_that_cannot_be_used_is_named_by_file_line_and_column(tmp_path, row, column, value, told):
    rows = _rows()
    rows.loc[row, column] = value
    path = _write(rows, tmp_path / "bad.csv")
    with pytest.raises(PipelineError) as caught:
        draw_to_files(_order(path, tmp_path / "drawn.csv"))
    assert told in str(caught.value)
    assert "bad.csv" in str(caught.value)
    assert "unknown person" not in str(caught.value)
    assert not (tmp_path / "drawn.csv").exists()


def test_many_faults_are_told_in_part_and_counted(tmp_path):
    path = _write(_rows().assign(gender="?"), tmp_path / "bad.csv")
    with pytest.raises(PipelineError, match=r"cannot be used: 400\.(.|\n)*and 390 more"):
        read_caseload(path)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("list.csv", "caseload_id,provider\n1,Essex\n", "provider_type, gender, case_type, rosh_level"),
        ("list.csv", "", "empty"),
        ("list.txt", "x", "not read"),
        ("list.csv", "caseload_id,provider,provider_type,gender,case_type,rosh_level\n", "no case"),
    ],
    ids=["columns-missing", "empty", "other-format", "header-only"],
)
def test_a_list_that_is_none_is_refused_in_words(tmp_path, name, content, told):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(PipelineError, match=told):
        read_caseload(path)


def test_a_list_that_is_not_there_is_refused_in_words(tmp_path):
    with pytest.raises(PipelineError, match="cannot be opened"):
        read_caseload(tmp_path / "absent.csv")


def test_one_provider_can_be_drawn_alone(tmp_path, caseload):
    draw_to_files(_order(caseload, tmp_path / "drawn.csv", providers=("  ESSEX ",)))
    assert set(pd.read_csv(tmp_path / "drawn.csv")["provider"]) == {"Essex"}


def test_a_provider_is_known_by_the_spellings_of_the_reference_table(tmp_path):
    rows = _rows(40).assign(provider="Hampshire and Isle of Wight")
    path = _write(rows, tmp_path / "list.csv")
    draw_to_files(_order(path, tmp_path / "drawn.csv", providers=("Hampshire & Isle of Wight",)))
    assert len(pd.read_csv(tmp_path / "drawn.csv")) == 33  # 164.2375 * 40 / 203.2375 = 32.32


@pytest.mark.parametrize("changes", [{"providers": ("Kent",)}, {"provider_type": "nps"}], ids=["name", "type"])
def test_a_provider_that_the_list_lacks_is_told_with_those_it_has(tmp_path, caseload, changes):
    with pytest.raises(PipelineError, match=r"Essex \(crc\), Wales \(crc\)"):
        draw_to_files(_order(caseload, tmp_path / "drawn.csv", **changes))


def test_the_command_draws_and_says_where(tmp_path, caseload, capsys):
    out = tmp_path / "drawn.csv"
    assert _run("--caseload", caseload, "--out", out, "--seed", 17, "--oversample", 0.2) == 0
    printed = capsys.readouterr().out
    assert "# Sample of a caseload" in printed
    assert str(tmp_path / "drawn_reserves.csv") in printed
    assert out.read_bytes().startswith(b"draw_order,caseload_id,provider")


def test_a_sample_is_as_precise_as_the_parameters_say_unless_it_is_told_otherwise(
    tmp_path, caseload, monkeypatch, capsys
):
    monkeypatch.setenv("PROBATION_SAMPLE_CONFIDENCE", "0.95")
    monkeypatch.setenv("PROBATION_SAMPLE_MARGIN", "0.03")
    _run("--caseload", caseload, "--out", tmp_path / "one.csv", "--seed", 1)
    assert "confidence 0.95, margin of error 0.03" in capsys.readouterr().out
    _run("--caseload", caseload, "--out", tmp_path / "two.csv", "--seed", 1, "--margin", 0.1)
    assert "confidence 0.95, margin of error 0.1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--margin", 5, "margin must lie between 0 and 1"),
        ("--confidence", 80, "confidence must lie"),
        ("--oversample", -1, "oversample must lie"),
        ("--oversample", "nan", "oversample must lie"),
    ],
)
def test_impossible_wishes_are_refused_in_words(tmp_path, caseload, option, value, told, capsys):
    arguments = ("--caseload", caseload, "--out", tmp_path / "drawn.csv", "--seed", 1, option, value)
    assert _run(*arguments) == 1
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("out", ["drawn.xlsx", "nowhere/drawn.csv"])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_read(tmp_path, out):
    with pytest.raises(PipelineError, match=r"as CSV|no such folder"):
        draw_to_files(_order(tmp_path / "absent.csv", tmp_path / out))
