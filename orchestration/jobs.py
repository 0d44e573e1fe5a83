"""Jobs, the weekly schedule and the landing sensor.

The schedule and the sensor are off until switched on, and neither ever generates synthetic extracts: only
`make bulletin` does.

Belongs here: what starts a run. Not here: what a run does (`assets/`).
"""

import dagster as dg

from orchestration.job_names import BULLETIN_JOB, STAGE_GROUPS
from orchestration.landing import folders_without_files, landing_state, settled_signature
from orchestration.resources import Pipeline
from orchestration.runs import clear_dead_runs

ANALYSIS_DATABASE = dg.AssetKey("analysis_database")


def build_jobs() -> list:
    """The bulletin's job, and a job for each stage run alone; each ends by refreshing the ad hoc database."""
    bulletin = dg.define_asset_job(
        BULLETIN_JOB,
        dg.AssetSelection.all(),
        description="Three extracts in, Bulletin 2023/04 out: ingest, gates, linkage, models, tables, release.",
    )
    stages = [
        dg.define_asset_job(
            name,
            dg.AssetSelection.groups(*groups) | dg.AssetSelection.assets(ANALYSIS_DATABASE),
            description=f"The stage '{name}' alone, then the ad hoc database.",
        )
        for name, groups in STAGE_GROUPS.items()
    ]
    return [bulletin, *stages]


@dg.schedule(
    cron_schedule="0 6 * * 1",
    job_name=BULLETIN_JOB,
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every Monday at 06:00. Never generates synthetic extracts.",
)
def weekly_bulletin(context: dg.ScheduleEvaluationContext, pipeline: Pipeline):
    """Start the bulletin's job, unless a landing folder is empty."""
    clear_dead_runs(context.instance, pipeline.settings.run_dir)
    if empty := folders_without_files(pipeline.settings.landing_dir):
        return dg.SkipReason(f"No extract in the landing folder of: {', '.join(empty)}.")
    return dg.RunRequest()


@dg.sensor(
    job_name=BULLETIN_JOB,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Starts one run when new, completely copied files lie in all three landing folders.",
)
def landing_sensor(context: dg.SensorEvaluationContext, pipeline: Pipeline):
    """One run for each new state of the landing folders, once it has stopped changing.

    A file counts as complete when its size and time have not changed since the tick before. The cursor holds
    the state seen at the last tick; the run key is the state, so Dagster starts one run for it and no more.
    """
    clear_dead_runs(context.instance, pipeline.settings.run_dir)
    folder = pipeline.settings.landing_dir
    if empty := folders_without_files(folder):
        return dg.SkipReason(f"No extract in the landing folder of: {', '.join(empty)}.")
    state = landing_state(folder)
    signature = settled_signature(state, context.cursor)
    context.update_cursor(state)
    if signature is None:
        return dg.SkipReason("Files are still arriving; looked at again at the next tick.")
    return dg.RunRequest(run_key=signature)
