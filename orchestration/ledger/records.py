"""The ledger in the warehouse: which stage was done, from what, by which run; and what the gates said.

Belongs here: reading and writing `quality.stages` and `quality.gate_results`. Not here: what a
fingerprint covers (`current.py`) and what a gate asks (`expectations/`).
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd

from orchestration.errors import PipelineError
from orchestration.ledger.current import is_current
from orchestration.ledger.stages import lineage, stage_named
from orchestration.settings import Parameters, Settings
from orchestration.storage import fingerprints
from orchestration.storage.safe_text import inert
from orchestration.storage.tables import append_rows, make_table
from orchestration.storage.warehouse import has_table
from orchestration.tables.ledger import GATE_RESULTS, STAGES

STAGES_TABLE = STAGES.full_name
GATES_TABLE = GATE_RESULTS.full_name


def recorded_stages(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Stage -> fingerprint, for every stage that is done."""
    if not has_table(connection, STAGES_TABLE):
        return {}
    with _told_of_damage():
        return dict(connection.execute(f"select stage, fingerprint from {STAGES_TABLE}").fetchall())


def forget_stage(connection: duckdb.DuckDBPyConnection, stage: str) -> None:
    """Take a stage out of the ledger before it is done again, so that a killed run leaves it undone."""
    if has_table(connection, STAGES_TABLE):
        connection.execute(f"delete from {STAGES_TABLE} where stage = ?", [stage])


def record_stage(
    connection: duckdb.DuckDBPyConnection, stage: str, fingerprint: str, run_id: str, inputs: object = None
) -> None:
    """Say that a stage is done, and from what outside the warehouse."""
    make_table(connection, STAGES)
    forget_stage(connection, stage)
    row = [stage, fingerprint, run_id, json.dumps(inputs), _now()]
    connection.execute(f"insert into {STAGES_TABLE} values (?, ?, ?, ?, ?)", row)


def recorded_inputs(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """Stage -> what it read from outside the warehouse."""
    if not has_table(connection, STAGES_TABLE):
        return {}
    with _told_of_damage():
        rows = connection.execute(f"select stage, inputs from {STAGES_TABLE}").fetchall()
        return {stage: json.loads(inputs) for stage, inputs in rows}


def input_fingerprint(connection: duckdb.DuckDBPyConnection) -> str:
    """Hash of the deliveries that the warehouse holds: source, order, content."""
    if not has_table(connection, "raw.deliveries"):
        return fingerprints.of([])
    rows = connection.execute(
        "select source, delivery_order, file_sha256 from raw.deliveries where duplicate_of is null order by all"
    ).fetchall()
    return fingerprints.of(rows)


def parameters_fingerprint(parameters: Parameters) -> str:
    """Hash of every parameter."""
    return fingerprints.of(parameters.model_dump())


def record_gate(
    connection: duckdb.DuckDBPyConnection,
    outcomes: pd.DataFrame,
    run_id: str,
    data_fingerprint: str,
    parameters: Parameters,
) -> pd.DataFrame:
    """Append a gate's outcomes to the warehouse; returns them with the run and the fingerprints they belong to.

    `data_fingerprint`: the fingerprint of the stage whose data was judged; publication asks for it.
    """
    judged = outcomes.assign(
        run_id=run_id,
        input_fingerprint=input_fingerprint(connection),
        parameters_fingerprint=parameters_fingerprint(parameters),
        data_fingerprint=data_fingerprint,
        judged_at=pd.Timestamp(_now()),
    )
    append_rows(connection, GATE_RESULTS, judged)
    return judged


def gate_results(connection: duckdb.DuckDBPyConnection, stage: str, fingerprint: str) -> pd.DataFrame:
    """The latest outcomes of a stage's gate on the data with this fingerprint; empty where there are none."""
    if not has_table(connection, GATES_TABLE):
        return pd.DataFrame()
    return connection.execute(
        f"""
        select * from {GATES_TABLE}
        where gate = $gate and data_fingerprint = $fingerprint
          and run_id = (
              select run_id from {GATES_TABLE} where gate = $gate and data_fingerprint = $fingerprint
              order by judged_at desc limit 1
          )
        """,
        {"gate": stage_named(stage).gate, "fingerprint": fingerprint},
    ).df()


def require_passed_gates(
    connection: duckdb.DuckDBPyConnection, stages: Iterable[str], settings: Settings
) -> pd.DataFrame:
    """The gate results that the data of these stages rest on, those of each gate once.

    Raises PipelineError where a stage is missing or was made from something that has changed, or where a gate
    did not judge this very data or did not pass.
    """
    recorded, inputs = recorded_stages(connection), recorded_inputs(connection)
    results = []
    for name in dict.fromkeys(name for stage in stages for name in lineage(stage)):
        if not is_current(name, recorded, settings, inputs):
            raise _stale(name)
        if gate := stage_named(name).gate:
            outcomes = gate_results(connection, name, recorded[name])
            if outcomes.empty or not outcomes.loc[outcomes["severity"] == "error", "success"].all():
                raise _not_passed(gate)
            results.append(outcomes[outcomes["severity"] != "unused"])
    return pd.concat(results, ignore_index=True)


def write_quality_files(folder: Path, name: str, frame: pd.DataFrame) -> None:
    """Add rows to `quality/<run_id>/<name>.csv`, kept for failed runs too."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.csv"
    frame = frame.map(lambda cell: inert(cell) if isinstance(cell, str) else cell)
    frame.to_csv(path, mode="a", index=False, header=not path.exists(), lineterminator=os.linesep)


@contextmanager
def _told_of_damage() -> Iterator[None]:
    """Tell a ledger that cannot be read from a warehouse that cannot."""
    try:
        yield
    except (duckdb.BinderException, duckdb.CatalogException, ValueError, TypeError):
        raise PipelineError(
            problem=f"The ledger ({STAGES_TABLE} in the warehouse) is damaged, or was changed by hand.",
            remedy="Delete warehouse.duckdb: it is built again from the extracts, and the releases stay as they are.",
            where=STAGES_TABLE,
        ) from None


def _now() -> datetime:
    """The time in UTC, without saying so, as the ledger's timestamps are."""
    return datetime.now(UTC).replace(tzinfo=None)


def _stale(name: str) -> PipelineError:
    return PipelineError(
        problem=f"Nothing is published: the stage '{name}' is missing, or its input, code or a parameter has changed.",
        remedy="Run the whole job (make bulletin, or the job in the UI), which does again what has changed.",
    )


def _not_passed(gate: str) -> PipelineError:
    return PipelineError(
        problem=f"Nothing is published: the gate '{gate}' has not passed on the data that would be published.",
        remedy=f"Read its messages: select * from quality.gate_results where gate = '{gate}' and not success.",
    )
