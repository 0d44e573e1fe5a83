"""What is known about a release beside its tables.

Belongs here: the facts that end in the manifest and on the page. Not here: writing anything.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# Exact, for use inside; and what may go out, with small groups kept back.
REPLICATE, PUBLIC = "replicate", "release"


@dataclass(frozen=True)
class ReleaseFacts:
    """Where a release comes from.

    `release`: its name; `created_at`: UTC; `inputs`: one entry a file with source, name, sha256, rows and
    delivery_order; `packages`: name -> version; `parameters`: name -> value; `row_counts`: stage -> rows;
    `fingerprints`: what -> hash; `beside`: stage -> hashes of what it read beside the extracts (overrides, truth,
    reviews). `profile`: REPLICATE or PUBLIC; `disclosure`: the rule by which a public one keeps numbers back.
    `contact`: whom readers may ask, empty where nobody was named.
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
    profile: str = REPLICATE
    disclosure: dict[str, int] = field(default_factory=dict)
    contact: str = ""

    @property
    def is_public(self) -> bool:
        return self.profile == PUBLIC

    @property
    def reach(self) -> str:
        """Who may read it, in a sentence for every page and workbook; none where nobody stands behind the numbers."""
        if not self.is_public:
            inside = "Exact numbers, small groups among them: for use inside, not to be passed on."
            return "" if self.is_synthetic else inside
        fewest, base = self.disclosure["disclosure_threshold"], self.disclosure["disclosure_rounding"]
        rounded = f" Counts are rounded to the nearest {base}." if base else ""
        return (
            f"[c] stands for a number kept back, so that nothing is told of fewer than {fewest} people, not by sums "
            f"and differences either.{rounded}"
        )

    @property
    def significance_level(self) -> float:
        return float(self.parameters.get("significance_level", 0.05))

    @property
    def minimum_cell(self) -> int:
        return int(self.parameters.get("minimum_cell", 10))
