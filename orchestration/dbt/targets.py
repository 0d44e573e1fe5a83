"""Where dbt builds.

Belongs here: what a target of `profiles.yml` has to be told, and the warehouse as one. Not here: other engines
(`engines/`), and calling dbt (`layers.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import PipelineError
from orchestration.settings import Settings
from orchestration.storage.disk_errors import disk_error, spill_error

_RAISE_OR_DELETE = (
    "The database itself refused: raise PROBATION_MEMORY_LIMIT if it is low; "
    "delete warehouse.duckdb if it is damaged "
    "(it is built again); correct what was changed in the tables or SQL of dbt_project (make check)."
)


@dataclass(frozen=True)
class Target:
    """A target of `profiles.yml`.

    `environment`: the variables that its profile reads. `compiled`: dbt's folder for the SQL it compiles. `fault`: what
    the user is told where the machine and not the SQL is to blame, by what the database says. `remedy`: what helps
    where neither a test nor the machine is to blame. `database`: its DuckDB file, if it is one.
    """

    name: str
    environment: Mapping[str, str]
    compiled: Path
    fault: Callable[[str], PipelineError | None]
    remedy: str
    database: Path | None = None


def in_duckdb(settings: Settings, database: Path | None = None) -> Target:
    """The warehouse, or another DuckDB file."""
    database = database or settings.warehouse
    environment = {
        "PROBATION_WAREHOUSE": str(database),
        "PROBATION_SPILL_DIR": str(settings.spill_dir),
        "PROBATION_MEMORY_LIMIT": settings.limits.memory_limit,
        "PROBATION_THREADS": str(settings.limits.threads),
    }

    def fault(said: str) -> PipelineError | None:
        return spill_error(said, settings.spill_dir) or disk_error(said)

    return Target("duckdb", environment, settings.run_dir / "dbt" / "target", fault, _RAISE_OR_DELETE, database)
