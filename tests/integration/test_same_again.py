"""The same extracts give the same tables in another data folder with another key."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from orchestration.commands.running import run_job
from orchestration.defs.job_names import BULLETIN_JOB
from orchestration.releases.publishing import latest_release
from tests.conftest import settings_for


@pytest.mark.slow
def test_another_data_folder_gives_the_same_csv_tables(finished_run, tmp_path):
    settings = settings_for(tmp_path / "data")
    for folder in ("landing", "truth"):
        shutil.copytree(finished_run.data_dir / folder, settings.data_dir / folder)
    run_job(settings, BULLETIN_JOB)
    assert settings.key_file.read_text() != finished_run.key_file.read_text()
    first, second = (latest_release(s.published_dir) / "csv" for s in (finished_run, settings))
    names = sorted(path.name for path in first.iterdir())
    assert names == sorted(path.name for path in second.iterdir())
    assert [name for name in names if not are_equal(first / name, second / name)] == []


def are_equal(one: Path, other: Path) -> bool:
    """Whether two tables hold the same text and, to nine digits, the same numbers.

    Sums come out the same but for the last bits of a double, which depend on where its numbers lie in memory, so
    that now and then a tenth digit falls on the other side of its rounding.
    """
    tables = [pd.read_csv(path, keep_default_na=False, dtype=str) for path in (one, other)]
    if tables[0].shape != tables[1].shape or list(tables[0]) != list(tables[1]):
        return False
    differs = tables[0].to_numpy() != tables[1].to_numpy()
    pairs = zip(tables[0].to_numpy()[differs], tables[1].to_numpy()[differs], strict=True)
    return all(is_number(a) and is_number(b) and float(a) == pytest.approx(float(b), rel=1e-8) for a, b in pairs)


def is_number(text: str) -> bool:
    """Whether a cell holds a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True
