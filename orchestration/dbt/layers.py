"""dbt inside the process: its manifest, and one `dbt build` a layer.

A dbt subprocess would cost seconds each and outlive a killed run; the runner in process does neither.
dbt's own log files and run results quote failing values, so none are written.

Belongs here: calling dbt and reading what it returns. Not here: which layer is built when
(`defs/assets/dbt_layers.py`).
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from orchestration.dbt.graph import LayerPart, Manifest, relations_of_schema, whole_layer
from orchestration.dbt.kept_project import MANIFEST, folder_now, keep, kept_folder, read_kept
from orchestration.dbt.outcomes import NodeOutcome, failed, outcome, untested
from orchestration.dbt.reference_tables import check_headers
from orchestration.dbt.targets import Target, in_duckdb
from orchestration.dbt.telling import telling_progress
from orchestration.errors import PipelineError
from orchestration.settings import COVERAGE_GRACE_MONTHS, DBT_DIR, Parameters, Settings
from orchestration.storage.warehouse import open_warehouse

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest as ParsedProject

_READ: dict[Path, ParsedProject] = {}  # by where it is kept

QUIET = [
    "--no-use-colors", "--no-write-json", "--log-level", "none", "--log-level-file", "none",
    "--no-send-anonymous-usage-stats", "--no-version-check", "--no-partial-parse",
]  # fmt: skip


def manifest_path(settings: Settings) -> Path:
    """A manifest of the dbt project as it is, parsed again only when the project has changed."""
    target = in_duckdb(settings)
    folder = kept_folder(settings.run_dir, target.name)
    if not (folder / MANIFEST).exists():
        _READ[folder] = _read_by_dbt(settings, target, folder)
    return folder / MANIFEST


@cache
def read_manifest(path: Path) -> Manifest:
    """A manifest as JSON: what `graph.py` is asked about."""
    return json.loads(path.read_text(encoding="utf-8"))


def manifest_of(settings: Settings) -> Manifest:
    """The manifest of the project as it is, as JSON."""
    return read_manifest(manifest_path(settings))


def build_layer(settings: Settings, layer: str) -> list[NodeOutcome]:
    """Load, build and test the tables of one layer (`tag:<layer>`), whose schema keeps none that nobody makes any more.

    Unit tests are no part of it: they judge the SQL and not the data, and run with the project's tests
    (`run_unit_tests`). Raises what `build_part` raises.
    """
    manifest = manifest_of(settings)
    _drop_what_nobody_makes(settings, layer, relations_of_schema(manifest, layer))
    return build_part(settings, layer, whole_layer(manifest, layer), in_duckdb(settings))


def build_part(settings: Settings, layer: str, part: LayerPart, target: Target) -> list[NodeOutcome]:
    """Load, build and test a part of a layer.

    Raises PipelineError naming the models and tests that failed or did not run, or the reference table whose header
    was changed. Messages of the database are withheld: they quote values.
    """
    check_headers(DBT_DIR / "seeds")
    # the tests by name: which of them run must not hang on how dbt selects what is near to a model
    arguments = ["build", "--select", *part.made, *sorted(part.tests.values()), "--indirect-selection", "empty"]
    arguments += ["--resource-type", "model", "--resource-type", "seed", "--resource-type", "test"]
    # anew, or a reference table whose columns have changed would be loaded into its former ones
    arguments += ["--vars", json.dumps(variables(settings.parameters)), "--full-refresh"]
    outcomes = _outcomes(settings, arguments, f"build the layer '{layer}'", target)
    if broken := [o for o in outcomes if not o.is_ok and o.status != "skipped"]:
        raise failed(layer, broken, target.remedy)
    if silent := sorted(part.tests[test] for test in part.tests.keys() - {o.unique_id for o in outcomes if o.is_ok}):
        raise untested(layer, silent)
    return outcomes


def variables(parameters: Parameters) -> dict[str, int]:
    """dbt's variables of a run; `dbt_project.yml` holds the same at their defaults."""
    return {
        "match_window_days": parameters.match_window_days,
        "pnc_reference_year": parameters.pnc_reference_year,
        "followup_months": parameters.followup_months,
        "waiting_months": parameters.waiting_months,
        "followup_first_day": parameters.followup_first_day,
        "coverage_grace_months": COVERAGE_GRACE_MONTHS,
    }


def _drop_what_nobody_makes(settings: Settings, layer: str, made: set[str]) -> None:
    """Drop what an earlier design left in the layer's schema: it would be queried, and be of no linkage there is."""
    query = "select table_name, table_type from information_schema.tables where table_schema = ? order by all"
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        for name, kind in connection.execute(query, [layer]).fetchall():
            if name not in made:
                connection.execute(f'drop {"view" if kind == "VIEW" else "table"} "{layer}"."{name}"')


def run_unit_tests(settings: Settings) -> list[NodeOutcome]:
    """Run dbt's unit tests, on models whose tables are in the warehouse: they need their columns' types.

    Returns what became of each; a failed one is an outcome and no error.
    """
    return _outcomes(settings, ["test", "--select", "test_type:unit"], "run the unit tests", in_duckdb(settings))


def _outcomes(settings: Settings, arguments: list[str], what: str, target: Target) -> list[NodeOutcome]:
    result = _invoke(settings, arguments, target, read_project(settings, target))
    if result.exception is not None:
        raise PipelineError(
            f"dbt could not {what} ({type(result.exception).__name__}).",
            "Check the SQL and YAML of dbt_project with: make check.",
        )
    return [outcome(node, target) for node in cast("RunExecutionResult", result.result).results]


def read_project(settings: Settings, target: Target) -> ParsedProject:
    """The project as dbt has read it for a target, whose macros it uses, once a process: variables and the place of the
    database are told as it builds."""
    folder = kept_folder(settings.run_dir, target.name)
    if folder not in _READ:
        _READ[folder] = read_kept(folder) or _read_by_dbt(settings, target, folder)
    return _READ[folder]


def _read_by_dbt(settings: Settings, target: Target, folder: Path) -> ParsedProject:
    if folder_now(settings.run_dir, target.name) != folder:
        raise PipelineError("The dbt project was changed while the program ran.", "Start it again.", str(DBT_DIR))
    result = _invoke(settings, ["parse"], target, None)
    if not result.success:
        raise PipelineError("The dbt project cannot be read.", f"Correct it: {result.exception}", str(DBT_DIR))
    project = cast("ParsedProject", result.result)
    keep(folder, project)
    return project


def _invoke(settings: Settings, arguments: list[str], target: Target, project: ParsedProject | None) -> dbtRunnerResult:
    from dbt.cli.main import dbtRunner

    for name in [name for name in os.environ if name.startswith("DBT_")]:
        del os.environ[name]  # a setting of the shell's must not decide what is built, or leave a test out
    os.environ |= {**target.environment, "DO_NOT_TRACK": "1"}
    folder = settings.run_dir / "dbt"
    folder.mkdir(parents=True, exist_ok=True)
    places = ["--project-dir", str(DBT_DIR), "--profiles-dir", str(DBT_DIR), "--log-path", str(folder / "logs")]
    places += ["--target", target.name, "--target-path", str(target.compiled)]
    try:
        return dbtRunner(manifest=project, callbacks=[telling_progress()]).invoke([*arguments, *places, *QUIET])
    finally:
        _close_database()


def _close_database() -> None:
    """Let go of the database that dbt has kept open from one model to the next, if it has come to open one."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    with suppress(Exception):  # the adapter raises no other where it has opened none
        DuckDBConnectionManager.env().close()
