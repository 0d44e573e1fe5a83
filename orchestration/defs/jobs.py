"""Jobs, the weekly schedule and the landing sensor.

The schedule and the sensor are off until switched on, and neither ever generates synthetic extracts: only
`make bulletin` does.

Belongs here: what starts a run. Not here: what a run does (`assets/`).
"""

import dagster as dg

from orchestration.defs.dead_runs import clear_dead_runs
from orchestration.defs.job_names import ASKED_FOR_GROUPS, BULLETIN_GROUPS, BULLETIN_JOB, STEP_GROUPS
from orchestration.defs.sensors import landing_state, settled_signature
from orchestration.ingest.landing import check_landing
from orchestration.settings import read_settings

ANALYSIS_DATABASE = dg.AssetKey("analysis_database")
RELEASE = dg.AssetKey(["published", "release"])


def build_jobs() -> list:
    """All bulletins, each bulletin alone, each stage alone; each job ends by refreshing the ad hoc database."""
    everything = dg.AssetSelection.all() - dg.AssetSelection.groups(*ASKED_FOR_GROUPS)
    bulletins = [
        dg.define_asset_job(
            BULLETIN_JOB,
            everything,
            description="Extracts in, all bulletins and the linkage page out: ingest, gates, linkage, models, release.",
        ),
        *(
            dg.define_asset_job(
                name,
                dg.AssetSelection.groups(*groups) | dg.AssetSelection.assets(RELEASE, ANALYSIS_DATABASE),
                description="Extracts in, this bulletin out, and with it whatever else stands.",
            )
            for name, groups in BULLETIN_GROUPS.items()
        ),
    ]
    stages = [
        dg.define_asset_job(
            name,
            dg.AssetSelection.groups(*groups) | dg.AssetSelection.assets(ANALYSIS_DATABASE),
            description=f"The stage '{name}' alone, then the ad hoc database.",
        )
        for name, groups in STEP_GROUPS.items()
    ]
    asked_for = [
        dg.define_asset_job(
            group,
            dg.AssetSelection.groups(group) | dg.AssetSelection.assets(ANALYSIS_DATABASE),
            description=f"Made when asked for: {group.replace('_', ' ')}, then the ad hoc database.",
        )
        for group in ASKED_FOR_GROUPS
    ]
    return [*bulletins, *stages, *asked_for]


@dg.schedule(
    cron_schedule="0 6 * * 1",
    job_name=BULLETIN_JOB,
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every Monday at 06:00. Never generates synthetic extracts.",
)
def weekly_bulletin(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Start the bulletin's job, unless nothing was delivered."""
    settings = read_settings()
    clear_dead_runs(context.instance, settings.run_dir)
    if check_landing(settings.landing_dir).status == "empty":
        return dg.SkipReason("The landing folders are empty.")
    return dg.RunRequest()


@dg.sensor(
    job_name=BULLETIN_JOB,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Starts one run when new, completely copied files lie in the landing folders.",
)
def landing_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """One run for each new state of the landing folders, once it has stopped changing.

    A file counts as complete when its size and time have not changed since the tick before. The cursor holds
    the state seen at the last tick; the run key is the state, so Dagster starts one run for it and no more.
    """
    settings = read_settings()
    clear_dead_runs(context.instance, settings.run_dir)
    landing = check_landing(settings.landing_dir)
    if landing.status == "empty":
        return dg.SkipReason("The landing folders are empty.")
    if landing.problems:
        return dg.SkipReason(str(landing.problems[0]))
    state = landing_state(settings.landing_dir)
    signature = None if landing.unfinished else settled_signature(state, context.cursor)
    context.update_cursor(state)
    if signature is None:
        return dg.SkipReason("Files are still arriving; looked at again at the next tick.")
    return dg.RunRequest(run_key=signature)
