"""The parts of a release: which tables are current, and so what can be published.

A release holds every part whose stages are done on the extracts, code and parameters of now. Each bulletin's job makes
its own parts, `make bulletin` makes all but those that are made when asked for. A release never lacks a publication
that the latest release has: then something is stale, and nothing is published.

Belongs here: which parts are current, and reading them. Not here: what a part holds (its stage's declaration says it),
making it (`defs/assets/`), what it looks like (`publications/`).
"""

from dataclasses import dataclass

import duckdb
import pandas as pd

from orchestration.ledger.current import is_current
from orchestration.ledger.records import recorded_inputs, recorded_stages, require_passed_gates
from orchestration.ledger.stage import Stage
from orchestration.ledger.stages import STAGES
from orchestration.releases.registry import PUBLICATIONS
from orchestration.settings import Settings
from orchestration.storage.warehouse import read_table
from orchestration.tables.catalogue import SHARED_TABLES
from orchestration.tables.table import BULLETIN

# A part is a stage that lets tables into a release: the last of a bulletin, a study of the linkage.
PARTS: tuple[Stage, ...] = tuple(stage for stage in STAGES.values() if stage.is_part)


@dataclass(frozen=True)
class Publishable:
    """The parts that are current, their tables, what their gates said, and what they were made from."""

    parts: tuple[Stage, ...]
    tables: dict[str, pd.DataFrame]
    gates: pd.DataFrame
    made_from: dict[str, str]


def current_parts(recorded: dict[str, str], inputs: dict[str, object], settings: Settings) -> tuple[Stage, ...]:
    """The parts whose stages are done; `recorded`: stage -> fingerprint, `inputs`: stage -> what it reads."""
    return tuple(part for part in PARTS if is_current(part.name, recorded, settings, inputs))


def made_from(parts: tuple[Stage, ...], recorded: dict[str, str]) -> dict[str, str]:
    """What a release of these parts is made from: stage -> fingerprint."""
    return {part.name: recorded[part.name] for part in parts}


def read_publishable(
    connection: duckdb.DuckDBPyConnection, settings: Settings, published_before: frozenset[str]
) -> Publishable:
    """Everything that can be published now; `published_before`: ids of the publications of the latest release.

    Raises PipelineError where nothing is current, where a publication of the latest release could not be made again,
    or where a gate did not pass on the very data of a part.
    """
    recorded = recorded_stages(connection)
    parts = current_parts(recorded, recorded_inputs(connection), settings)
    if due := _due(parts, published_before) or (() if _is_publishable(parts) else PARTS[:1]):
        require_passed_gates(connection, [part.name for part in due], settings)  # says what is missing or stale
    return Publishable(
        parts=parts,
        tables=_tables(connection, parts),
        gates=require_passed_gates(connection, [part.name for part in parts], settings),
        made_from=made_from(parts, recorded),
    )


def _is_publishable(parts: tuple[Stage, ...]) -> bool:
    """Whether any publication has all the tables it requires; studies alone make no release."""
    present = {name for part in parts for name in part.published_tables}
    return any(present.issuperset(publication.requires) for publication in PUBLICATIONS)


def _due(parts: tuple[Stage, ...], published_before: frozenset[str]) -> tuple[Stage, ...]:
    """Parts that are not current and that a publication of the latest release requires."""
    required = {
        name
        for publication in PUBLICATIONS
        if publication.publication_id in published_before
        for name in publication.requires
    }
    return tuple(part for part in PARTS if part not in parts and required & set(part.published_tables))


def _tables(connection: duckdb.DuckDBPyConnection, parts: tuple[Stage, ...]) -> dict[str, pd.DataFrame]:
    bulletins = [part.bulletin for part in parts if part.bulletin]
    tables = {}
    for name in dict.fromkeys(name for part in parts for name in _names(connection, part)):
        frame = read_table(connection, f"results.{name}")
        if name in SHARED_TABLES:  # rows of a bulletin that is not current may be of older extracts
            frame = frame[frame[BULLETIN].isin(bulletins)].reset_index(drop=True)
        tables[name] = frame
    return tables


def _names(connection: duckdb.DuckDBPyConnection, part: Stage) -> list[str]:
    """The tables that a part lets into this release."""
    names = list(part.published_tables)
    if part.is_left_out_empty and not any(
        connection.execute(f"select 1 from results.{name} limit 1").fetchone() for name in names
    ):
        return []
    return names
