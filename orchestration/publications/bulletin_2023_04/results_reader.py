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

    @cached_property
    def _gaps(self) -> dict[tuple[str, ...], Record]:
        keys = ["outcome", "contrast", "likelihood"]
        return self._keyed("judgement_gaps", keys) if "judgement_gaps" in self.tables else {}

    @cached_property
    def _adjusted(self) -> dict[tuple[str, ...], Record]:
        return self._keyed("multiplicity", ["model_id", "term"]) if "multiplicity" in self.tables else {}

    def gap_interval(self, outcome: str, contrast: str) -> str:
        """The interval of a raw gap in all cases, in points and without sign; "" where the release has none."""
        found = self._gaps.get((outcome, contrast, "all"))
        if found is None or formatting.is_missing(found["ci_low"]) or found["ci_low"] * found["ci_high"] < 0:
            return ""
        low, high = sorted(abs(float(found[end])) for end in ("ci_low", "ci_high"))
        ends = f"{formatting.number(low)} to {formatting.number(high)}"
        return f" ({formatting.interval_name(self.significance_level)} {ends})"

    def adjusted_p(self, outcome: str, item: str) -> str:
        """A judgement's p value with allowance for all tests of judgements, as words; "" where there is none."""
        model = f"{layout_2023.OUTCOME_BY_CODE[outcome].model}__{layout_2023.ITEM_BY_CODE[item].judgements}"
        found = self._adjusted.get((model, item))
        if found is None or formatting.is_missing(found["p_holm"]):
            return ""
        return f"; {formatting.p_phrase(found['p_holm'])} with allowance for {found['n_tests']} tests"

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
