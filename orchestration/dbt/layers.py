"""dbt inside the process: its manifest, and one `dbt build` a layer.

A dbt subprocess would cost seconds each and outlive a killed run; the runner in process does neither.
dbt's own log files and run results quote failing values, so none are written.

Belongs here: calling dbt and reading what it returns. Not here: which layer is built when
(`defs/assets/dbt_layers.py`).
"""

from __future__ import annotations

import itertools
import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from orchestration.dbt.graph import Manifest, relations_of_schema, tests_of_layer
from orchestration.dbt.reference_tables import check_headers
from orchestration.dbt.telling import telling_progress
from orchestration.errors import PipelineError
from orchestration.settings import COVERAGE_GRACE_MONTHS, DBT_DIR, Parameters, Settings
from orchestration.storage import files, fingerprints
from orchestration.storage.disk_errors import disk_error, spill_error
from orchestration.storage.warehouse import open_warehouse

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunExecutionResult, RunResult
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest as ParsedProject

_UNREADABLE = re.compile(r"on Line: \d|^\s*Error when")  # what the database says of a table it could not load
ROWS_TOLD = 3
_HASH = re.compile(r"\.[0-9a-f]{10}$")  # dbt ends the names of its generic tests so

_READ: dict[str, ParsedProject] = {}  # by the fingerprint of its files

QUIET = [
    "--no-use-colors", "--no-write-json", "--log-level", "none", "--log-level-file", "none",
    "--no-send-anonymous-usage-stats", "--no-version-check", "--no-partial-parse",
]  # fmt: skip


@dataclass(frozen=True)
class NodeOutcome:
    """What became of one dbt node: its unique_id, kind and status, failing rows for a test, what the disk refused.

    `told`: what a failed test of the project's own says of itself and of the reference tables it reads, or the database
    of a reference table it could not load.
    """

    unique_id: str
    resource_type: str
    status: str
    failures: int
    of_the_disk: PipelineError | None = None
    told: str = ""

    @property
    def is_ok(self) -> bool:
        return self.status in ("success", "pass", "warn")


def manifest_path(settings: Settings) -> Path:
    """A manifest of the dbt project as it is, parsed again only when the project has changed."""
    path = _manifest_folder(settings) / "manifest.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        incoming = path.with_suffix(".incoming")
        _project(settings).writable_manifest().write(str(incoming))
        files.put_in_place(incoming, path)
    return path


@cache
def read_manifest(path: Path) -> Manifest:
    """A manifest as JSON: what `graph.py` is asked about."""
    return json.loads(path.read_text(encoding="utf-8"))


def build_layer(settings: Settings, layer: str) -> list[NodeOutcome]:
    """Load, build and test the tables of one layer (`tag:<layer>`), whose schema keeps none that nobody makes any more.

    Unit tests are no part of it: they judge the SQL and not the data, and run with the project's tests
    (`run_unit_tests`).

    Raises PipelineError naming the models and tests that failed or did not run, or the reference table whose header
    was changed. Messages of the database are withheld: they quote values.
    """
    check_headers(DBT_DIR / "seeds")
    manifest = read_manifest(manifest_path(settings))
    _drop_what_nobody_makes(settings, layer, relations_of_schema(manifest, layer))
    tests = tests_of_layer(manifest, layer)
    # the tests by name: which of them run must not hang on how dbt selects what is near to a model
    arguments = ["build", "--select", f"tag:{layer}", *sorted(tests.values()), "--indirect-selection", "empty"]
    arguments += ["--resource-type", "model", "--resource-type", "seed", "--resource-type", "test"]
    # anew, or a reference table whose columns have changed would be loaded into its former ones
    arguments += ["--vars", json.dumps(variables(settings.parameters)), "--full-refresh"]
    outcomes = _outcomes(settings, arguments, f"build the layer '{layer}'")
    if broken := [o for o in outcomes if not o.is_ok and o.status != "skipped"]:
        raise _failed(layer, broken)
    if silent := sorted(tests[test] for test in tests.keys() - {o.unique_id for o in outcomes if o.is_ok}):
        raise _untested(layer, silent)
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
    return _outcomes(settings, ["test", "--select", "test_type:unit"], "run the unit tests")


def _outcomes(settings: Settings, arguments: list[str], what: str) -> list[NodeOutcome]:
    result = _invoke(settings, arguments, _project(settings))
    if result.exception is not None:
        raise PipelineError(
            f"dbt could not {what} ({type(result.exception).__name__}).",
            "Check the SQL and YAML of dbt_project with: make check.",
        )
    return [_outcome(node, settings) for node in cast("RunExecutionResult", result.result).results]


