"""Single figures looked up in the results tables.

Belongs here: finding a cell, a headline, a coefficient or a rate by name. Not here: the words around it
(`headlines.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from orchestration.methods.layouts import layout_2023
from orchestration.publications.shared import formatting
from orchestration.publications.shared.records import Record, keyed


@dataclass(frozen=True)
class Results:
    """The results tables, with look-ups; a look-up that finds nothing returns None."""

    tables: Mapping[str, pd.DataFrame]
    significance_level: float = 0.05

    @cached_property
    def _cells(self) -> dict[tuple[str, str, str], Record]:
        return self._keyed("annex_b", ["item", "category", "outcome"])  # type: ignore[return-value]

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
    def _rates(self) -> dict[tuple[str, ...], Record]:
        return self._keyed("match_rates", ["source", "item", "category"])

    @cached_property
    def _bars(self) -> dict[tuple[str, ...], Record]:
        return self._keyed("figure_data", ["figure_id", "series", "category"])

    def _keyed(self, table: str, keys: list[str]) -> dict[tuple[str, ...], Record]:
        return keyed(self.tables[table], keys)

    def cell(self, item: str, category: str, outcome: str) -> Record | None:
        """One row of results.annex_b."""
        return self._cells.get((item, category, outcome))

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

    def coefficient(self, outcome: str, judgements: str, name: str) -> Record | None:
        """One row of results.model_coefficients, from the published model of an outcome."""
        return self.model_coefficient(f"{layout_2023.OUTCOME_BY_CODE[outcome].model}__{judgements}", name)

    def model_coefficient(self, model_id: str, name: str) -> Record | None:
        """One row of results.model_coefficients."""
        return self._coefficients.get((model_id, name))

    def model_term(self, model_id: str, term: str) -> Record | None:
        """One row of results.model_terms."""
        return self._terms.get((model_id, term))

    def match_rate(self, source: str, item: str, category: str) -> Record | None:
        """One row of results.match_rates."""
        return self._rates.get((source, item, category))

    def bar(self, figure_id: str, series: str, category: str) -> Record | None:
        """One row of results.figure_data."""
        return self._bars.get((figure_id, series, category))

    def is_significant(self, item: str, outcome: str) -> bool | None:
        """Whether an item of Annex B is significant for an outcome; None where it could not be tested."""
        for category in layout_2023.ITEM_BY_CODE[item].codes:
            found = self.cell(item, category, outcome)
            if found is not None and not formatting.is_missing(found["significant"]):
                return bool(found["significant"])
        return None
