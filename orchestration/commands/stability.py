"""The command that asks how stable the stepwise selections are.

Belongs here: keeping the request and starting the job. Not here: resamples and selections (`stability/`).
"""

from orchestration.commands.running import run_job
from orchestration.defs.job_names import STABILITY_JOB
from orchestration.settings import Settings
from orchestration.stability.chunks import StabilityRequest, write_request


def run_stability(settings: Settings, request: StabilityRequest, with_traceback: bool = False) -> None:
    """`make stability`: keep the request and run the job that answers it."""
    write_request(settings, request)
    run_job(settings, STABILITY_JOB, with_traceback)
