"""What Dagster is given: the code location, as wiring alone.

Belongs here: which assets, checks, jobs and resources there are. Not here: any of them (`defs/`).
"""

import dagster as dg

from orchestration.dbt.layers import manifest_path
from orchestration.defs.assets.bulletin_2020_03 import needs_gate, needs_models, needs_tables
from orchestration.defs.assets.dbt_layers import layer_assets, linkage_case_keys
from orchestration.defs.assets.extracts import extract_asset
from orchestration.defs.assets.gates import linkage_gate, publication_gate
from orchestration.defs.assets.linkage_bias import linkage_bias
from orchestration.defs.assets.linkage_overrides import linkage_overrides
from orchestration.defs.assets.linkage_quality import linkage_quality
from orchestration.defs.assets.linkage_review import linkage_review
from orchestration.defs.assets.linkage_sensitivity import linkage_sensitivity
from orchestration.defs.assets.release import ad_hoc_database, bulletin_release
from orchestration.defs.assets.results import bulletin_models, bulletin_tables
from orchestration.defs.assets.sample_design import sample_design
from orchestration.defs.assets.second_opinion import splink_second_opinion
from orchestration.defs.assets.stepwise_stability import stepwise_stability
from orchestration.defs.console import progress_logger
from orchestration.defs.jobs import build_jobs, landing_sensor, weekly_bulletin
from orchestration.defs.resources import Pipeline
from orchestration.settings import OPTIONAL_SOURCES, SOURCES, Settings, read_settings


def build_definitions(settings: Settings) -> dg.Definitions:
    """Every asset, check, job, schedule and sensor, for one data folder."""
    manifest = manifest_path(settings)
    return dg.Definitions(
        assets=[
            *(extract_asset(source) for source in (*SOURCES, *OPTIONAL_SOURCES)),
            *(layer_assets(manifest, layer) for layer in ("staging", "linkage", "marts")),
            linkage_case_keys,
            linkage_overrides,
            linkage_quality,
            linkage_review,
            bulletin_models,
            bulletin_tables,
            needs_models,
            needs_tables,
            linkage_sensitivity,
            linkage_bias,
            sample_design,
            splink_second_opinion,
            stepwise_stability,
            bulletin_release,
            ad_hoc_database,
        ],
        asset_checks=[linkage_gate, publication_gate, needs_gate],
        jobs=build_jobs(),
        schedules=[weekly_bulletin],
        sensors=[landing_sensor],
        resources={"pipeline": Pipeline(data_dir=str(settings.data_dir))},
        loggers={"console": progress_logger},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The code location of the data folder that the environment names, built when Dagster asks for it."""
    return build_definitions(read_settings())
