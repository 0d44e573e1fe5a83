"""Cleaning takes what can be made again, and nothing while it cannot tell."""

import sys

import pytest

from orchestration.commands.cleaning import clean_folder
from orchestration.engines.cluster import Cluster
from orchestration.engines.daemons import end_daemon, start_daemon
from orchestration.errors import PipelineError
from orchestration.settings import read_settings


@pytest.mark.parametrize("text", ["{", "[]", '{"files": 1}'], ids=["cut short", "a list", "no list of files"])
def test_cleaning_removes_nothing_when_it_cannot_tell_synthetic_from_real(tmp_path, text):
    settings = read_settings({"PROBATION_DATA_DIR": str(tmp_path)})
    settings.warehouse.write_bytes(b"made from extracts")
    settings.landing_dir.mkdir()
    (settings.landing_dir / "synthetic_manifest.json").write_text(text)
    with pytest.raises(PipelineError, match="Nothing was removed"):
        clean_folder(settings)
    assert settings.warehouse.exists()


def test_cleaning_leaves_the_order_in_which_deliveries_were_first_seen(tmp_path):
    settings = read_settings({"PROBATION_DATA_DIR": str(tmp_path)})
    kept = settings.first_seen_file
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    settings.warehouse.touch()
    kept.touch()
    clean_folder(settings)
    assert not settings.warehouse.exists()
    assert kept.exists()


def test_cleaning_takes_no_folder_away_from_a_running_cluster(tmp_path):
    settings = read_settings({"PROBATION_DATA_DIR": str(tmp_path)})
    settings.spark_dir.mkdir(parents=True)
    waiting = [sys.executable, "-c", "import time; time.sleep(60)"]
    daemon = start_daemon("master", waiting, {}, settings.spark_dir / "log")
    record = Cluster(url="spark://127.0.0.1:7077", memory="2g", daemons=(daemon,)).model_dump_json()
    (settings.spark_dir / "cluster.json").write_text(record, encoding="utf-8")
    try:
        with pytest.raises(PipelineError, match="make cluster-stop"):
            clean_folder(settings)
        assert settings.spark_dir.exists()
    finally:
        assert end_daemon(daemon)
    clean_folder(settings)
    assert not settings.spark_dir.exists()
