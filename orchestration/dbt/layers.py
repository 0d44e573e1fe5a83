"""dbt inside the process: its manifest, and one `dbt build` a layer.

A dbt subprocess would cost seconds each and outlive a killed run; the runner in process does neither.
dbt's own log files and run results quote failing values, so none are written.

Belongs here: calling dbt and reading what it returns. Not here: which layer is built when (`assets/warehouse.py`).
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from orchestration.dbt.reference_tables import check_headers
from orchestration.errors import PipelineError
from orchestration.settings import DBT_DIR, PROJECT_DIR, Settings
from orchestration.storage import fingerprints

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunExecutionResult, RunResult
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

_HASH = re.compile(r"\.[0-9a-f]{10}$")  # dbt ends the names of its generic tests so

QUIET = [
    "--no-use-colors", "--no-write-json", "--log-level", "none", "--log-level-file", "none",
    "--no-send-anonymous-usage-stats", "--no-version-check", "--no-partial-parse",
]  # fmt: skip


@dataclass(frozen=True)
class NodeOutcome:
    """What became of one dbt node: its unique_id, kind and status, and failing rows for a test."""

    unique_id: str
    resource_type: str
    status: str
    failures: int

    @property
    def is_ok(self) -> bool:
        return self.status in ("success", "pass", "warn")


def manifest_path(settings: Settings) -> Path:
    """A manifest of the dbt project as it stands, parsed again only when the project has changed."""
    path = _manifest_folder(settings) / "manifest.json"
    if not path.exists():
        _parse(settings)
    return path


def models_of_layer(settings: Settings, layer: str) -> list[str]:
    """Names of the models of one layer (`tag:<layer>`)."""
    nodes = _parse(settings).nodes.values()
    return sorted(str(node.name) for node in nodes if node.resource_type == "model" and layer in node.tags)


def build_layer(settings: Settings, layer: str, only_changes: bool = False) -> list[NodeOutcome]:
    """Build and test the models of one layer (`tag:<layer>`), seeds and unit tests included.

    `only_changes`: keep the rows of cases that no change of the extracts can have touched (linkage alone).

    Raises PipelineError naming the models and tests that failed, or the reference table whose header was
    changed. Messages of the database are withheld: they
    quote values.
    """
    check_headers(DBT_DIR / "seeds")
    parameters = settings.parameters
    variables = {
        "match_window_days": parameters.match_window_days,
        "pnc_reference_year": parameters.pnc_reference_year,
        "relink": "changed" if only_changes else "all",
    }
    arguments = [
        "build",
        "--select",
        f"tag:{layer}",
        "--indirect-selection",
        "buildable",
        "--vars",
        json.dumps(variables),
        *(() if only_changes else ("--full-refresh",)),
    ]
    result = _invoke(settings, arguments, _parse(settings))
    if result.exception is not None:
        raise PipelineError(
            f"dbt could not build the layer '{layer}' ({type(result.exception).__name__}).",
            "Check the SQL and YAML of dbt_project with: make check.",
        )
    outcomes = [_outcome(node) for node in cast("RunExecutionResult", result.result).results]
    if broken := [o for o in outcomes if not o.is_ok and o.status != "skipped"]:
        raise _failed(layer, broken)
    return outcomes


def _outcome(result: RunResult) -> NodeOutcome:
    node = result.node
    return NodeOutcome(node.unique_id, str(node.resource_type), str(result.status), int(result.failures or 0))


def _manifest_folder(settings: Settings) -> Path:
    return settings.run_dir / "dbt" / fingerprints.of_code([DBT_DIR], PROJECT_DIR)[:16]


@cache
def _parse(settings: Settings) -> Manifest:
    # Writing the manifest is what parsing is for here; nothing has run yet, so it holds no value of a record.
    arguments = ["parse", "--write-json", "--target-path", str(_manifest_folder(settings))]
    result = _invoke(settings, arguments, None)
    if not result.success:
        raise PipelineError("The dbt project cannot be read.", f"Correct it: {result.exception}", str(DBT_DIR))
    return cast("Manifest", result.result)


def _invoke(settings: Settings, arguments: list[str], manifest: Manifest | None) -> dbtRunnerResult:
    from dbt.cli.main import dbtRunner

    os.environ["PROBATION_WAREHOUSE"] = str(settings.warehouse)
    os.environ["PROBATION_SPILL_DIR"] = str(settings.spill_dir)
    os.environ["PROBATION_MEMORY_LIMIT"] = settings.limits.memory_limit
    os.environ["PROBATION_THREADS"] = str(settings.limits.threads)
    os.environ["DO_NOT_TRACK"] = "1"
    folder = settings.run_dir / "dbt"
    folder.mkdir(parents=True, exist_ok=True)
    places = ["--project-dir", str(DBT_DIR), "--profiles-dir", str(DBT_DIR), "--log-path", str(folder / "logs")]
    if "--target-path" not in arguments:
        places += ["--target-path", str(folder / "target")]
    quiet = [option for option in QUIET if option != "--no-write-json" or "--write-json" not in arguments]
    return dbtRunner(manifest=manifest).invoke([*arguments, *places, *quiet])


def _failed(layer: str, broken: list[NodeOutcome]) -> PipelineError:
    lines = [
        f"- {_HASH.sub('', o.unique_id.split('.', 2)[2])}: {o.status}" + (f", {o.failures} rows" if o.failures else "")
        for o in broken
    ]
    remedy = (
        "The name says what was expected (dbt_project/tests holds some of them, with a sentence each). "
        "If a table in dbt_project/seeds/codes was edited, look there first."
    )
    if any(o.status == "error" for o in broken):
        remedy = (
            "The database itself refused: make room if the disk is full; raise PROBATION_MEMORY_LIMIT if it is low; "
            "delete warehouse.duckdb if it is damaged "
            "(it is built again); correct what was changed in the tables or SQL of dbt_project (make check)."
        )
    return PipelineError(
        f"Failed models and tests of the layer '{layer}' ({len(broken)}):\n" + "\n".join(lines), remedy
    )
