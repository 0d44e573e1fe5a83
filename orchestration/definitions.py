"""What Dagster is given: the code location, as wiring alone.

Belongs here: which assets, checks, jobs and resources there are. Not here: any of them (`defs/`).
"""

from collections.abc import Mapping

import dagster as dg

from orchestration.dbt.layers import manifest_path
from orchestration.defs.assets.bulletin_2020_03 import needs_models, needs_tables
from orchestration.defs.assets.bulletin_2023_04 import bulletin_models, bulletin_tables
from orchestration.defs.assets.case_keys import linkage_case_keys
from orchestration.defs.assets.dbt_layers import plain_layer
from orchestration.defs.assets.extracts import extract_asset
from orchestration.defs.assets.gates import linkage_gate, needs_gate, publication_gate
from orchestration.defs.assets.linkage import OVERRIDES_READ, linkage_layer
from orchestration.defs.assets.linkage_bias import linkage_bias
from orchestration.defs.assets.linkage_overrides import linkage_overrides
from orchestration.defs.assets.linkage_quality import linkage_quality
from orchestration.defs.assets.linkage_review import linkage_review
from orchestration.defs.assets.linkage_sensitivity import linkage_sensitivity
from orchestration.defs.assets.linkage_tiers import linkage_tiers
from orchestration.defs.assets.probable_pairs import linkage_probable_pairs
from orchestration.defs.assets.received import received_assets
from orchestration.defs.assets.release import ad_hoc_database, bulletin_release
from orchestration.defs.assets.reoffence_types import reoffence_types
from orchestration.defs.assets.robustness import robustness
from orchestration.defs.assets.sample_design import sample_design
from orchestration.defs.assets.second_opinion import splink_second_opinion
from orchestration.defs.assets.stepwise_stability import stepwise_stability
from orchestration.defs.console import progress_logger
from orchestration.defs.jobs import build_jobs
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import STAGE
from orchestration.defs.triggers.failure_notice import failure_notice
from orchestration.defs.triggers.schedules import weekly_bulletin
from orchestration.defs.triggers.sensors import landing_sensor
from orchestration.ledger.current import code_versions
from orchestration.settings import ALL_SOURCES, Settings, read_settings


def build_definitions(settings: Settings) -> dg.Definitions:
    """Every asset, check, job, schedule and sensor, for one data folder."""
    manifest, versions = manifest_path(settings), code_versions(settings)
    made = [
        *(extract_asset(source) for source in ALL_SOURCES),
        plain_layer(manifest, "staging"),
        linkage_probable_pairs,
        linkage_layer(manifest),
        plain_layer(manifest, "marts"),
        linkage_case_keys,
        linkage_overrides,
        linkage_quality,
        linkage_review,
        linkage_tiers,
        bulletin_models,
        bulletin_tables,
        needs_models,
        needs_tables,
        linkage_sensitivity,
        linkage_bias,
        robustness,
        reoffence_types,
        sample_design,
        splink_second_opinion,
        stepwise_stability,
        bulletin_release,
    ]
    return dg.Definitions(
        assets=[
            *(_with_code_version(assets, versions) for assets in made),
            *(ad_hoc_database, OVERRIDES_READ),
            *received_assets(),
        ],
        asset_checks=[linkage_gate, publication_gate, needs_gate],
        jobs=build_jobs(),
        schedules=[weekly_bulletin],
        sensors=[landing_sensor, failure_notice],
        # the usual io_manager could be told in a run's configuration where to write; ours has nothing to write
        resources={"pipeline": Pipeline.of(settings), "io_manager": dg.mem_io_manager},
        loggers={"console": progress_logger},
        executor=dg.in_process_executor,
    )


def _with_code_version(assets: dg.AssetsDefinition, versions: Mapping[str, str]) -> dg.AssetsDefinition:
    """The assets with what the UI compares to tell that their code or a parameter has changed since they were made."""
    return assets.map_asset_specs(lambda spec: spec.replace_attributes(code_version=versions[spec.metadata[STAGE]]))


@dg.definitions
def defs() -> dg.Definitions:
    """The code location of the data folder that the environment names, built when Dagster asks for it."""
    return build_definitions(read_settings())
