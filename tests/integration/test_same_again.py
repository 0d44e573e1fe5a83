"""The same extracts give the same tables, byte for byte, in another data folder with another key."""

import shutil

import pytest

from orchestration.bulletin_run import run_job
from orchestration.job_names import BULLETIN_JOB
from orchestration.publications.publishing import latest_release
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
    assert [name for name in names if (first / name).read_bytes() != (second / name).read_bytes()] == []
