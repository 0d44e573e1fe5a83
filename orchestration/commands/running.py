"""A run from the terminal: generate when nothing was delivered, run a job, say what went wrong.

Belongs here: what `make bulletin` and the stage commands do. Not here: argument parsing (`__main__.py`).
"""

import os
import shutil
import sys
import tempfile

from orchestration.defs.instance import prepare_home
from orchestration.errors import PipelineError
from orchestration.ingest.landing import SYNTHETIC_MANIFEST, check_landing
from orchestration.settings import Settings
from orchestration.storage.case_keys import read_or_make_key
from orchestration.storage.locks import hold_run_lock, is_run_alive

DEFAULT_SEED = 2023


def run_job(settings: Settings, job_name: str, with_traceback: bool = False) -> None:
    """Run one job in this process, with progress on standard error.

    Raises PipelineError with the messages of the failed steps and gates.
    """
    prepare_home(settings)
    if is_run_alive(settings.run_dir):
        with hold_run_lock(settings.run_dir, "terminal"):  # names who holds it
            pass
    _check_what_the_end_needs(settings)
    import dagster as dg

    from orchestration.definitions import build_definitions
    from orchestration.defs.dead_runs import clear_dead_runs

    with dg.DagsterInstance.get() as instance:
        clear_dead_runs(instance, settings.run_dir, grace_seconds=0)
        result = (
            build_definitions(settings)
            .resolve_job_def(job_name)
            .execute_in_process(
                instance=instance, raise_on_error=with_traceback, run_config={"loggers": {"console": {}}}
            )
        )
        if not result.success:
            raise PipelineError(_what_failed(result.all_events), _where_to_look(settings, result.run_id))


def _check_what_the_end_needs(settings: Settings) -> None:
    """Find out at once, not after the linkage, that the key cannot be used or nothing can be published.

    Raises PipelineError for the key, OSError naming the folder where it cannot be written.
    """
    read_or_make_key(settings.key_file)
    settings.published_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.published_dir):
        pass


def generate_when_nothing_was_delivered(settings: Settings, seed: int = DEFAULT_SEED) -> bool:
    """Write synthetic extracts when all landing folders are empty, the optional ones too; returns whether it did.

    They are written aside and moved in when complete, so that a killed run leaves no half extract.
    """
    prepare_home(settings)
    if check_landing(settings.landing_dir).status != "empty":
        return False
    from orchestration.synthetic.extracts.writing import write_extracts
    from orchestration.synthetic.profile import read_profile

    print("The landing folder is empty: generating synthetic extracts ...", file=sys.stderr)
    with hold_run_lock(settings.run_dir, "generating"):
        aside = settings.run_dir / "generating"
        shutil.rmtree(aside, ignore_errors=True)
        write_extracts(read_profile(), seed, aside / "landing", aside / "truth")
        settings.truth_dir.mkdir(parents=True, exist_ok=True)
        for folder, target in ((aside / "truth", settings.truth_dir), (aside / "landing", settings.landing_dir)):
            # the manifest first: a synthetic file is never without it
            files = (path for path in folder.rglob("*") if path.is_file())
            for path in sorted(files, key=lambda path: (path.name != SYNTHETIC_MANIFEST, path)):
                destination = target / path.relative_to(folder)
                destination.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, destination)
        shutil.rmtree(aside)
    return True


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
            if not evaluation.passed and evaluation.blocking:
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
                lines.append(f"The step {event.step_key} failed ({kind}). Run again with TRACEBACK=1 to see where.")
    return "\n".join(lines) or "The run could not start."
