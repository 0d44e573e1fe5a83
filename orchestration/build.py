"""The builder of the code location: wiring only.

Belongs here: which assets, checks, jobs and resources there are. Not here: any of them.
"""

import dagster as dg

from orchestration.assets.extracts import extract_asset
from orchestration.assets.gates import linkage_gate, publication_gate
from orchestration.assets.linkage_bias import linkage_bias
from orchestration.assets.linkage_overrides import linkage_overrides
from orchestration.assets.linkage_quality import linkage_quality
from orchestration.assets.linkage_review import linkage_review
from orchestration.assets.linkage_sensitivity import linkage_sensitivity
from orchestration.assets.needs import needs_gate, needs_models, needs_tables
from orchestration.assets.publication import ad_hoc_database, bulletin_release
from orchestration.assets.results import bulletin_models, bulletin_tables
from orchestration.assets.sample_design import sample_design
from orchestration.assets.second_opinion import splink_second_opinion
from orchestration.assets.stepwise_stability import stepwise_stability
from orchestration.assets.warehouse import layer_assets, linkage_case_keys
from orchestration.console import progress_logger
from orchestration.dbt_layer import manifest_path
from orchestration.jobs import build_jobs, landing_sensor, weekly_bulletin
from orchestration.resources import Pipeline
from orchestration.settings import OPTIONAL_SOURCES, SOURCES, Settings


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
