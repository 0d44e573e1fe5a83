"""A stand-alone Spark cluster on this machine: a master and its workers, reached on loopback alone.

Belongs here: starting it, ending it, and whether it runs. Not here: what is built there (`building.py`).
"""

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from orchestration.engines.configuration import JAVA_OPTIONS, LOOPBACK, write_configuration
from orchestration.engines.daemons import Daemon, end_daemon, start_daemon
from orchestration.engines.installed import Spark, require_spark
from orchestration.engines.places import Places
from orchestration.errors import PipelineError
from orchestration.settings import Settings
from orchestration.storage.files import make_private_folder, write_private_file
from orchestration.storage.locks import hold_lock
from orchestration.storage.stopping import at_stop

MASTER, LOG = "master", "log"
SECONDS_TO_START = 90
# Master and workers hand out work; what they hand out runs in processes of its own.
DAEMON_MEMORY = "512m"
_IS_UP = {MASTER: "I have been elected leader", "worker": "Successfully registered with master"}


class Cluster(BaseModel):
    """A cluster that was started: where its master listens, the memory of a worker, and its processes."""

    model_config = ConfigDict(frozen=True)

    url: str
    memory: str
    daemons: tuple[Daemon, ...]

    @property
    def ended(self) -> list[str]:
        """The names of its processes that are no more."""
        return [daemon.name for daemon in self.daemons if not daemon.is_alive]

    @property
    def can_work(self) -> bool:
        """Whether the master lives, and one worker at least."""
        return MASTER not in self.ended and len(self.ended) < len(self.daemons) - 1


def start_cluster(settings: Settings) -> Cluster:
    """Start a master and the workers, and wait until they have found each other.

    Raises PipelineError where a cluster of this data folder runs already, Spark or Java is missing, the port is taken,
    or one of them does not come up; whatever was started has been ended by then, and its log is there to be read. So it
    has where this process is stopped meanwhile.
    """
    places = Places.of(settings)
    with _alone(places):
        _require_none(places)
        spark = require_spark()
        _require_free_port(settings.spark.spark_port)
        _clear(places, but=places.build)  # which is a run's
        write_configuration(places, settings.spark.spark_memory)
        started: list[Daemon] = []
        at_stop(lambda: _end(places, started))
        try:
            for name in (MASTER, *(f"worker-{n}" for n in range(1, settings.spark.spark_workers + 1))):
                started.append(_start(name, spark, places, settings))
                cluster = Cluster(url=_url(settings), memory=settings.spark.spark_memory, daemons=tuple(started))
                write_private_file(places.record, cluster.model_dump_json().encode())
                if name == MASTER:
                    _wait_until_up(places, started)
            _wait_until_up(places, started)
        except BaseException:
            _end(places, started)
            raise
        started.clear()  # from here on it outlives this process
        return cluster


def stop_cluster(settings: Settings) -> int:
    """End the processes that are the cluster's, and remove what they have left; returns how many were alive."""
    places = Places.of(settings)
    with _alone(places):
        cluster = _recorded(places)
        ended = _end(places, cluster.daemons) if cluster else 0
        _clear(places)
        return ended


def cluster_of(settings: Settings) -> Cluster | None:
    """The cluster of this data folder as far as it is alive; None where none is."""
    cluster = _recorded(Places.of(settings))
    return cluster if cluster and len(cluster.ended) < len(cluster.daemons) else None


def require_cluster(settings: Settings) -> Cluster:
    """The cluster of this data folder. Raises PipelineError where none runs, or it cannot work any more."""
    cluster = cluster_of(settings)
    if cluster is None:
        raise PipelineError("No Spark cluster runs.", "Start one (make cluster), then run again.")
    if not cluster.can_work:
        why = f"{', '.join(cluster.ended)} ended" if cluster.ended else "it has not come up, or was stopped meanwhile"
        raise PipelineError(
            f"The Spark cluster cannot work: {why}.",
            "End what is left of it and start another (make cluster-stop, make cluster), then run again.",
        )
    return cluster


