"""A layer built by the engine that the settings name.

Belongs here: which function stands for which engine. Not here: what either does.
"""

from orchestration.dbt.layers import build_layer as build_layer_in_duckdb
from orchestration.dbt.outcomes import NodeOutcome
from orchestration.engines.on_spark import build_layer_on_spark
from orchestration.settings import Settings

ENGINES = {"duckdb": build_layer_in_duckdb, "spark": build_layer_on_spark}


def build_layer(settings: Settings, layer: str) -> list[NodeOutcome]:
    """Load, build and test the tables of one layer, which lie in the warehouse afterwards.

    Raises PipelineError naming the models and tests that failed, or what the engine wants.
    """
    return ENGINES[settings.parameters.engine](settings, layer)
