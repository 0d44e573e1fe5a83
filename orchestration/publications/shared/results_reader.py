"""Single figures looked up in the results tables that every bulletin has.

Belongs here: finding a cell of its annex, a headline, a coefficient, a test or a bar by name. Not here: tables of one
bulletin alone (`bulletin_*/results_reader.py`), and the words around a figure (`*/findings.py`).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import Tables
from orchestration.publications.shared.records import Record, keyed


@dataclass(frozen=True)
class Results:
    """The results tables, with look-ups; a look-up that finds nothing returns None."""

    tables: Tables
    significance_level: float = 0.05

    annex: ClassVar[str] = ""  # the results table of the bulletin's annex

    @cached_property
    def _cells(self) -> dict[tuple[str, ...], Record]:
        return self._keyed(self.annex, ["item", "category", "outcome"])

    @cached_property
    def _headlines(self) -> dict[tuple[str, ...], Record]:
        return self._keyed("headlines", ["id"])

    @cached_property
    def _coefficients(self) -> dict[tuple[str, ...], Record]:
        return self._keyed("model_coefficients", ["model_id", "coefficient"])

    @cached_property
    def _terms(self) -> dict[tuple[str, ...], Record]:
        return self._keyed("model_terms", ["model_id", "term"])

    @cached_property
    def _bars(self) -> dict[tuple[str, ...], Record]:
        return self._keyed("figure_data", ["figure_id", "series", "category"])

    def _keyed(self, table: str, keys: list[str]) -> dict[tuple[str, ...], Record]:
        return keyed(self.tables[table], keys)

    def cell(self, item: str, category: str, outcome: str) -> Record | None:
        """One row of the bulletin's annex."""
        return self._cells.get((item, category, outcome))

    def overall(self, outcome: str) -> Record | None:
        """An outcome's or measure's row of the annex for all cases."""
        return self.cell("all_cases", "all", outcome)

    def headline(self, headline_id: str) -> Record | None:
        """One row of results.headlines."""
        return self._headlines.get((headline_id,))

    def headline_text(self, headline_id: str) -> str:
        """A headline as the bulletin prints it: whole percent, whole counts, means to one decimal."""
        found = self.headline(headline_id)
        if found is None or formatting.is_missing(found["value_published"]):
            return formatting.NOT_APPLICABLE
        published = float(found["value_published"])
        decimals = 0 if published.is_integer() and found["unit"] != "mean_count" else 1
        return formatting.number(published, decimals, "%" if found["unit"] == "percent" else "")

    def headline_n(self, headline_id: str) -> str:
        found = self.headline(headline_id)
        return formatting.number(found["n"]) if found else formatting.NOT_APPLICABLE

    def model_coefficient(self, model_id: str, name: str) -> Record | None:
        """One row of results.model_coefficients."""
        return self._coefficients.get((model_id, name))

    def model_term(self, model_id: str, term: str) -> Record | None:
        """One row of results.model_terms."""
        return self._terms.get((model_id, term))

    def bar(self, figure_id: str, series: str, category: str) -> Record | None:
        """One row of results.figure_data."""
        return self._bars.get((figure_id, series, category))
