"""What Spark says of the machine, in our words. Its own messages are withheld, because they quote values.

Belongs here: telling too little memory and a full disk from errors in SQL. Not here: a cluster that has ended
(`session.py`).
"""

import re

from orchestration.errors import PipelineError
from orchestration.storage.disk_errors import disk_error

REMEDY = (
    "Spark itself refused: correct what was changed in the tables or SQL of dbt_project (make check), or build in "
    "the warehouse (ENGINE=duckdb), whose messages go further."
)
# The second is how an executor ends that has run out of memory.
_NO_MEMORY = re.compile(r"OutOfMemoryError|exit code 5[02]|exited with code (52|137)|Unable to acquire \d+ bytes")


def fault_of(said: str) -> PipelineError | None:
    """What the user is told where Spark speaks of memory or of the disk; None where it speaks of something else."""
    if _NO_MEMORY.search(said):
        return PipelineError(
            "The memory of a Spark worker is too little for this. The warehouse is as it was before this layer.",
            "Start the cluster again with more (make cluster-stop, then make cluster with PROBATION_SPARK_MEMORY=4g "
            "or more), or link in the warehouse (ENGINE=duckdb), which spills to disk.",
        )
    return disk_error(said)
