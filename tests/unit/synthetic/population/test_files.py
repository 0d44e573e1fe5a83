"""Uncalibrated populations on disk: parts, formats, truth, shares, and the calibrated extracts left as they were."""

import csv
import hashlib
import json
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.errors import PipelineError
from orchestration.ingest.extracts import read_source
from orchestration.ingest.landing import check_landing
from orchestration.settings import CODES_DIR
from orchestration.synthetic.__main__ import main
from orchestration.synthetic.extracts.writing import write_extracts
from orchestration.synthetic.population import files as population_files
from orchestration.synthetic.population import records as population_records
from orchestration.synthetic.population.files import write_population
from orchestration.synthetic.population.size import DIRTIER, Population
from orchestration.synthetic.profile import read_profile
from tests.unit.synthetic.short_linkage import normalised

SMALL = replace(DIRTIER, n_cases=300, n_terminations=1500, n_reoffending=4000)
# of the calibrated extracts of 150 cases of the shipped profile, seed 2023, 700 and 1,500 records: bytes of every
# file in order of its path. It changes only with GENERATOR_VERSION, the shipped profile or the optional inputs.
CALIBRATED_SHA256 = "28c220b842483bb199727c7ada600d39a795cde92dd4779683e3e1c593bcb1a9"


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def write(folder: Path, population: Population = SMALL, seed: int = 1, file_format: str = "csv") -> dict[str, bytes]:
    write_population(population, seed, folder / "landing", folder / "truth", file_format)
    return contents(folder)


def read_csv_rows(folder: Path, source: str) -> list[dict[str, str]]:
    rows = []
    for path in sorted((folder / "landing" / source).glob("*.csv")):
        rows += list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    return rows


