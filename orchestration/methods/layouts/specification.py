"""The regression models of Bulletin 2023/04 as data: their terms, levels, references and blocks.

Belongs here: which terms enter which model, and how they are worded. Not here: how a term becomes columns
(`design_matrix`), how a model is fitted (`logistic`, `negative_binomial`, `zero_truncated`).
"""

from dataclasses import dataclass

from orchestration.methods.layouts import layout_2023


@dataclass(frozen=True)
class Term:
    """One term of a model: an interval (`levels` empty) or a category with its reference level."""

    name: str
    label: str
    levels: tuple[str, ...] = ()
    reference: str = ""

    @property
    def is_interval(self) -> bool:
        return not self.levels

    @property
    def contrasts(self) -> tuple[str, ...]:
        """The levels that have a coefficient, in published order."""
        return tuple(level for level in self.levels if level != self.reference)

    @property
    def coefficients(self) -> tuple[str, ...]:
        """The names of the term's coefficients: `age`, or `gender=female`."""
        return (self.name,) if self.is_interval else tuple(f"{self.name}={level}" for level in self.contrasts)


@dataclass(frozen=True)
class BulletinModel:
    """One published model: an outcome, its controls (block 1) and its judgements (block 2)."""

    model_id: str
    outcome: str
    controls: tuple[Term, ...]
    judgements: tuple[Term, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.controls + self.judgements

    def block_of(self, term: Term) -> str:
        return "controls" if term in self.controls else "judgements"


def _category(item: str, reference: str) -> Term:
    described = layout_2023.ITEM_BY_CODE[item]
    return Term(item, described.label, described.codes, reference)


# Entered as interval data "to avoid losing precision" (2023/04, Annex A, Analysis).
INTERVAL_CONTROLS = (
    Term("age", "Age (years)"),
    Term("previous_sanctions", "Number of previous sanctions"),
    Term("ogrs_score", "Likelihood of reoffending (OGRS score)"),
)

# Reference levels are our choice: the usual ones for characteristics, and `no` for judgements, so that a
# judgement's coefficient reads as the association with good delivery.
CATEGORY_CONTROLS = (
    _category("gender", "male"),
    _category("ethnicity", "white"),
    _category("rosh_group", "low"),
)
CASE_TYPE = _category("case_type", "community")

_JUDGEMENT_ITEMS = layout_2023.ENGAGEMENT + layout_2023.DESISTANCE
JUDGEMENTS = {
    "key_questions": tuple(_category(item.item, "no") for item in _JUDGEMENT_ITEMS if item.is_key_question),
    "prompts": tuple(_category(item.item, "no") for item in _JUDGEMENT_ITEMS if not item.is_key_question),
}


def model_id(outcome: str, judgements: str) -> str:
    """The id of a published model, such as `termination__prompts`."""
    return f"{layout_2023.OUTCOME_BY_CODE[outcome].model}__{judgements}"


def _controls(outcome: str) -> tuple[Term, ...]:
    # Terminations exist for community sentences only, so case type cannot enter their models.
    case_type = () if outcome == "termination_positive" else (CASE_TYPE,)
    return INTERVAL_CONTROLS + CATEGORY_CONTROLS + case_type


BULLETIN_MODELS = tuple(
    BulletinModel(model_id(outcome.code, judgements), outcome.code, _controls(outcome.code), terms)
    for outcome in layout_2023.OUTCOMES
    for judgements, terms in JUDGEMENTS.items()
)
