"""Pools of processes: errors come back as they are, and no process outlives the one it works for."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.errors import PipelineError
from orchestration.storage.processes import all_cores, call_apart, process_pool

PROJECT = Path(__file__).parents[3]
# Starts a pool, gives it work that takes a while, says which process does it, and waits.
PARENT = """
import os, pathlib, signal, time
from orchestration.storage.processes import process_pool

def work(path):
    time.sleep(3)
    pathlib.Path(path).touch()

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # tests in the background of a script ignore it
    with process_pool(1, "Run it again.") as pool:
        process = pool.submit(os.getpid).result()
        working = pool.submit(work, "done")
        while not working.running():
            time.sleep(0.01)
        print(process, flush=True)
        working.result()
"""


# What was loaded ahead is there in the processes made later, and in none of this one's.
AHEAD = """
import sys
from orchestration.storage.processes import available_cores, load_ahead, process_pool

def is_loaded(name):
    return name in sys.modules

if __name__ == "__main__":
    load_ahead(["colorsys"])
    with process_pool(1, "Run it again.") as pool:
        print(pool.submit(is_loaded, "colorsys").result() or available_cores() == 1, is_loaded("colorsys"))
"""


def fail() -> None:
    raise PipelineError(problem="A cell has no value.", remedy="Give it one.", where="t.csv, line 3")


def test_an_error_a_user_can_act_on_comes_back_whole() -> None:
    with process_pool(1, "Run it again.") as pool, pytest.raises(PipelineError) as caught:
        pool.submit(fail).result()
    assert str(caught.value) == "t.csv, line 3\nA cell has no value.\nGive it one."


def test_a_process_ended_from_outside_is_told_with_the_remedy() -> None:
    with (
        pytest.raises(PipelineError, match=r"ended from outside.*\nRun it again\."),
        process_pool(1, "Run it again.") as p,
    ):
        p.submit(os._exit, 9).result()


def test_each_takes_one_thread_and_closes_its_files_to_others() -> None:
    with process_pool(1, "Run it again.") as pool:
        assert pool.submit(os.getenv, "OPENBLAS_NUM_THREADS").result() == "1"
        assert pool.submit(os.umask, 0).result() == 0o077


def test_a_call_apart_has_no_more_memory_than_it_is_given() -> None:
    assert call_apart(bytes, 3, seconds=60, n_bytes=1_000_000) == b"\0\0\0"
    with pytest.raises(MemoryError):
        call_apart(bytes, 6_000_000_000, seconds=60, n_bytes=1_000_000)


def test_a_call_apart_does_not_run_the_script_again_that_makes_it(tmp_path: Path) -> None:
    script = tmp_path / "no_guard.py"
    script.write_text(
        "from orchestration.storage.processes import call_apart\n"
        "print('run', call_apart(len, b'abc', seconds=60, n_bytes=1_000_000))\n"
    )
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    said = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, timeout=100)
    assert (said.stdout, said.stderr) == ("run 3\n", "")


def test_what_is_loaded_ahead_is_loaded_in_the_processes_made_later_and_not_in_this_one(tmp_path: Path) -> None:
    (tmp_path / "ahead.py").write_text(AHEAD)
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "ahead.py"]
    said = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=100)
    assert (said.stdout, said.stderr) == ("True False\n", "")


@pytest.mark.parametrize("processes", [1, 2])
def test_work_for_all_cores_comes_out_alike_by_one_process_and_by_more(processes: int) -> None:
    with all_cores("Run it again.", processes=processes) as workers:
        assert list(workers.map(abs, range(-3, 0))) == [3, 2, 1]
        made_here = workers.submit(os.getpid).result() == os.getpid()
    assert made_here == (processes == 1)


@pytest.mark.parametrize("is_interrupted", [True, False], ids=["interrupted", "killed"])
def test_no_process_outlives_its_parent_and_an_interrupt_lets_it_finish(tmp_path: Path, is_interrupted: bool) -> None:
    (tmp_path / "parent.py").write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, "parent.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    process = Path("/proc", parent.stdout.readline().strip())
    assert process.exists()
    if is_interrupted:
        os.killpg(parent.pid, signal.SIGINT)  # as Ctrl+C does: every process of the terminal gets it
    else:
        parent.kill()
    _, errors = parent.communicate(timeout=60)
    deadline = time.monotonic() + 30
    while process.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert (tmp_path / "done").exists() == is_interrupted
    assert errors.count("Traceback") == is_interrupted  # the parent's own
