"""How far dbt is with a layer.

Belongs here: turning dbt's events into progress. Not here: calling dbt (`layers.py`).
"""

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING

from orchestration.storage import progress

if TYPE_CHECKING:
    from dbt_common.events.base_types import EventMsg


def telling_progress() -> "Callable[[EventMsg], None]":
    """A callback for one call of dbt's runner, which counts the seeds, models and tests it begins.

    Nothing of an event is told but that: some of them quote SQL, and SQL quotes values.
    """
    begun = count(1)  # dbt's own number of a step tells its place in the queue, and threads overtake each other

    def tell(event: "EventMsg") -> None:
        if event.info.name == "LogStartLine":
            progress.count(next(begun), event.data.total, "step")

    return tell
