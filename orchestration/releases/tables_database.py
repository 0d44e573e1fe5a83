"""The release's tables as a DuckDB file.

Belongs here: writing frames into schema `results` of a new file, typed and described as they are declared, and the
views of them. Not here: what a view asks (`labelled_views.py`).
"""

import errno
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from orchestration.releases.labelled_views import VIEWS
from orchestration.storage.tables import make_view, write_table
from orchestration.storage.warehouse import transaction
from orchestration.tables.catalogue import released_table

SCHEMA = "results"


def write_tables_database(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write every frame as table `results.<name>` of the new DuckDB file `path`.

    Raises PipelineError for a table that is not declared or has other columns, and OSError, as for any other file,
    where the file cannot be written (a full disk).
    """
    import duckdb

    try:
        # in one transaction: each of some thousand comments would else be a write to disk of its own
        with duckdb.connect(str(path), config={"threads": "1"}) as connection, transaction(connection):
            connection.execute(f"create schema {SCHEMA}")
            for name, frame in sorted(tables.items()):
                declared = released_table(name, map(str, frame.columns))
                write_table(connection, replace(declared, schema=SCHEMA), frame)
            for view in VIEWS:
                make_view(connection, view)
    except duckdb.IOException as error:
        raise OSError(errno.EIO, f"{path.name} could not be written") from error
