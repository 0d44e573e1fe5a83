"""The parts of a release: which tables stand, and so what can be published.

A release holds every part whose stages are done on the extracts, code and parameters of now. Each bulletin's job makes
its own parts, `make bulletin` makes all but those that are made when asked for. A release never lacks a publication
that the latest release has: then something is stale, and nothing is published.

Belongs here: parts and whether they stand. Not here: making them (`assets/`), what they look like (`publications/`).
"""

from dataclasses import dataclass

import duckdb
import pandas as pd

from orchestration.ledger.records import recorded_inputs, recorded_stages, require_passed_gates
from orchestration.ledger.results_tables import (
    ANNEX_TABLES,
    LINKAGE_BIAS_TABLES,
    LINKAGE_OVERRIDES_TABLES,
    LINKAGE_QUALITY_TABLES,
    LINKAGE_REVIEW_TABLES,
    LINKAGE_SENSITIVITY_TABLES,
    MODEL_TABLES,
    NEEDS_BULLETIN,
    NEEDS_MODEL_TABLES,
    NEEDS_TABLES,
    SAMPLE_TABLES,
    SECOND_OPINION_TABLES,
    SHARED_TABLES,
    STEPWISE_STABILITY_TABLES,
)
from orchestration.ledger.stages import stands
from orchestration.publications.bulletin_2023_04.contents import BULLETIN_2023_04
from orchestration.publications.shared.publication import BULLETIN
from orchestration.releases.registry import PUBLICATIONS
from orchestration.settings import Parameters
from orchestration.storage.warehouse import read_table


@dataclass(frozen=True)
class Part:
    """Tables that are published together: the stage that finishes them, and the bulletin whose rows they are."""

    stage: str
    tables: tuple[str, ...]
    bulletin: str = ""
    is_made_when_asked: bool = False


PARTS: tuple[Part, ...] = (
    Part("publication_gate", (*MODEL_TABLES, *ANNEX_TABLES), BULLETIN_2023_04.bulletin),
    Part(
        "needs_gate",
        (*MODEL_TABLES, *NEEDS_MODEL_TABLES, *NEEDS_TABLES, "headlines", "figure_data"),
        NEEDS_BULLETIN,
    ),
    Part("linkage_overrides", tuple(LINKAGE_OVERRIDES_TABLES)),
    Part("linkage_quality", tuple(LINKAGE_QUALITY_TABLES)),
    Part("linkage_review", tuple(LINKAGE_REVIEW_TABLES)),
    Part("linkage_bias", tuple(LINKAGE_BIAS_TABLES)),
    Part("linkage_sensitivity", tuple(LINKAGE_SENSITIVITY_TABLES)),
    Part("sample_design", tuple(SAMPLE_TABLES)),
    Part("stepwise_stability", tuple(STEPWISE_STABILITY_TABLES), is_made_when_asked=True),
    Part("second_opinion", tuple(SECOND_OPINION_TABLES), is_made_when_asked=True),
)


@dataclass(frozen=True)
class Publishable:
    """The parts that stand, their tables, what their gates said, and what they were made from."""

    parts: tuple[Part, ...]
    tables: dict[str, pd.DataFrame]
    gates: pd.DataFrame
    made_from: dict[str, str]


def standing_parts(recorded: dict[str, str], inputs: dict[str, object], parameters: Parameters) -> tuple[Part, ...]:
    """The parts whose stages are done; `recorded`: stage -> fingerprint, `inputs`: stage -> what it reads."""
    return tuple(part for part in PARTS if stands(part.stage, recorded, parameters, inputs))


def made_from(parts: tuple[Part, ...], recorded: dict[str, str]) -> dict[str, str]:
    """What a release of these parts is made from: stage -> fingerprint."""
    return {part.stage: recorded[part.stage] for part in parts}


def read_publishable(
    connection: duckdb.DuckDBPyConnection, parameters: Parameters, published_before: frozenset[str]
) -> Publishable:
    """Everything that can be published now; `published_before`: ids of the publications of the latest release.

    Raises PipelineError where nothing stands, where a publication of the latest release could not be made again,
    or where a gate did not pass on the very data of a part.
    """
    recorded = recorded_stages(connection)
    parts = standing_parts(recorded, recorded_inputs(connection), parameters)
    for part in _due(parts, published_before) or (() if _is_publishable(parts) else PARTS[:1]):
        require_passed_gates(connection, part.stage, parameters)  # says what is missing or stale
    gates = [require_passed_gates(connection, part.stage, parameters) for part in parts]
    return Publishable(
        parts=parts,
        tables=_tables(connection, parts),
        gates=pd.concat(gates, ignore_index=True).drop_duplicates(ignore_index=True),
        made_from=made_from(parts, recorded),
    )


def _is_publishable(parts: tuple[Part, ...]) -> bool:
    """Whether any publication has all the tables it requires; studies alone make no release."""
    standing = {name for part in parts for name in part.tables}
    return any(standing.issuperset(publication.requires) for publication in PUBLICATIONS)


def _due(parts: tuple[Part, ...], published_before: frozenset[str]) -> tuple[Part, ...]:
    """Parts that do not stand and that a publication of the latest release requires."""
    required = {
        name
        for publication in PUBLICATIONS
        if publication.publication_id in published_before
        for name in publication.requires
    }
    return tuple(part for part in PARTS if part not in parts and required & set(part.tables))


def _tables(connection: duckdb.DuckDBPyConnection, parts: tuple[Part, ...]) -> dict[str, pd.DataFrame]:
    bulletins = [part.bulletin for part in parts if part.bulletin]
    tables = {}
    for name in dict.fromkeys(name for part in parts for name in part.tables):
        frame = read_table(connection, f"results.{name}")
        if name in SHARED_TABLES:  # rows of a bulletin that does not stand may be of older extracts
            frame = frame[frame[BULLETIN].isin(bulletins)].reset_index(drop=True)
        tables[name] = frame
    return tables
