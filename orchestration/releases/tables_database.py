"""The release's tables as a DuckDB file.

Belongs here: writing frames into schema `results` of a new file. Not here: any query; this is the one module
of the package that may import duckdb.
"""

import errno
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

SCHEMA = "results"


def write_tables_database(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write every frame as table `results.<name>` of the new DuckDB file `path`.

    A column without any value is stored as text: DuckDB would otherwise guess a number. A file that cannot be
    written (a full disk) raises OSError, as for any other file.
    """
    import duckdb

    try:
        _write(tables, path)
    except duckdb.IOException as error:
        raise OSError(errno.EIO, f"{path.name} could not be written") from error


def _write(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    import duckdb

    with duckdb.connect(str(path), config={"threads": "1"}) as connection:
        connection.execute(f"create schema {SCHEMA}")
        for name, frame in sorted(tables.items()):
            connection.register("incoming", _with_text_for_empty(frame))
            connection.execute(f'create table {SCHEMA}."{name}" as select * from incoming')
            connection.unregister("incoming")


def _with_text_for_empty(frame: pd.DataFrame) -> pd.DataFrame:
    untyped = [column for column in frame.columns if frame[column].dtype == object and frame[column].isna().all()]
    return frame.astype({column: "str" for column in untyped})
