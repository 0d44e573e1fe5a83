"""Readers as a damaged file makes of a library, for a process of their own: loaded there, so they stand by themselves.

Belongs here: readers that do not come back. Not here: files made to do harm (`test_hostile_files`).
"""

import os

from orchestration.ingest.readers.tables import FileTable
from orchestration.settings import IntakeLimits


def stuck(_where: str, _data: bytes, _limits: IntakeLimits) -> list[FileTable]:
    """A loop that never comes back to Python, where a signal would be answered."""
    sum(range(10**13))
    return []


def ended(_where: str, _data: bytes, _limits: IntakeLimits) -> list[FileTable]:
    """As a library in Rust or C ends for want of memory."""
    os.abort()
