"""How a data folder is: what was published last, what is due, what starts next, what waits, room, and damaged stores.

Belongs here: looking and telling; nothing is changed. Not here: what each store says of its damage (`stores.py`).
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from orchestration.commands.context import pass_settings
from orchestration.errors import PipelineError
from orchestration.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

MEGABYTE = 1_000_000


@click.command()
@pass_settings
def status(settings: Settings) -> int:
    """What was published last, what is due, what starts next, what waits, room, and damaged stores.

    Ends with 1 where something has to be done by a person.
    """
    from orchestration.commands.stores import damages

    damaged = damages(settings)
    _tell("Release", _release(settings))
    due, damaged_warehouse = _due(settings)
    _tell("Due", due)
    _tell("Runs", _runs(settings))
    room, is_short = _room(settings)
    _tell("Room", room)
    _tell("Engine", _engine(settings))
    damaged += damaged_warehouse
    _tell("Stores", [str(damage) for damage in damaged] or ["no damage found"])
    return int(bool(damaged) or is_short)


def _tell(title: str, texts: list[str]) -> None:
    lines = [line for text in texts for line in text.splitlines()]
    click.echo("\n".join([title, *(f"  {line}" for line in lines)]))


def _release(settings: Settings) -> list[str]:
    from orchestration.releases.publishing import engine_of, latest_release, made_at, read_withdrawn, releases

    with suppress(PipelineError, ValueError):  # told with the stores
        latest, withdrawn = latest_release(settings.published_dir), read_withdrawn(settings.published_dir)
        made = len(releases(settings.published_dir))
        count = f"{made} release{'' if made == 1 else 's'}, {len(withdrawn) or 'none'} of them withdrawn"
        if latest is None:
            return ["nothing is published" + (f" ({count})" if withdrawn else "")]
        when = f"{made_at(latest):%d %B %Y at %H:%M} UTC"
        return [f"{latest.name}, made on {when}, linked with {engine_of(latest)}", count]
    return ["cannot be told"]


def _due(settings: Settings) -> tuple[list[str], list[PipelineError]]:
    """What a run would do, and what is wrong with the warehouse: looked at while no run is alive."""
    from orchestration.ingest.landing import check_landing
    from orchestration.storage.locks import hold_run_lock

    landing = check_landing(settings.landing_dir)
    if landing.problems:
        return [f"no run can start: {landing.problems[0]}"], []
    if landing.status == "empty":
        return ["the landing folders are empty"], []
    if not settings.warehouse.exists():
        return ["everything: nothing has been done yet"], []
    try:
        with hold_run_lock(settings.run_dir, "make status"):
            return _due_by_ledger(settings)
    except PipelineError as busy:
        return [str(busy.problem)], []
    except OSError as error:
        return [f"cannot be told: {error.strerror}"], []


def _due_by_ledger(settings: Settings) -> tuple[list[str], list[PipelineError]]:
    from orchestration.commands.stores import damages_of_the_warehouse
    from orchestration.ledger.records import recorded_inputs, recorded_stages
    from orchestration.ledger.stages import stage_named
    from orchestration.releases.freshness import ROUTINE, inputs_now, is_up_to_date, stages_due
    from orchestration.storage.warehouse import open_warehouse

    if damaged := damages_of_the_warehouse(settings):
        return ["cannot be told: see Stores"], damaged
    with open_warehouse(settings.warehouse, settings.limits, read_only=True) as connection:
        recorded, inputs = recorded_stages(connection), recorded_inputs(connection)
    due = stages_due(recorded, inputs | inputs_now(settings), settings)
    if due:
        first = stage_named(due[0]).words
        return [f"{len(due)} of {len(ROUTINE)} stages, from '{first}' on: make bulletin"], []
    return [
        "nothing"
        if is_up_to_date(settings)
        else "the release, the ad hoc database or the order of deliveries: make bulletin"
    ], []


def _runs(settings: Settings) -> list[str]:
    """What Dagster's records say, where there are any that can be read."""
    if not (settings.run_dir / "dagster.yaml").exists():
        return ["none yet"]
    import dagster as dg

    from orchestration.defs.instance import point_dagster_at

    point_dagster_at(settings)
    try:
        with dg.DagsterInstance.get() as instance:
            return [*_last_run(instance), *_next_run(instance), *_waiting(settings, instance)]
    except Exception as error:  # Dagster wraps what its database says in errors of many kinds
        return [f"Dagster's records cannot be read ({type(error).__name__})"]


