"""Single figures looked up in the results tables of Bulletin 2023/04.

Belongs here: finding a coefficient by its outcome, a match rate or a verdict of Annex B by name. Not here: what every
bulletin looks up (`shared/results_reader.py`), and the words around a figure (`findings.py`).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from orchestration.methods.layouts import layout_2023
from orchestration.publications.shared import formatting
from orchestration.publications.shared.records import Record
from orchestration.publications.shared.results_reader import Results


@dataclass(frozen=True)
class OutcomeResults(Results):
    """The results tables, with look-ups; a look-up that finds nothing returns None."""

    annex: ClassVar[str] = "annex_b"

    @cached_property
    def _rates(self) -> dict[tuple[str, ...], Record]:
        return self._keyed("match_rates", ["source", "item", "category"])

    def coefficient(self, outcome: str, judgements: str, name: str) -> Record | None:
        """One row of results.model_coefficients, from the published model of an outcome."""
        return self.model_coefficient(f"{layout_2023.OUTCOME_BY_CODE[outcome].model}__{judgements}", name)

    def match_rate(self, source: str, item: str, category: str) -> Record | None:
        """One row of results.match_rates."""
        return self._rates.get((source, item, category))

    def is_significant(self, item: str, outcome: str) -> bool | None:
        """Whether an item of Annex B is significant for an outcome; None where it could not be tested."""
        for category in layout_2023.ITEM_BY_CODE[item].codes:
            found = self.cell(item, category, outcome)
            if found is not None and not formatting.is_missing(found["significant"]):
                return bool(found["significant"])
        return None
