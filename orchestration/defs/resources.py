"""What assets need from the outside: settings, the warehouse, the run lock; and failures that read well.

Belongs here: the Dagster resource. Not here: reading and writing tables (`warehouse.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb

from orchestration.defs.received import report_received
from orchestration.defs.run_origin import tell_origin
from orchestration.engines.cluster import clear_dead_cluster
from orchestration.errors import PipelineError
from orchestration.ledger.stages import STAGES
from orchestration.settings import Settings
from orchestration.storage.disk_errors import disk_error
from orchestration.storage.leftovers import clear_leftovers
from orchestration.storage.locks import hold_run_lock
from orchestration.storage.processes import load_ahead
from orchestration.storage.room import require_room
from orchestration.storage.warehouse import open_warehouse

# What the processes beside a run's own need.
LOADED_AHEAD = tuple(dict.fromkeys(module for stage in STAGES.values() for module in stage.loads))


class Pipeline(dg.ConfigurableResource):
    """The data folder as one run sees it: settings, the warehouse, and the lock held while the run lasts.

    The in-process executor sets resources up once a run, so the lock spans all steps. A run from the terminal holds it
    already, from before Dagster was loaded; it is held once more here and given back by whoever took it first.
    """

    # No configuration: who starts a run in the UI must not be able to say where it writes.
    settings: dg.ResourceDependency[Settings]

    @classmethod
    def of(cls, settings: Settings) -> "Pipeline":
        """The data folder of these settings, which have been read once and are not read again."""
        return cls(settings=settings)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Pipeline"]:
        run_id = context.run_id or "unknown"
        with readable_failure(), hold_run_lock(self.settings.run_dir, run_id):
            require_room(self.settings)
            clear_leftovers(self.settings.data_dir)
            clear_dead_cluster(self.settings)
            load_ahead(LOADED_AHEAD)
            if context.instance is not None:
                tell_origin(context.instance, run_id)
                report_received(context.instance, self.settings)
            yield self

    @contextmanager
    def warehouse(self, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        with open_warehouse(self.settings.warehouse, self.settings.limits, read_only) as connection:
            yield connection


@contextmanager
def readable_failure(restricted: str = "") -> Iterator[None]:
    """Turn a user's error into a Dagster failure that reads well and says nothing personal.

    `restricted`: name of a stage that handles identifiers. There every unforeseen error is replaced by its kind
    alone, because database and parser messages quote the values they choke on and Dagster stores messages.
    """
    try:
        yield
    except dg.Failure:
        raise
    except PipelineError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from None
    except OSError as error:
        raise dg.Failure(description=str(_disk_error(error)), allow_retries=False) from None
    except duckdb.Error as error:
        told = disk_error(str(error)) or _database_error(error, restricted)
        raise dg.Failure(description=str(told), allow_retries=False) from None
    except Exception as error:
        if not restricted:
            raise
        kind = type(error).__name__
        place = f"{Path(error.__traceback__.tb_frame.f_code.co_filename).name}" if error.__traceback__ else ""
        description = f"The stage '{restricted}' failed ({kind} in {_innermost_line(error) or place})."
        remedy = "Its message is withheld because it may quote a record. This is a fault of the program: report it."
        raise dg.Failure(description=f"{description}\n{remedy}", allow_retries=False) from None


def _innermost_line(error: BaseException) -> str:
    trace, place = error.__traceback__, ""
    while trace is not None:
        filename = Path(trace.tb_frame.f_code.co_filename)
        if "site-packages" not in filename.parts:
            place = f"{filename.name} line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _disk_error(error: OSError) -> PipelineError:
    return PipelineError(
        problem=f"A file could not be read or written: {error.strerror or type(error).__name__}.",
        remedy="Make room or correct the permissions, then run again. Nothing was published.",
        where=str(error.filename or ""),
    )


def _database_error(error: duckdb.Error, restricted: str) -> PipelineError:
    stage = f" in the stage '{restricted}'" if restricted else ""
    kind = type(error).__name__
    return PipelineError(
        problem=f"The database refused a statement{stage} ({kind} at {_innermost_line(error)}).",
        remedy="Its message is withheld because it may quote a record. Run again; if it stays, "
        "the warehouse may be damaged: delete it (it is built again), or report this.",
    )
