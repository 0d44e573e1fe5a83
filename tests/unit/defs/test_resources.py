"""What an asset's failure tells a reader, and what a run's processes load."""

import re
from importlib.util import find_spec

import duckdb
import pytest

from orchestration.defs.resources import LOADED_AHEAD, readable_failure


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("No space left on device", "The disk is full."),
        ("Read-only file system", "The disk cannot be written."),
        ("Permission denied", "A file cannot be opened."),
    ],
)
def test_what_the_database_says_of_a_disk_is_told_with_the_file(said, told):
    with pytest.raises(Exception, match="^" + re.escape(f"/data/tables.duckdb\n{told}")), readable_failure():
        raise duckdb.IOException(f'Could not write file "/data/tables.duckdb": {said}')


def test_anything_else_that_the_database_says_is_withheld():
    with pytest.raises(Exception, match="Its message is withheld") as failure, readable_failure():
        raise duckdb.ConversionException("Could not convert string 'Jane' to DATE")
    assert "Jane" not in str(failure.value)


@pytest.mark.parametrize("module", LOADED_AHEAD)
def test_what_is_loaded_ahead_exists(module):
    """What there is not would be passed over in silence, and loaded by each process anew."""
    assert find_spec(module) is not None