def _last_run(instance: "dg.DagsterInstance") -> Iterator[str]:
    for record in instance.get_run_records(limit=1):
        run = record.dagster_run
        ended = f"{record.update_timestamp:%d %B %Y at %H:%M} UTC"
        yield f"last: {run.job_name}, {run.status.value.lower()} on {ended} ({run.run_id[:8]})"


def _next_run(instance: "dg.DagsterInstance") -> Iterator[str]:
    from orchestration.defs.triggers.automation import is_daemon_alive, is_sensor_on, next_schedule

    due = next_schedule(instance)
    yield f"next by schedule: {due:%A %d %B %Y at %H:%M %Z}" if due else "schedule: off"
    yield "sensor: on, a run for new files" if is_sensor_on(instance) else "sensor: off"
    if not is_daemon_alive(instance):
        yield "service: not running" + (", so none of these starts (make ui)" if due or is_sensor_on(instance) else "")


def _waiting(settings: Settings, instance: "dg.DagsterInstance") -> Iterator[str]:
    import dagster as dg

    from orchestration.defs.dead_runs import UNFINISHED
    from orchestration.storage.locks import is_run_alive

    queued = instance.get_runs_count(dg.RunsFilter(statuses=[dg.DagsterRunStatus.QUEUED]))
    if queued:
        yield f"waiting in the queue: {queued}"
    unfinished = instance.get_runs_count(dg.RunsFilter(statuses=UNFINISHED))
    if unfinished and not is_run_alive(settings.run_dir):
        yield f"dead: {unfinished} (the next run marks them as failed, or make clear-dead-runs)"
    elif unfinished:
        yield f"alive: {unfinished}"


def _engine(settings: Settings) -> list[str]:
    """What the next run links with, and the cluster, if one runs."""
    from orchestration.engines.cluster import cluster_of

    asked = f"the next run links with {settings.parameters.engine} (PROBATION_ENGINE)"
    cluster = cluster_of(settings)
    if cluster is None:
        return [asked, "no Spark cluster runs"]
    if not cluster.can_work and not cluster.ended:
        return [asked, "a Spark cluster is being started, or its start was stopped (make cluster-stop)"]
    ended = f", {', '.join(cluster.ended)} ended" if cluster.ended else ""
    return [asked, f"a Spark cluster of {len(cluster.daemons) - 1} workers runs on {cluster.url}{ended}"]


def _room(settings: Settings) -> tuple[list[str], bool]:
    """Free and needed megabytes by folder, what the folders hold, and whether one is too short for a run."""
    from orchestration.storage.room import nearest_existing, room_needed

    lines, is_short = [], False
    for folder, needed in room_needed(settings).items():
        free = shutil.disk_usage(nearest_existing(folder)).free
        is_short |= free < needed
        lines.append(
            f"{folder}: {free // MEGABYTE:,} MB free, a run needs {needed // MEGABYTE:,} MB"
            + (": MAKE ROOM" if free < needed else "")
        )
    held = {
        "extracts": _held(settings, "landing/**/*"),
        "databases": _held(settings, "*.duckdb*"),
        "releases": _held(settings, "published/**/*"),
        "old runs (make prune)": _held(settings, "quality/**/*") + _held(settings, ".run/**/*"),
    }
    lines.append("held: " + ", ".join(f"{name} {n_bytes // MEGABYTE:,} MB" for name, n_bytes in held.items()))
    return lines, is_short


def _held(settings: Settings, pattern: str) -> int:
    return sum(path.lstat().st_size for path in settings.data_dir.glob(pattern) if path.is_file())
