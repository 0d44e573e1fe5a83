"""What is known about a release beside its tables.

Belongs here: the facts that end in the manifest and on the page. Not here: writing anything.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class ReleaseFacts:
    """Where a release comes from.

    `release`: its name; `created_at`: UTC; `inputs`: one entry a file with source, name, sha256, rows and
    delivery_order; `packages`: name -> version; `parameters`: name -> value; `row_counts`: stage -> rows;
    `fingerprints`: what -> hash; `beside`: stage -> hashes of what it read beside the extracts (overrides, truth,
    reviews).
    """

    release: str
    created_at: datetime
    is_synthetic: bool
    inputs: list[dict[str, Any]]
    code_version: str
    packages: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    row_counts: dict[str, int] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    beside: dict[str, Any] = field(default_factory=dict)

    @property
    def significance_level(self) -> float:
        return float(self.parameters.get("significance_level", 0.05))

    @property
    def minimum_cell(self) -> int:
        return int(self.parameters.get("minimum_cell", 10))
