"""Jobs: which assets a run makes.

Belongs here: what may be started. Not here: what starts it by itself (`triggers/`) and what it does
(`assets/`).
"""

import dagster as dg

from orchestration.defs.job_names import ASKED_FOR_GROUPS, BULLETIN_GROUPS, BULLETIN_JOB, STEP_GROUPS

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
                description="Extracts in, this bulletin out, and with it whatever else is current.",
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
