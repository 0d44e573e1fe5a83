"""A layer built on Spark: what it reads goes out, its tables come back.

The warehouse is changed at the end, all at once: a build that fails leaves it as it was, and nothing of Spark's behind.

Belongs here: those steps in their order. Not here: how each is done.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from orchestration.dbt.graph import part_with_rows
from orchestration.dbt.layers import build_part, manifest_of
from orchestration.dbt.outcomes import NodeOutcome
from orchestration.dbt.targets import Target
from orchestration.engines.cluster import Cluster, require_cluster
from orchestration.engines.exchange import take_back, write_sources
from orchestration.engines.faults import REMEDY, fault_of
from orchestration.engines.moulds import make_mould
from orchestration.engines.places import Places
from orchestration.engines.session import open_session, register_tables
from orchestration.settings import Settings
from orchestration.storage.files import make_private_folder
from orchestration.storage.warehouse import SCHEMAS


def build_layer_on_spark(settings: Settings, layer: str) -> list[NodeOutcome]:
    """Build and test one layer on the data folder's cluster, and put its tables into the warehouse.

    Raises PipelineError where no cluster runs, or as `build_part` does.
    """
    cluster, places = require_cluster(settings), Places.of(settings)
    with _build_folder(places):
        outcomes = make_mould(settings, places, layer)
        sources = write_sources(settings, places, layer)
        with open_session(cluster, places) as session:
            register_tables(session, SCHEMAS, sources)
            part = part_with_rows(manifest_of(settings), layer)
            outcomes += build_part(settings, layer, part, on_spark(settings, places, cluster))
        take_back(settings, places, layer)
    return outcomes


def on_spark(settings: Settings, places: Places, cluster: Cluster) -> Target:
    """The cluster as dbt's target."""
    environment = {"PROBATION_SPARK_MASTER": cluster.url, "PROBATION_SPARK_WAREHOUSE": str(places.warehouse)}
    return Target("spark", environment, settings.run_dir / "dbt" / "spark", fault_of, REMEDY)


@contextmanager
def _build_folder(places: Places) -> Iterator[None]:
    """The folder of one build: empty at first, and gone at the end, however it ends."""
    shutil.rmtree(places.build, ignore_errors=True)
    for folder in (places.scratch, places.sources, places.warehouse):
        make_private_folder(folder, places.root)
    try:
        yield
    finally:
        shutil.rmtree(places.build, ignore_errors=True)
