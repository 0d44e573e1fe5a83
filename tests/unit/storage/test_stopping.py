"""Ctrl+C and SIGTERM at any moment: one line, the code of the signal, whatever the program is doing."""

import signal
import subprocess
import sys
import time

import pytest

from orchestration.__main__ import STOPPED
from orchestration.settings import PROJECT_DIR

PROGRAM = """
import click, os, signal, sys, time
from orchestration.__main__ import run
from orchestration.commands.parser import probation_outcomes
from orchestration.storage.stopping import at_stop

@click.command()
def work():
    at_stop(lambda: print("ended with it", flush=True))
    at_stop(lambda: 1 / 0)
    {preparation}
    print("working", flush=True)
    while True:
        try:
            {work}
        except BaseException as swallowed:
            print(type(swallowed), file=sys.stderr)

probation_outcomes.add_command(work)
sys.argv = ["program", "work"]
run()
"""
QUERY = (
    "duckdb.connect().execute('select count(*) from range(100000000) a, range(10000) b where hash(a.range) = b.range')"
)
WORK = {
    "waiting": ("pass", "time.sleep(60)"),
    "calculating": ("pass", "sum(range(10**7))"),
    "in the database": ("import duckdb", QUERY),
    "with processes beside it": (
        "import multiprocessing; lock = multiprocessing.get_context('spawn').Lock()",
        "time.sleep(60)",
    ),
    "with a handler of Dagster's": (
        "from dagster._utils.interrupts import capture_interrupts; capture_interrupts().__enter__()",
        "time.sleep(60)",
    ),
}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("preparation", "work"), WORK.values(), ids=WORK)
def test_it_ends_with_one_line_whatever_it_is_doing(preparation, work, number):
    """With interrupts ignored, as a script's shell starts what it does not wait for."""
    program = PROGRAM.format(preparation=preparation, work=work)
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=PROJECT_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        time.sleep(0.2)
        process.send_signal(number)
        told = process.communicate(timeout=30)  # at once, and the machine may be busy
    assert process.returncode == 128 + number
    assert told == ("ended with it\n", f"{STOPPED}\n")