def _outcome(result: RunResult, settings: Settings) -> NodeOutcome:
    node, said = result.node, str(result.message or "")
    of_the_disk = spill_error(said, settings.spill_dir) or disk_error(said) if result.status == "error" else None
    failures = int(result.failures or 0)
    told = _told_by(node, settings) if failures else ""
    if node.resource_type == "seed" and result.status == "error":  # a reference table holds nobody's data
        told = " ".join(line.strip() for line in said.splitlines() if _UNREADABLE.search(line))
    return NodeOutcome(node.unique_id, str(node.resource_type), str(result.status), failures, of_the_disk, told)


def _told_by(test: Any, settings: Settings) -> str:
    """The sentence that a test of the project opens with. Where it reads reference tables alone, which hold nobody's
    data, the first rows that break it too."""
    comment = itertools.takewhile(lambda line: line.startswith("--"), test.raw_code.splitlines())
    sentence = " ".join(line.removeprefix("--").strip() for line in comment)
    if not sentence or not all(name.startswith("seed.") for name in test.depends_on.nodes):
        return sentence
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        rows = connection.execute(test.compiled_code).fetchmany(ROWS_TOLD)
    here = (", ".join(f"'{value}'" if value else "an empty cell" for value in row) for row in rows)
    return f"{sentence} Here: {'; '.join(here)}."


def _manifest_folder(settings: Settings) -> Path:
    return settings.run_dir / "dbt" / _project_fingerprint()[:16]


@cache
def _project_fingerprint() -> str:
    """Once a process, as Python's code is loaded once."""
    return fingerprints.of_folder(DBT_DIR)


def _project(settings: Settings) -> ParsedProject:
    """The project as dbt has read it, once a process: variables and the warehouse are told as it builds."""
    fingerprint = _project_fingerprint()
    if fingerprint not in _READ:
        result = _invoke(settings, ["parse"], None)
        if not result.success:
            raise PipelineError("The dbt project cannot be read.", f"Correct it: {result.exception}", str(DBT_DIR))
        _READ[fingerprint] = cast("ParsedProject", result.result)
    return _READ[fingerprint]


def _invoke(settings: Settings, arguments: list[str], manifest: ParsedProject | None) -> dbtRunnerResult:
    from dbt.cli.main import dbtRunner

    for name in [name for name in os.environ if name.startswith("DBT_")]:
        del os.environ[name]  # a setting of the shell's must not decide what is built, or leave a test out
    os.environ["PROBATION_WAREHOUSE"] = str(settings.warehouse)
    os.environ["PROBATION_SPILL_DIR"] = str(settings.spill_dir)
    os.environ["PROBATION_MEMORY_LIMIT"] = settings.limits.memory_limit
    os.environ["PROBATION_THREADS"] = str(settings.limits.threads)
    os.environ["DO_NOT_TRACK"] = "1"
    folder = settings.run_dir / "dbt"
    folder.mkdir(parents=True, exist_ok=True)
    places = ["--project-dir", str(DBT_DIR), "--profiles-dir", str(DBT_DIR), "--log-path", str(folder / "logs")]
    places += ["--target-path", str(folder / "target")]
    return dbtRunner(manifest=manifest, callbacks=[telling_progress()]).invoke([*arguments, *places, *QUIET])


def _untested(layer: str, silent: list[str]) -> PipelineError:
    return PipelineError(
        f"Tests of the layer '{layer}' did not run ({len(silent)}), so the layer counts as not done:\n"
        + "\n".join(f"- {_HASH.sub('', name)}" for name in silent),
        "Look for `enabled: false` or `where` in dbt_project; a test that is not wanted is deleted, not switched off.",
    )


def _failed(layer: str, broken: list[NodeOutcome]) -> PipelineError:
    for outcome in broken:
        if outcome.of_the_disk:  # one of them stops what rests on it: the rest of the list would say nothing more
            return outcome.of_the_disk
    # a model broken beside a failed test is broken by what the test tells of, such as a table that names no known field
    broken = [o for o in broken if o.told or o.status == "fail"] or broken
    lines = [
        f"- {_HASH.sub('', o.unique_id.split('.', 2)[2])}: {o.status}"
        + (f", {o.failures} rows" if o.failures else "")
        + (f". {o.told}" if o.told else "")
        for o in broken
    ]
    remedy = (
        "The name says what was expected (dbt_project/tests holds some of them, with a sentence each). "
        "If a table in dbt_project/seeds/codes was edited, look there first."
    )
    if any(o.status == "error" and not o.told for o in broken):
        remedy = (
            "The database itself refused: raise PROBATION_MEMORY_LIMIT if it is low; "
            "delete warehouse.duckdb if it is damaged "
            "(it is built again); correct what was changed in the tables or SQL of dbt_project (make check)."
        )
    return PipelineError(
        f"Failed models and tests of the layer '{layer}' ({len(broken)}):\n" + "\n".join(lines), remedy
    )
