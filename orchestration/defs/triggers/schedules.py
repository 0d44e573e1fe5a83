"""The weekly schedule, off until switched on. It never generates synthetic extracts: only `make bulletin` does.

Belongs here: runs by the calendar. Not here: runs when files arrive (`sensors.py`).
"""

from contextlib import suppress

import dagster as dg

from orchestration.defs.dead_runs import clear_dead_runs
from orchestration.defs.job_names import BULLETIN_JOB
from orchestration.errors import PipelineError
from orchestration.ingest.landing import check_landing
from orchestration.releases.freshness import is_up_to_date
from orchestration.settings import read_settings
from orchestration.storage.locks import hold_run_lock


@dg.schedule(
    cron_schedule="0 6 * * 1",
    job_name=BULLETIN_JOB,
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every Monday at 06:00, where anything is due. Never generates synthetic extracts.",
)
def weekly_bulletin(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Start the bulletin's job, unless nothing was delivered or nothing is due."""
    settings = read_settings()
    clear_dead_runs(context.instance, settings.run_dir)
    if check_landing(settings.landing_dir).status == "empty":
        return dg.SkipReason("The landing folders are empty.")
    with suppress(PipelineError), hold_run_lock(settings.run_dir, "schedule"):  # a live run may fail: another is queued
        if is_up_to_date(settings):
            return dg.SkipReason("What lies there is published already.")
    return dg.RunRequest()