def clear_dead_cluster(settings: Settings) -> None:
    """Remove what a cluster that was killed, or a run on it, has left. Raises OSError.

    For who holds the run lock. One that is being started or stopped is left alone, as is one whose record is damaged.
    """
    places = Places.of(settings)
    if places.root.exists():
        with suppress(PipelineError), _alone(places):
            if cluster_of(settings) is None:
                _clear(places)


def require_engine(settings: Settings) -> None:
    """Raise PipelineError where the engine of the settings could not build a layer now: told before a run begins."""
    if settings.parameters.engine == "spark":
        require_cluster(settings)


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    make_private_folder(places.root, places.root)
    busy = PipelineError("The cluster is being started or stopped by another command.", "Wait for it to end.")
    with hold_lock(places.lock, lambda: busy):
        yield


def _recorded(places: Places) -> Cluster | None:
    try:
        return Cluster.model_validate_json(places.record.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError:
        raise PipelineError(
            "The record of the cluster's processes cannot be read.",
            "End its processes by hand (they are called org.apache.spark.deploy), then delete the record.",
            str(places.record),
        ) from None


def _require_none(places: Places) -> None:
    cluster = _recorded(places)
    alive = [daemon for daemon in cluster.daemons if daemon.is_alive] if cluster else []
    if alive:
        named = ", ".join(f"{daemon.name} (process {daemon.pid})" for daemon in alive)
        raise PipelineError(f"A Spark cluster runs already: {named}.", "Use it, or end it first: make cluster-stop.")


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            raise PipelineError(
                f"Port {port} is in use.",
                "Stop the program that holds it (a cluster of another data folder?), or set PROBATION_SPARK_PORT to a "
                "free one.",
            ) from None


def _start(name: str, spark: Spark, places: Places, settings: Settings) -> Daemon:
    """One daemon in a folder of its own."""
    folder = places.daemon(name)
    make_private_folder(folder, places.root)
    environment = spark.environment | {
        "SPARK_CONF_DIR": str(places.conf),
        "SPARK_LOCAL_DIRS": str(folder),
        "SPARK_DAEMON_MEMORY": DAEMON_MEMORY,
        "SPARK_DAEMON_JAVA_OPTS": JAVA_OPTIONS.format(folder=folder),
    }
    program = [str(spark.home / "bin" / "spark-class"), f"org.apache.spark.deploy.{_CLASSES[name == MASTER]}"]
    place = ["--host", LOOPBACK, "--webui-port", "0"]
    if name == MASTER:
        own = ["--port", str(settings.spark.spark_port)]
    else:
        memory = settings.spark.spark_memory
        own = ["--cores", "1", "--memory", memory, "--work-dir", str(folder), _url(settings)]
    return start_daemon(name, [*program, *place, *own], environment, folder / LOG)


_CLASSES = {True: "master.Master", False: "worker.Worker"}


def _url(settings: Settings) -> str:
    return f"spark://{LOOPBACK}:{settings.spark.spark_port}"


def _wait_until_up(places: Places, daemons: list[Daemon]) -> None:
    ends = time.monotonic() + SECONDS_TO_START
    for daemon in daemons:
        log, words = places.daemon(daemon.name) / LOG, _IS_UP[daemon.name.partition("-")[0]]
        while words not in log.read_text(encoding="utf-8", errors="replace"):
            if not daemon.is_alive or time.monotonic() > ends:
                why = "does not come up" if daemon.is_alive else "has ended at once"
                raise PipelineError(
                    f"Spark's {daemon.name} {why}.",
                    "Most often the machine has too little memory left: set PROBATION_SPARK_MEMORY or "
                    "PROBATION_SPARK_WORKERS lower, then start the cluster again. What it said itself is in its log.",
                    str(log),
                )
            time.sleep(0.2)


def _end(places: Places, daemons: list[Daemon] | tuple[Daemon, ...]) -> int:
    """Workers first, which would look for a master that is gone. Their record goes with them, not their logs."""
    ended = sum(end_daemon(daemon) for daemon in reversed(daemons))
    if daemons:
        places.record.unlink(missing_ok=True)
    return ended


def _clear(places: Places, but: Path | None = None) -> None:
    """Remove everything of Spark's, the secret included, but the lock."""
    for path in {*places.root.iterdir()} - {places.lock, but}:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
