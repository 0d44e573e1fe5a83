"""One writer at a time, and no lock outlives its process."""

import subprocess
import sys

import pytest

from orchestration.errors import PipelineError
from orchestration.storage.locks import hold_run_lock, is_run_alive


def _hold_in_another_process(folder) -> subprocess.Popen:
    program = (
        "import sys, pathlib, time\n"
        "from orchestration.storage.locks import hold_run_lock\n"
        "with hold_run_lock(pathlib.Path(sys.argv[1]), 'abcdef1234567'):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_run_is_told_who_holds_the_folder(tmp_path):
    process = _hold_in_another_process(tmp_path)
    try:
        assert is_run_alive(tmp_path)
        with (
            pytest.raises(PipelineError, match=f"run abcdef12 .process {process.pid}"),
            hold_run_lock(tmp_path, "second"),
        ):
            pass
    finally:
        process.kill()
        process.wait()


def test_a_killed_run_leaves_no_lock(tmp_path):
    process = _hold_in_another_process(tmp_path)
    process.kill()
    process.wait()
    assert not is_run_alive(tmp_path)
    with hold_run_lock(tmp_path, "next"):
        pass


def test_nothing_is_alive_in_a_folder_that_never_ran(tmp_path):
    assert not is_run_alive(tmp_path / "new")
