"""What the gate of one source consists of: the shape that every source's module fills.

Belongs here: that shape. Not here: any rule (`inspections.py` and its siblings), and running them (`sources.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from expectations.runner import Checked
from orchestration.ingest.extracts import SourceExtract
from orchestration.settings import Parameters


@dataclass(frozen=True)
class SourceContext:
    """What a gate must know besides its own extract.

    `known_providers`: (provider, provider_type) pairs. `inspected`: accepted inspections (case_id, provider,
    provider_type, case_type, start_date), needed by the gates of the other sources. `profiled`: the profile of the
    source's deliveries as last accepted (see `deliveries.delivery_profile`), of which some may have been taken away.
    """

    known_providers: tuple[tuple[str, str], ...]
    inspected: pd.DataFrame | None
    profiled: pd.DataFrame | None = None

    def cases(self, source: str) -> pd.DataFrame:
        """The accepted inspections. Raises ValueError naming the source whose gate needs them, where there are none."""
        if self.inspected is None:
            raise ValueError(f"the gate of {source} needs the accepted inspections in its context")
        return self.inspected


def _asks_nothing(*_: object) -> list[Checked]:
    return []


@dataclass(frozen=True)
class SourceGate:
    """How a source is judged.

    `rows`: from its extract and the context, the frame to look at (a row a parsed row) and the expectations on it.
    `whole`: from its accepted rows, its extract, the parameters and the context, outcomes of what is asked of the
    source as a whole.
    """

    rows: Callable[[SourceExtract, SourceContext], tuple[pd.DataFrame, list[Any]]]
    whole: Callable[[pd.DataFrame, SourceExtract, Parameters, SourceContext], list[Checked]] = _asks_nothing
