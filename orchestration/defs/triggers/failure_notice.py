"""Somebody is told of a run that failed with nobody beside it: a command of the owner's, named by a setting.

Belongs here: when it is run, and what it is told. Not here: what went wrong, which is read in the UI.
"""

import os
import shlex
import signal
import subprocess

import dagster as dg

from orchestration.defs.dead_runs import STARTED_FROM, TERMINAL
from orchestration.settings import read_settings

SECONDS_ALLOWED = 50  # Dagster ends a sensor itself after 60
# Not PROBATION_...: a command may start this program, which refuses settings that it does not know.
RUN_ID, RUN_FAILURE = "RUN_ID", "RUN_FAILURE"


@dg.run_failure_sensor(
    name="failure_notice",
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Runs the command of PROBATION_ON_FAILURE when a run of the service has failed.",
)
def failure_notice(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Run the owner's command, unless none is set or the run was started from a terminal, where somebody sits."""
    command = read_settings().notice.on_failure
    run = context.dagster_run
    if not command or run.tags.get(STARTED_FROM) == TERMINAL:
        return dg.SkipReason("Nobody is to be told.")
    steps = [event.step_key for event in context.get_step_failure_events() if event.step_key]
    at = f" at {', '.join(steps)}" if steps else ""  # names of steps alone: a message may quote a value
    if reason := tell(command, run.run_id, f"Run {run.run_id[:8]} ({run.job_name}) failed{at}. See it with make ui."):
        context.log.warning(f"PROBATION_ON_FAILURE told nobody: {reason}.")
    return None


def tell(command: str, run_id: str, line: str, seconds: float = SECONDS_ALLOWED) -> str:
    """Run a command, without a shell, with the run and a line about it in its environment; returns why it failed."""
    try:
        arguments = shlex.split(command)
        environment = os.environ | {RUN_ID: run_id, RUN_FAILURE: line}
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(
            arguments, env=environment, start_new_session=True, stdin=nothing, stdout=nothing, stderr=nothing
        )
    except (OSError, ValueError, IndexError) as error:
        return f"the command cannot be started ({type(error).__name__})"
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # with all that it has started
        process.wait()
        return f"the command took longer than {seconds:.0f} seconds"
    return f"the command ended with {code}" if code else ""
