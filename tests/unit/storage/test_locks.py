"""One writer at a time, and no lock outlives its process."""

import fcntl
import json
import multiprocessing
import threading
from contextlib import suppress

import pytest

from orchestration.errors import PipelineError
from orchestration.storage.locks import hold_run_lock, is_run_alive
from tests.another_process import run_lock_held_elsewhere


def take(run_dir, run_id="next"):
    with hold_run_lock(run_dir, run_id):
        pass


def holder(run_dir) -> str:
    text = (run_dir / "lock").read_text()
    return json.loads(text)["run_id"] if text else ""


def test_the_second_run_is_told_who_holds_the_folder(tmp_path):
    with run_lock_held_elsewhere(tmp_path, "abcdef1234567") as process:
        assert is_run_alive(tmp_path)
        with pytest.raises(PipelineError, match=rf"run abcdef12 .process {process.pid}, since 2\d\d\d-"):
            take(tmp_path)


def test_a_killed_run_leaves_no_lock(tmp_path):
    with run_lock_held_elsewhere(tmp_path, "killed"):
        pass
    assert not is_run_alive(tmp_path)
    take(tmp_path)


def test_nothing_is_alive_in_a_folder_that_never_ran(tmp_path):
    assert not is_run_alive(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_who_holds_the_lock_may_take_it_again_and_gives_it_up_once(tmp_path):
    with hold_run_lock(tmp_path, "terminal"):
        with hold_run_lock(tmp_path, "abcdef"):
            assert holder(tmp_path) == "abcdef"
        assert holder(tmp_path) == "terminal"
        assert is_run_alive(tmp_path)
        with pytest.raises(PipelineError, match="run terminal"):
            _in_another_thread(lambda: take(tmp_path))
    assert not is_run_alive(tmp_path)
    assert holder(tmp_path) == ""


def test_a_failure_gives_the_lock_up(tmp_path):
    with suppress(ZeroDivisionError), hold_run_lock(tmp_path, "first"), hold_run_lock(tmp_path, "inner"):
        raise ZeroDivisionError
    assert not is_run_alive(tmp_path)


def test_asking_takes_the_lock_from_nobody(tmp_path):
    """Neither from the run that holds it, nor from one that wants it while others keep asking."""
    stop = threading.Event()

    def keep_asking():
        while not stop.is_set():
            is_run_alive(tmp_path)

    with hold_run_lock(tmp_path, "first"):
        assert is_run_alive(tmp_path)
        assert holder(tmp_path) == "first"
        with pytest.raises(PipelineError, match="run first"):
            _in_another_thread(lambda: take(tmp_path))
    asking = threading.Thread(target=keep_asking)
    asking.start()
    try:
        for _ in range(20):
            take(tmp_path)
    finally:
        stop.set()
        asking.join()


def test_who_asks_is_taken_for_a_run_by_nobody(tmp_path):
    take(tmp_path)
    with (tmp_path / "lock").open("rb") as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        assert not is_run_alive(tmp_path)


def test_a_helper_process_of_a_run_that_ends_leaves_the_run_its_lock(tmp_path):
    with hold_run_lock(tmp_path, "first"):
        helper = multiprocessing.get_context("fork").Process(target=int)
        helper.start()
        helper.join()
        assert is_run_alive(tmp_path)
        with pytest.raises(PipelineError, match="run first"):
            _in_another_thread(lambda: take(tmp_path))


def _in_another_thread(work) -> None:
    """Do the work in a thread of its own, and raise here what it raised there."""
    raised = []

    def run():
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]
