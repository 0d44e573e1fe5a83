"""Whether a stage is current: done, from what lies there now.

A stage's fingerprint covers its inputs, the stages it is built on, its code, its parameters and the packages. It
serves twice: a stage whose fingerprint is in the ledger is not done again, and nothing is built on, or published
from, a stage that is missing from the ledger or was made from something else.

Belongs here: fingerprints of stages. Not here: the ledger's tables (`records.py`), and how a stage is done
(`defs/assets/`).
"""

from dataclasses import asdict
from functools import cache
from pathlib import Path

from orchestration.dbt.graph import files_of_layer
from orchestration.dbt.layers import manifest_path, read_manifest
from orchestration.errors import PipelineError
from orchestration.ledger.code import files_reached
from orchestration.ledger.stage import Stage
from orchestration.ledger.stages import STAGES, lineage, parts, stage_named
from orchestration.settings import PROJECT_DIR, Settings
from orchestration.storage import fingerprints


def code_fingerprint(name: str, settings: Settings) -> str:
    """Hash of the files behind a stage, its declaration and the packages; `settings` say where dbt's manifest lies."""
    files = _files_fingerprint(name, manifest_path(settings))
    return fingerprints.of([files, _declaration(stage_named(name)), fingerprints.package_versions()])


def files_of_stage(stage: Stage, manifest: Path, root: Path = PROJECT_DIR) -> frozenset[Path]:
    """Every file of the project that can move the stage's outcome, relative to its folder `root`; `manifest`: dbt's."""
    entries = [entry for entry in (stage.made_by, stage.reads, stage.judged_by) if entry]
    of_dbt = files_of_layer(read_manifest(manifest), stage.layer) if stage.layer else frozenset()
    return files_reached(entries, root) | of_dbt


def expected_fingerprint(name: str, recorded: dict[str, str], settings: Settings, inputs: object = None) -> str:
    """The fingerprint the stage would have if it were done now.

    `recorded`: the ledger, stage -> fingerprint. `inputs`: what the stage reads from outside the warehouse.
    Raises PipelineError where a stage it is built on is missing.
    """
    stage = stage_named(name)
    missing = [before for before in stage.built_on if before not in recorded]
    if missing:
        raise _not_ready(name, missing)
    before = [recorded[one] for one in stage.built_on]
    return fingerprints.of([before, code_fingerprint(name, settings), _values(stage, settings), inputs])


def is_current(name: str, recorded: dict[str, str], settings: Settings, inputs: dict[str, object]) -> bool:
    """Whether a stage and all it rests on are done, from these inputs (stage -> what it reads from outside)."""
    try:
        return all(
            recorded.get(stage) == expected_fingerprint(stage, recorded, settings, inputs.get(stage))
            for stage in lineage(name)
        )
    except PipelineError:
        return False


def code_versions(settings: Settings) -> dict[str, str]:
    """What the UI compares to tell whether a stage's assets are stale beside their data, by stage: code and parameters.

    Those of every stage it rests on count too, gates included: Dagster calls stale what has changed itself, and leaves
    what is built on it until that has been made again.
    """
    versions: dict[str, str] = {}
    for name, stage in STAGES.items():  # each is declared after what it is built on
        before = [versions[one] for one in (parts() if stage.is_made_of_parts else stage.built_on)]
        versions[name] = fingerprints.of([code_fingerprint(name, settings), _values(stage, settings), before])[:16]
    return versions


@cache
def _files_fingerprint(name: str, manifest: Path) -> str:
    """Once a process: what counts is the code as it was loaded."""
    files = files_of_stage(stage_named(name), manifest)
    return fingerprints.of([(file.as_posix(), _file_fingerprint(file)) for file in sorted(files)])


@cache
def _file_fingerprint(name: Path) -> str:
    return fingerprints.of_file(PROJECT_DIR / name)


def _declaration(stage: Stage) -> dict[str, object]:
    """What a declaration says, but for words, where a stage is shown and asked for, and what is loaded ahead."""
    told = ("words", "counted", "group", "step", "loads")
    return {name: value for name, value in asdict(stage).items() if name not in told}


def _values(stage: Stage, settings: Settings) -> dict[str, object]:
    return {parameter: getattr(settings.parameters, parameter) for parameter in stage.parameters}


def _not_ready(name: str, missing: list[str]) -> PipelineError:
    return PipelineError(
        problem=f"The stage '{name}' cannot be built: {', '.join(missing)} did not finish or did not pass the gate.",
        remedy="See quality.gate_results and quality.rejected_rows for what stopped it, then run the whole job again.",
    )
