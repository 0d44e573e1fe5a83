"""A run from the terminal: make ready, generate when nothing was delivered, run a job, say what went wrong.

Belongs here: the steps that `make bulletin` and the other commands that run a job share, in their order. Not here:
the commands (`bulletins.py`, `studies.py`), and showing what runs now (`live_line.py`).
"""

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from orchestration.commands.live_line import showing_progress
from orchestration.defs.instance import open_instance, prepare_home
from orchestration.engines.cluster import clear_dead_cluster
from orchestration.errors import PipelineError
from orchestration.ingest.landing import SYNTHETIC_MANIFEST, check_landing
from orchestration.settings import Settings
from orchestration.storage import progress
from orchestration.storage.leftovers import clear_leftovers
from orchestration.storage.locks import hold_run_lock
from orchestration.storage.room import require_room, require_room_to_generate

DEFAULT_SEED = 2023
GENERATING = ".generating"  # removed by the next run: `storage/leftovers.py`


@contextmanager
def ready_to_run(settings: Settings) -> Iterator[None]:
    """The data folder is ours meanwhile, and what a run needs at its end is there; what runs now is shown.

    Raises PipelineError where a folder cannot be written or has too little room, another run holds the data folder, or
    the key cannot be used. All of it is found out before anything slow is loaded.
    """
    require_room(settings)
    prepare_home(settings)
    with showing_progress(), hold_run_lock(settings.run_dir, "terminal"):
        from orchestration.storage.case_keys import read_or_make_key  # with pandas, which takes a second

        clear_leftovers(settings.data_dir)
        clear_dead_cluster(settings)
        read_or_make_key(settings.key_file)
        yield


def require_extracts(settings: Settings, seed: int = DEFAULT_SEED) -> bool:
    """Write synthetic extracts when all landing folders are empty, the optional ones too; returns whether it did.

    Raises PipelineError where something was delivered that a run cannot start from.
    """
    progress.say("checking what was delivered")
    landing = check_landing(settings.landing_dir)
    if landing.status != "empty":
        landing.require_ready()
        return False
    progress.note("The landing folder is empty: generating synthetic extracts ...")
    progress.say("generating synthetic extracts")
    _generate(settings, seed)
    return True


def run_job(settings: Settings, job_name: str, with_traceback: bool = False) -> None:
    """Make ready, then run one job in this process.

    Raises what `ready_to_run` and `execute_job` raise.
    """
    with ready_to_run(settings):
        execute_job(settings, job_name, with_traceback)


def execute_job(settings: Settings, job_name: str, with_traceback: bool = False) -> None:
    """Run one job in this process, which is ready to run.

    Raises PipelineError with the messages of the failed steps and gates.
    """
    progress.say("loading Dagster")
    with _loading_for_good():
        from orchestration.definitions import build_definitions
        from orchestration.defs.dead_runs import STARTED_FROM, TERMINAL, mark_dead_runs

        progress.say("reading the dbt project")
        job = build_definitions(settings).resolve_job_def(job_name)
    with open_instance(settings) as instance:
        mark_dead_runs(instance)
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=with_traceback,
            run_config={"loggers": {"console": {}}},
            tags={STARTED_FROM: TERMINAL},
        )
        if not result.success:
            raise PipelineError(_what_failed(result.all_events), _where_to_look(settings, result.run_id))


@contextmanager
def _loading_for_good() -> Iterator[None]:
    """What is loaded meanwhile stays to the end. To look through its million objects for garbage again and again would
    take a twentieth of the run.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


def _generate(settings: Settings, seed: int) -> None:
    """Synthetic extracts, written aside and moved in when complete: a killed run leaves no half extract.

    Aside in the folder itself, which may be a disk of its own.
    """
    require_room_to_generate(settings)
    from orchestration.synthetic.extracts.writing import write_extracts
    from orchestration.synthetic.profile import read_profile

    landing, truth = settings.landing_dir / GENERATING, settings.truth_dir / GENERATING
    write_extracts(read_profile(), seed, landing, truth)
    for aside in (truth, landing):
        # the manifest first: a synthetic file is never without it
        files = (path for path in aside.rglob("*") if path.is_file())
        for path in sorted(files, key=lambda path: (path.name != SYNTHETIC_MANIFEST, path)):
            destination = aside.parent / path.relative_to(aside)
            destination.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, destination)
        shutil.rmtree(aside)


def _where_to_look(settings: Settings, run_id: str) -> str:
    """The ad hoc database stays that of the last good run, so a failed one's rows are to be read from its files."""
    folder = settings.quality_dir / run_id
    rows = f"All gate results and rejected rows of this run: {folder}\n" if folder.exists() else ""
    return f"{rows}The run is kept as {run_id[:8]}: see it with make ui."


def _what_failed(events) -> str:
    lines = []
    for event in events:
        if event.event_type_value == "ASSET_CHECK_EVALUATION":
            evaluation = event.asset_check_evaluation_data
            is_error = evaluation.severity.value == "ERROR"
            if is_error and evaluation.blocking and not evaluation.passed:
                lines.append(
                    f"The gate on {'/'.join(evaluation.asset_key.path)} did not pass.\n{evaluation.description}"
                )
        elif event.is_step_failure:
            failure = event.step_failure_data
            description = failure.user_failure_data.description if failure.user_failure_data else None
            if description:
                lines.append(description)
            elif "AssetCheckFailed" not in (failure.error.cls_name or ""):
                # the kind of the innermost error alone: its message may quote a value
                kind = (failure.error.cause or failure.error).cls_name
                how = "Run again with TRACEBACK=1 (--traceback without make) to see where."
                lines.append(f"The step {event.step_key} failed ({kind}). {how}")
    return "\n".join(lines) or "The run could not start."
