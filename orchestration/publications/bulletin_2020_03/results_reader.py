"""Single figures looked up in the results tables of Bulletin 2020/03.

Belongs here: finding a verdict, a number of needs, a pair or a rating by name. Not here: what every
bulletin looks up (`shared/results_reader.py`), and the words around a figure (`findings.py`, `associations.py`).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from orchestration.methods.bulletin_2020_03.models import model_id_of
from orchestration.methods.bulletin_2020_03.provider_ratings import SERVICES
from orchestration.methods.layouts.layout_2020 import MEASURE_BY_CODE
from orchestration.publications.shared import formatting
from orchestration.publications.shared.estimates import is_estimable
from orchestration.publications.shared.records import Record, keyed, records
from orchestration.publications.shared.results_reader import Results


@dataclass(frozen=True)
class NeedsResults(Results):
    """The results tables, with look-ups; a look-up that finds nothing returns None."""

    annex: ClassVar[str] = "annex_c"

    @cached_property
    def _differences(self) -> dict[tuple[str, ...], Record]:
        return self._keyed("subgroup_differences", ["outcome", "item"])

    @cached_property
    def _counts(self) -> dict[tuple[str, ...], Record]:
        return self._keyed("needs_counts", ["kind", "item", "category", "number"])

    @cached_property
    def _ratings(self) -> dict[tuple[str, ...], Record]:
        rated = self.tables["provider_ratings"]
        return keyed(rated[rated["standard"] == SERVICES], ["provider_type", "rating"])

    def value_text(self, item: str, category: str, outcome: str) -> str:
        """A cell as printed: one decimal."""
        found = self.cell(item, category, outcome)
        suffix = "" if MEASURE_BY_CODE[outcome].is_mean else "%"
        return formatting.number(found["value_published"] if found else None, 1, suffix)

    def difference(self, outcome: str, item: str) -> Record | None:
        """One row of results.subgroup_differences."""
        return self._differences.get((outcome, item))

    def is_retained(self, outcome: str, item: str) -> bool | None:
        """Whether the stepwise model of a measure keeps a characteristic; None where it could not be tested."""
        found = self.difference(outcome, item)
        return None if found is None or formatting.is_missing(found["is_retained"]) else bool(found["is_retained"])

    def model_effect(self, outcome: str, item: str, category: str) -> float | None:
        """The log odds of a category against the reference in the last stepwise model; None where not estimable."""
        found = self.model_coefficient(model_id_of(MEASURE_BY_CODE[outcome]), f"{item}={category}")
        return float(found["estimate"]) if found is not None and is_estimable(found) else None

    def count(self, kind: str, number: str, item: str = "all_cases", category: str = "all") -> Record | None:
        """One row of results.needs_counts."""
        return self._counts.get((kind, item, category, number))

    def rating(self, provider_type: str, rating: str) -> Record | None:
        """One row of results.provider_ratings, standard services."""
        return self._ratings.get((provider_type, rating))

    def pairs(self, kind: str) -> list[Record]:
        """The pairs of results.needs_cooccurrence that have a phi, the strongest first."""
        found = self.tables["needs_cooccurrence"]
        own = found[(found["kind"] == kind) & found["phi"].notna()]
        return records(own.sort_values("phi", ascending=False, kind="stable"))
