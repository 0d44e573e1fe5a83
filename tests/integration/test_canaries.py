"""A name planted in every cell of an extract that can be faulty, in an unknown header and in the name of the file is
repeated nowhere outside the warehouse."""

import csv

import duckdb
import pytest

from orchestration.commands.running import run_job
from orchestration.defs.job_names import BULLETIN_JOB
from orchestration.errors import PipelineError
from orchestration.tables.contract import CONTRACT
from tests.conftest import settings_for
from tests.integration.test_confidentiality import AT_HOME

CANARY = "Zzcanaryname"


def plant(landing_dir, source: str) -> None:
    """Put the canary into each column in turn, a row each, of the source's first file; the id stands twice.

    It is the header of a column that nobody reads, and in the name of the file, too.
    """
    extract = sorted((landing_dir / source).glob("*.csv"))[0]
    with open(extract, encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    for line, column in enumerate(header):
        rows[line][header.index(column)] = CANARY
    rows[len(header)][header.index(CONTRACT[source].id_columns[0])] = CANARY
    with open(extract.rename(extract.with_stem(f"{CANARY}_{extract.stem}")), "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*header, CANARY], *([*row, ""] for row in rows)])


@pytest.mark.parametrize("sources", [("inspections",), ("terminations", "reoffending")], ids=" and ".join)
def test_a_planted_name_is_in_no_message_log_or_report(run_copy, sources, capfd):
    strict = settings_for(run_copy.data_dir, rejected_share_terminations=0)
    (run_copy.landing_dir / "synthetic_manifest.json").unlink()
    for source in sources:
        plant(run_copy.landing_dir, source)
    with pytest.raises(PipelineError) as failure:
        run_job(strict, BULLETIN_JOB)
    printed = capfd.readouterr()
    assert "rows are rejected" in str(failure.value)
    assert CANARY not in str(failure.value) + printed.out + printed.err
    told = [
        path.relative_to(run_copy.data_dir).as_posix()
        for path in run_copy.data_dir.rglob("*")
        if path.is_file() and path.relative_to(run_copy.data_dir).parts[0] not in AT_HOME
        if CANARY.encode() in path.read_bytes()
    ]
    assert told == []
    with duckdb.connect(str(run_copy.warehouse), read_only=True) as connection:
        for table in ("rejected_rows", "gate_results"):
            assert CANARY not in connection.execute(f"select * from quality.{table}").df().to_csv(), table
