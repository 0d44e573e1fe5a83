"""What runs now, on a terminal and without one."""

import io
import os
import pty
import re
import subprocess
import sys
import time

import pytest

from orchestration.commands import live_line
from orchestration.commands.live_line import showing_progress
from orchestration.settings import PROJECT_DIR
from orchestration.storage import progress

PROGRAM = """
import time
from orchestration.commands.live_line import showing_progress
from orchestration.storage import progress
with showing_progress():
    progress.say("linking cases")
    progress.count(5, 28, "model")
    time.sleep(1.6)
    progress.note("cases [matched] :smile:")
    progress.say("recoding cases")
    time.sleep(0.6)
print("the summary")
"""


def shown_on_a_terminal(**environment: str) -> str:
    """What a terminal of its own is sent by the program."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=PROJECT_DIR, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm", **environment},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 10_000):
            shown += chunk
    except OSError:  # Linux says so when the other end is closed
        pass
    os.close(ours)
    assert process.wait() == 0
    return shown.decode()


def test_a_terminal_shows_what_runs_with_count_and_time_below_the_finished_lines():
    shown = shown_on_a_terminal()
    assert "linking cases, model 5 of 28, 0 s" in shown
    assert "linking cases, model 5 of 28, 1 s" in shown, "the seconds go on by themselves"
    finished = shown.index("cases [matched] :smile:")
    assert shown.index("recoding cases, 0 s") > finished
    assert shown.count("cases [matched]") == 1, "a finished line is written once, and not drawn again"


def test_a_terminal_is_left_as_it_was():
    shown = shown_on_a_terminal()
    last_line = shown[: shown.index("the summary")].splitlines()[-1]
    assert "recoding" not in last_line.rpartition("\x1b[2K")[2], "the line that lives is gone at the end"
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l"), "the cursor is shown again"


def test_a_terminal_that_cannot_go_back_gets_plain_lines():
    assert "\x1b" not in shown_on_a_terminal(TERM="dumb")


@pytest.fixture
def impatient(monkeypatch) -> float:
    monkeypatch.setattr(live_line, "SECONDS_OF_SILENCE", 0.3)
    return 0.3


def wait_for_lines(stream: io.StringIO, number: int) -> None:
    while stream.getvalue().count("\n") < number:
        time.sleep(0.01)


def test_without_a_terminal_a_plain_line_breaks_a_long_silence(impatient):
    stream = io.StringIO()
    with showing_progress(stream):
        progress.say("reading the dbt project")
        wait_for_lines(stream, 1)
        progress.say("linking cases")
        progress.count(1, 3)
        wait_for_lines(stream, 2)
        progress.count(2, 3)
        wait_for_lines(stream, 3)
    assert re.sub(r"\d+ s", "n s", stream.getvalue()).splitlines() == [
        "  … reading the dbt project, n s",
        "  … linking cases, 1 of 3, n s",
        "  … still linking cases, 2 of 3, n s",
    ]


def test_nothing_is_added_where_lines_come_often(impatient):
    stream = io.StringIO()
    with showing_progress(stream):
        for number in range(5):
            progress.note(f"table {number}")
            time.sleep(0.1)
    assert [line.split(" s  ")[1] for line in stream.getvalue().splitlines()] == [f"table {n}" for n in range(5)]


def test_the_silence_that_is_broken_is_shorter_than_what_is_promised():
    assert live_line.SECONDS_OF_SILENCE < 5


def test_nothing_more_is_written_after_the_end(impatient):
    stream = io.StringIO()
    with showing_progress(stream):
        progress.say("linking cases")
    time.sleep(0.5)
    assert stream.getvalue() == ""


def test_a_reader_that_has_gone_disturbs_nothing(impatient):
    class Gone(io.StringIO):
        def write(self, _text):
            raise BrokenPipeError

    with showing_progress(Gone()):
        progress.say("linking cases")
        time.sleep(0.5)
