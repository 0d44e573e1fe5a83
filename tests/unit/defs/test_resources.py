"""What an asset's failure tells a reader."""

import duckdb
import pytest

from orchestration.defs.resources import readable_failure


def test_a_full_disk_names_the_file_that_could_not_be_written():
    with pytest.raises(Exception, match=r"^/data/tables\.duckdb\nThe disk is full\."), readable_failure():
        raise duckdb.IOException('Could not write file "/data/tables.duckdb": No space left on device')
