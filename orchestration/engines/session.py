"""A session with the cluster: opened, watched and closed around one piece of work.

dbt finds the session that is open. Its catalogue is in memory, so that no database of Spark's own is left anywhere.

Belongs here: the session, and that nobody waits for a cluster that is gone. Not here: what is asked of it.
"""

import os
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.engines.cluster import Cluster
from orchestration.engines.configuration import read_configuration
from orchestration.engines.installed import require_spark
from orchestration.engines.places import Places
from orchestration.errors import PipelineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

APPLICATION = "probation-outcomes"
SECONDS_TO_FIND_WORKERS = 120
SECONDS_BETWEEN_LOOKS = 1


@contextmanager
def open_session(cluster: Cluster, places: Places) -> Iterator["SparkSession"]:
    """A session with the cluster's workers.

    Raises PipelineError where the session does not begin, no worker takes work, or the cluster ends meanwhile: then
    whatever is asked of it fails within moments, and what it says itself is replaced.
    """
    session = _begin(cluster, places)
    done = threading.Event()
    watch = threading.Thread(target=_give_up_with_the_cluster, args=(cluster, session, done), daemon=True)
    try:
        _wait_for_a_worker(cluster, session)
        watch.start()
        yield session
    except Exception as error:
        if not cluster.can_work:
            raise lost(cluster) from None
        if _driver_has_ended():
            raise PipelineError(
                "Spark's driver ended while it was at work. The warehouse is as it was before this layer.",
                "Most often the machine has too little memory left: set PROBATION_SPARK_MEMORY lower (make "
                "cluster-stop, make cluster), then run again.",
            ) from None
        raise error
    finally:
        done.set()
        with suppress(Exception):  # a session whose cluster is gone has ended already
            session.stop()


def register_tables(session: "SparkSession", schemas: tuple[str, ...], tables: Mapping[str, Path]) -> None:
    """Make the schemas, and name each folder of Parquet as the table that it holds."""
    for schema in schemas:
        session.sql(f"create database if not exists {schema}")
    for table, folder in tables.items():
        session.catalog.createTable(table, path=str(folder), source="parquet")


def lost(cluster: Cluster) -> PipelineError:
    """What is said where the cluster has ended while it was at work."""
    return PipelineError(
        f"The Spark cluster ended while it was at work: {', '.join(cluster.ended)} no longer runs. The warehouse is "
        "as it was before this layer.",
        "End what is left of it and start another (make cluster-stop, make cluster), then run again. If the machine "
        "ran out of memory, set PROBATION_SPARK_MEMORY lower.",
    )


def _begin(cluster: Cluster, places: Places) -> "SparkSession":
    os.environ |= require_spark().environment | {"SPARK_CONF_DIR": str(places.conf)}
    with unheard():
        from pyspark import SparkContext
        from pyspark.sql import SparkSession

        try:
            # Java reads the settings of its cluster when it starts, which it does once a process. They are given again,
            # or a second cluster would be sent the first one's secret; and after it has started, or it would have them
            # on its command line.
            SparkContext._ensure_initialized()
            builder = SparkSession.builder.config(map={**read_configuration(places)})
            return builder.master(cluster.url).appName(APPLICATION).getOrCreate()
        except Exception:  # the message holds Java's own, which may name anything
            raise _refused() if cluster.can_work else lost(cluster) from None


@contextmanager
def unheard() -> Iterator[None]:
    """Java is started with nowhere to write to: what it says on the terminal is not for readers."""
    with warnings.catch_warnings(action="ignore"), open(os.devnull, "wb") as nowhere:
        heard = os.dup(2)
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(heard, 2)
            os.close(heard)


def _wait_for_a_worker(cluster: Cluster, session: "SparkSession") -> None:
    ends = time.monotonic() + SECONDS_TO_FIND_WORKERS
    while _n_executors(session) < 1:
        if session.sparkContext._jsc.sc().isStopped() or time.monotonic() > ends or not cluster.can_work:
            raise _refused() if cluster.can_work else lost(cluster)
        time.sleep(0.2)


def _driver_has_ended() -> bool:
    """Whether the Java of this process, which plans the work, is gone: most often the kernel needed its memory."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    return gateway is not None and gateway.proc.poll() is not None


def _n_executors(session: "SparkSession") -> int:
    """The driver counts as one in Spark's own list."""
    context = session.sparkContext._jsc.sc()
    return 0 if context.isStopped() else len(context.statusTracker().getExecutorInfos()) - 1


def _give_up_with_the_cluster(cluster: Cluster, session: "SparkSession", done: threading.Event) -> None:
    """A driver waits for ever for workers to come back: from when they cannot, nothing it is asked goes on."""
    while not done.wait(SECONDS_BETWEEN_LOOKS):
        if not cluster.can_work:
            with suppress(Exception):
                session.sparkContext.cancelAllJobs()


def _refused() -> PipelineError:
    return PipelineError(
        "The Spark cluster runs and takes no work.",
        "Another program may hold all its workers, or the machine has too little memory left for them: start the "
        "cluster again (make cluster-stop, make cluster), with a lower PROBATION_SPARK_MEMORY if that does not help.",
    )
