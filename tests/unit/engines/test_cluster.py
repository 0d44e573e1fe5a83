"""The cluster as processes: started, known again, ended; and what is said where that does not go well."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from orchestration.engines import cluster
from orchestration.engines.cluster import (
    clear_dead_cluster,
    cluster_of,
    require_cluster,
    start_cluster,
    stop_cluster,
)
from orchestration.errors import PipelineError
from tests.open_to_others import open_to_others
from tests.unit.engines.conftest import STARTS, write_program


def group_is_alive(pid: int) -> bool:
    """Whether a process of the group is more than what is left until its parent has asked how it ended."""
    fields = [stat.read_text().rpartition(")")[2].split() for stat in Path("/proc").glob("[0-9]*/stat")]
    return any(group == str(pid) and state != "Z" for state, _, group, *_ in fields)


def wait_until(is_so) -> None:
    ends = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.05)


def kill(daemon) -> None:
    os.killpg(daemon.pid, signal.SIGKILL)
    wait_until(lambda: not daemon.is_alive)


def test_a_master_and_two_workers_run_until_they_are_ended_with_all_that_they_started(settings):
    started = start_cluster(settings)
    assert [daemon.name for daemon in started.daemons] == ["master", "worker-1", "worker-2"]
    assert require_cluster(settings) == started
    assert stop_cluster(settings) == 3
    assert not any(group_is_alive(daemon.pid) for daemon in started.daemons)
    assert cluster_of(settings) is None


def test_all_that_a_cluster_writes_is_closed_to_others(settings):
    start_cluster(settings)
    assert open_to_others(settings.spark_dir) == []


def test_the_secret_is_on_no_command_line_and_new_each_time(settings):
    def secret() -> str:
        conf = (settings.spark_dir / "conf" / "spark-defaults.conf").read_text(encoding="utf-8")
        return next(line.split()[1] for line in conf.splitlines() if line.startswith("spark.authenticate.secret "))

    started, first = start_cluster(settings), secret()
    for daemon in started.daemons:
        with open(f"/proc/{daemon.pid}/cmdline", "rb") as told:
            assert first.encode() not in told.read()
    stop_cluster(settings)
    start_cluster(settings)
    assert secret() != first


def test_a_second_cluster_is_refused_and_the_first_goes_on(settings):
    first = start_cluster(settings)
    with pytest.raises(PipelineError, match="runs already: master"):
        start_cluster(settings)
    assert require_cluster(settings) == first


def test_where_none_runs_nothing_is_ended_and_a_build_says_how_to_start_one(settings):
    assert stop_cluster(settings) == 0
    with pytest.raises(PipelineError, match="make cluster"):
        require_cluster(settings)


def test_a_record_of_processes_that_are_gone_is_in_nobodys_way(settings):
    for daemon in start_cluster(settings).daemons:
        kill(daemon)
    assert cluster_of(settings) is None
    assert require_cluster(start_cluster(settings) and settings).ended == []


@pytest.mark.parametrize("then", [start_cluster, stop_cluster, clear_dead_cluster])
def test_what_a_killed_cluster_has_left_is_removed_by_what_comes_next(settings, then):
    """Of a worker that the next cluster does not have, too."""
    for daemon in start_cluster(settings).daemons:
        kill(daemon)
    left = [settings.spark_dir / name / "rows" for name in ("worker-2", "worker-7")]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_text("a name")
    then(settings)
    assert [path for path in left if path.exists()] == []


def test_a_live_clusters_folders_are_left_alone(settings):
    started = start_cluster(settings)
    clear_dead_cluster(settings)
    assert require_cluster(settings) == started
    assert (settings.spark_dir / "conf").exists()


def test_what_a_killed_daemon_had_started_is_ended_with_the_cluster(settings):
    daemons = start_cluster(settings).daemons
    os.kill(daemons[1].pid, signal.SIGKILL)
    wait_until(lambda: not daemons[1].is_alive)
    assert group_is_alive(daemons[1].pid)
    assert stop_cluster(settings) == 2
    assert not any(group_is_alive(daemon.pid) for daemon in daemons)


def test_what_is_slower_to_end_than_its_daemon_is_waited_for(settings, spark_class):
    write_program(spark_class, STARTS.replace("sleep 300 &", "(trap 'sleep 0.7; exit' TERM; sleep 300 & wait) &"))
    daemons = start_cluster(settings).daemons
    stop_cluster(settings)
    assert not any(group_is_alive(daemon.pid) for daemon in daemons)


def test_a_start_that_is_stopped_ends_what_it_has_begun_and_a_finished_one_nothing(settings, monkeypatch):
    endings, alive = [], []
    monkeypatch.setattr(cluster, "at_stop", endings.append)

    def stopped(_, daemons):
        pids = [daemon.pid for daemon in daemons]
        endings[0]()
        alive.extend(pid for pid in pids if group_is_alive(pid))
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(cluster, "_wait_until_up", stopped)
        with pytest.raises(KeyboardInterrupt):
            start_cluster(settings)
    assert alive == []
    started = start_cluster(settings)
    endings[1]()
    assert require_cluster(settings) == started


def test_a_cluster_that_is_still_being_started_is_told_as_such(settings):
    started = start_cluster(settings)
    alone = started.model_copy(update={"daemons": started.daemons[:1]})
    (settings.spark_dir / "cluster.json").write_text(alone.model_dump_json(), encoding="utf-8")
    with pytest.raises(PipelineError, match="it has not come up"):
        require_cluster(settings)
    for daemon in started.daemons:
        kill(daemon)


def test_another_process_with_a_recorded_id_is_neither_taken_for_ours_nor_ended(settings):
    started = start_cluster(settings)
    master = started.daemons[0]
    another = started.model_copy(
        update={"daemons": (master.model_copy(update={"pid": os.getpid()}), *started.daemons[1:])}
    )
    (settings.spark_dir / "cluster.json").write_text(another.model_dump_json(), encoding="utf-8")
    assert cluster_of(settings).ended == ["master"]
    assert stop_cluster(settings) == 2  # and this process is still here to say so
    kill(master)


@pytest.mark.parametrize(
    ("dead", "can_work"), [(["worker-1"], True), (["worker-1", "worker-2"], False), (["master"], False)]
)
def test_a_cluster_can_work_with_its_master_and_one_worker(settings, dead, can_work):
    started = start_cluster(settings)
    for daemon in started.daemons:
        if daemon.name in dead:
            kill(daemon)
    assert cluster_of(settings).can_work == can_work
    if not can_work:
        with pytest.raises(PipelineError, match=f"cannot work: {', '.join(dead)} ended"):
            require_cluster(settings)


def test_a_port_in_use_is_told_before_anything_is_started(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.spark.spark_port))
        taken.listen()
        with pytest.raises(PipelineError, match=f"Port {settings.spark.spark_port} is in use"):
            start_cluster(settings)
    assert cluster_of(settings) is None


def test_a_worker_that_ends_at_once_is_told_and_the_master_is_ended_too(settings, spark_class):
    pids = spark_class.with_name("pids")
    write_program(
        spark_class,
        f"#!/bin/sh\necho $$ >> {pids}\n"
        'case "$1" in *Master) echo "I have been elected leader"; exec sleep 300;; esac\n',
    )
    with pytest.raises(PipelineError, match="worker-1 has ended at once") as told:
        start_cluster(settings)
    assert Path(told.value.where).exists()
    assert not any(group_is_alive(int(pid)) for pid in pids.read_text().split())
    assert cluster_of(settings) is None


def test_a_master_that_does_not_come_up_is_told_and_ended(settings, spark_class, monkeypatch):
    monkeypatch.setattr(cluster, "SECONDS_TO_START", 0.3)
    write_program(spark_class, "#!/bin/sh\nexec sleep 300\n")
    with pytest.raises(PipelineError, match="master does not come up"):
        start_cluster(settings)
    assert cluster_of(settings) is None


def test_a_record_that_cannot_be_read_says_what_to_do(settings):
    settings.spark_dir.mkdir(parents=True)
    record = settings.spark_dir / "cluster.json"
    record.write_text("{", encoding="utf-8")
    with pytest.raises(PipelineError, match="cannot be read"):
        stop_cluster(settings)
    record.unlink()
