"""The commands of the cluster, and what is said of it before a run begins."""

import pytest

from orchestration.__main__ import main
from tests.another_process import run_lock_held_elsewhere
from tests.conftest import settings_for


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("PROBATION_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("data_dir")
def test_where_none_runs_nothing_is_ended(capsys):
    assert main(["cluster-stop"]) == 0
    assert capsys.readouterr().out == "No cluster runs: nothing was ended.\n"


def test_a_cluster_is_not_taken_from_a_run(data_dir, capsys):
    with run_lock_held_elsewhere(settings_for(data_dir).run_dir, "a run"):
        assert main(["cluster-stop"]) == 1
    assert "A run is alive" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["link", "bulletin"])
def test_without_a_cluster_a_run_on_spark_does_not_begin(data_dir, monkeypatch, capsys, command):
    monkeypatch.setenv("PROBATION_ENGINE", "spark")
    for source in ("inspections", "terminations", "reoffending"):
        (data_dir / "landing" / source).mkdir(parents=True)
        (data_dir / "landing" / source / "extract.csv").write_text("case_id\n1\n", encoding="utf-8")
    assert main([command]) == 1
    assert "Start one (make cluster), then run again." in capsys.readouterr().err