def test_the_calibrated_extracts_are_byte_for_byte_what_they_were(tmp_path):
    write_extracts(read_profile().head(150), 2023, tmp_path / "l", tmp_path / "t", 700, 1500)
    digest = hashlib.sha256()
    for path in sorted(p for p in tmp_path.rglob("*") if p.is_file()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    assert digest.hexdigest() == CALIBRATED_SHA256


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_one_seed_gives_the_same_bytes_and_another_others(tmp_path, file_format):
    once, again, other = (
        write(tmp_path / name, seed=seed, file_format=file_format) for name, seed in (("a", 5), ("b", 5), ("c", 6))
    )
    assert once == again
    assert all(once[name] != other[name] for name in once)


def test_parquet_holds_what_csv_holds(tmp_path):
    write(tmp_path / "csv")
    write(tmp_path / "parquet", file_format="parquet")
    for source in ("inspections", "terminations", "reoffending"):
        table = pq.read_table(next((tmp_path / "parquet" / "landing" / source).glob("*.parquet"))).to_pandas()
        rows = pd.DataFrame(read_csv_rows(tmp_path / "csv", source))
        assert list(table.columns) == list(rows.columns)
        for name in table.columns:
            cells = table[name]
            if name.endswith(("date", "birth")):
                form = "%Y-%m-%d" if source == "reoffending" else "%d/%m/%Y"
                cells = pd.to_datetime(cells).dt.strftime(form)
            elif pd.api.types.is_numeric_dtype(cells):
                cells = cells.astype("Int64").astype("str").replace("<NA>", "")
            assert cells.astype(object).where(cells.notna(), "").tolist() == rows[name].tolist(), (source, name)


@pytest.mark.parametrize("source", ["inspections", "terminations", "reoffending"])
def test_the_pipeline_reads_both_formats_alike_and_rejects_nothing(tmp_path, source):
    write(tmp_path / "csv")
    write(tmp_path / "parquet", file_format="parquet")
    read = [read_source(source, tmp_path / f / "landing" / source, None, CODES_DIR) for f in ("csv", "parquet")]
    assert [len(extract.rejected) for extract in read] == [0, 0]
    one, other = (extract.parsed.drop(columns=["file", "line"]) for extract in read)
    pd.testing.assert_frame_equal(one, other)
    assert len(one) == {"inspections": 300, "terminations": 1500, "reoffending": 4000}[source]


def test_a_run_would_take_the_files_as_synthetic(tmp_path):
    files = write(tmp_path)
    state = check_landing(tmp_path / "landing")
    assert (state.status, state.is_synthetic) == ("ready", True)
    manifest = json.loads(files["landing/synthetic_manifest.json"])
    assert manifest["rows"]["reoffending/proven_reoffending_part_0001_2022-01-14.csv"] == 4000
    assert manifest["population"]["blemishes"] == 3.0


def test_files_in_the_way_are_left_alone(tmp_path):
    write(tmp_path)
    before = contents(tmp_path)
    with pytest.raises(PipelineError, match="in the way"):
        write(tmp_path)
    assert contents(tmp_path) == before


def test_an_unknown_format_is_refused(tmp_path):
    with pytest.raises(PipelineError, match="not written as xlsx"):
        write(tmp_path, file_format="xlsx")


def in_parts(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(population_records, "RECORDS_A_PART", size)


def test_a_large_source_comes_in_several_files_of_bounded_size(tmp_path, monkeypatch):
    in_parts(monkeypatch, 900)
    write(tmp_path, file_format="parquet")
    sizes = [pq.read_metadata(p).num_rows for p in sorted((tmp_path / "landing" / "reoffending").glob("*.parquet"))]
    assert sizes == [900, 900, 900, 900, 400]


def test_ids_and_people_stay_distinct_across_parts(tmp_path, monkeypatch):
    in_parts(monkeypatch, 900)
    write(tmp_path, replace(SMALL, blemishes=0.0, household_numbers=0.0))
    rows = read_csv_rows(tmp_path, "terminations")
    assert len({row["record_id"] for row in rows}) == len(rows) == 1500
    people = {}
    for row in rows:
        fields = normalised(row, "terminations")["fields"]
        people.setdefault(fields["pnc"], set()).add((fields["crn"], fields["dob"], fields["surname"]))
    assert {len(found) for found in people.values()} == {1}


def test_a_part_is_drawn_without_the_parts_before_it(monkeypatch):
    in_parts(monkeypatch, 900)
    profile, rng = read_profile(), np.random.default_rng(1)
    cases, everybody = population_files.draw_cases(rng, SMALL, profile, 1)
    planned = population_records.plan_records(rng, "reoffending", SMALL, profile, cases, everybody)

    def draw(part: int) -> pd.DataFrame:
        return population_records.draw_part(part, planned, SMALL, profile, cases, everybody)

    alone = draw(3)
    draw(0)
    pd.testing.assert_frame_equal(draw(3), alone)
    assert len(alone) == 900


def test_no_two_parts_are_held_at_a_time(tmp_path, monkeypatch):
    in_parts(monkeypatch, 500)
    made: list[weakref.ref] = []
    alive = []

    def draw_watched(*arguments) -> pd.DataFrame:
        alive.append(sum(part() is not None for part in made))
        part = population_records.draw_part(*arguments)
        made.append(weakref.ref(part))
        return part

    def to_arrow_watched(rows: pd.DataFrame) -> pa.Table:
        made.append(weakref.ref(table := to_arrow(rows)))
        return table

    to_arrow = population_files._arrow
    monkeypatch.setattr(population_files, "draw_part", draw_watched)
    monkeypatch.setattr(population_files, "_arrow", to_arrow_watched)
    write(tmp_path, file_format="parquet")
    assert len(alive) == 3 + 8
    assert max(alive) == 0


def test_the_truth_lists_every_record_of_a_cases_person_and_no_other(tmp_path):
    write(tmp_path, replace(SMALL, blemishes=0.0, household_numbers=0.0, inspected_twice=0.05))
    cases = [normalised(row, "inspections") for row in read_csv_rows(tmp_path, "inspections")]
    assert len({case["fields"]["pnc"] for case in cases}) == 285
    for source in ("terminations", "reoffending"):
        by_pnc: dict[str, set[str]] = {}
        for row in read_csv_rows(tmp_path, source):
            by_pnc.setdefault(normalised(row, source)["fields"]["pnc"], set()).add(row["record_id"])
        expected = {(c["case_id"], r) for c in cases for r in by_pnc.get(c["fields"]["pnc"], ())}
        truth = pd.read_csv(tmp_path / "truth" / f"{source}.csv", dtype=str)
        assert set(truth.itertuples(index=False, name=None)) == expected
        assert len(truth) == len(expected) > 300


def test_sizes_below_what_the_cases_need_still_hold_every_case(tmp_path):
    write(tmp_path, replace(SMALL, n_terminations=0, n_reoffending=0))
    assert len(read_csv_rows(tmp_path, "inspections")) == 300
    truth = pd.read_csv(tmp_path / "truth" / "reoffending.csv", dtype=str)
    assert truth["case_id"].nunique() > 240


def test_the_command_writes_a_population_of_the_sizes_asked_for(tmp_path, capsys):
    command = ["--population", "dirty", "--cases", "40", "--terminations", "200", "--reoffending", "300"]
    command += ["--blemishes", "1.5", "--landing", str(tmp_path / "landing"), "--truth", str(tmp_path / "truth")]
    assert main(command) == 0
    assert "40 cases" in capsys.readouterr().out
    assert len(read_csv_rows(tmp_path, "reoffending")) == 300
    manifest = json.loads((tmp_path / "landing" / "synthetic_manifest.json").read_text())
    assert manifest["population"]["blemishes"] == 1.5


@pytest.mark.parametrize(
    ("option", "message"),
    [(["--cases", "5"], "--cases is of uncalibrated"), (["--population", "plain", "--cases", "0"], "no case")],
    ids=["without a population", "no cases"],
)
def test_the_command_refuses_what_makes_no_sense(tmp_path, capsys, option, message):
    assert main([*option, "--landing", str(tmp_path / "l"), "--truth", str(tmp_path / "t")]) == 1
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
