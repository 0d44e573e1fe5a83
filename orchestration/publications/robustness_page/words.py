"""Names on the robustness page: judgements, models, outcomes, checks and groups in words.

Belongs here: what stands for a code, in sentences and tables alike. Not here: the sentences and the tables.
"""

from orchestration.methods.layouts.layout_2023 import ITEM_BY_CODE
from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.publications.shared import formatting
from orchestration.publications.shared.words import PROMPT_NAMES, model_title

SOURCE = "Linked inspection, terminations and reoffending data"
MODEL_TITLES = {model.model_id: model_title(model) for model in BULLETIN_MODELS}
OUTCOME_LABELS = {"termination_positive": "Positive termination", "reoffended": "Reoffended within one year"}
CONTRAST_LABELS = {"engagement": "Engagement", "desistance": "Desistance", "both": "Both key questions"}
CHECK_LABELS = {
    "published": "As published",
    "points": "In points",
    "clustered": "Errors by provider",
    "intercepts": "Levels by provider",
    "imputed": "Missing drawn",
    "relinked": "False links drawn",
    "weighted": "Weighted for linking",
    "after_fieldwork": "After the inspection",
    "doubly_robust": "Doubly robust",
    "bh": "Benjamini-Hochberg",
    "holm": "Holm",
    "negbin1": "Dispersion fixed at 1",
    "ztnb": "Zero-truncated",
}
# How a finding is lost, in the middle of a sentence.
LOST = {
    "points": "as an average effect",
    "clustered": "with errors by provider",
    "intercepts": "with levels by provider",
    "imputed": "with what is missing drawn",
    "relinked": "with false links drawn",
    "weighted": "weighted for being linked",
    "after_fieldwork": "in what came after the inspection",
    "doubly_robust": "in the doubly robust estimate",
    "bh": "with Benjamini and Hochberg's allowance for many tests",
    "holm": "with Holm's allowance for many tests",
    "negbin1": "with the dispersion fixed at 1",
    "ztnb": "in the zero-truncated model",
}
PERIOD_LABELS = {"year": "In the year", "before_fieldwork": "Before fieldwork", "after_fieldwork": "After fieldwork"}
ANSWERS = {"yes": "Judged sufficient", "no": "Judged insufficient"}
SPECIFICATION_LABELS = {
    "published": "as published",
    "none": "none",
    "without_score": "without the OGRS score",
    "groups": "in groups",
    "with_provider_type": "with CRC or NPS",
    "alone": "alone",
    "with_prompts": "with all prompts",
    "complete_in_both": "complete in both models",
    "negbin1": "dispersion fixed at 1",
    "ztnb": "zero-truncated",
}


def judgement_name(term: str) -> str:
    """A judgement inside a sentence: "the working relationship"."""
    return PROMPT_NAMES.get(term, term)


def coefficient_name(coefficient: str) -> str:
    """A judgement and its answer, which is left out where it is yes."""
    term, _, level = coefficient.partition("=")
    answer = {category.code: category.label for category in ITEM_BY_CODE[term].categories}.get(level, level)
    name = judgement_name(term)
    return name if level == "yes" else f"{name} ({formatting.lower_first(answer)})"


def likelihood_label(group: str) -> str:
    """A group of the likelihood of reoffending."""
    if group == "all":
        return "All cases"
    labels = {category.code: category.label for category in ITEM_BY_CODE["ogrs_group"].categories}
    return f"Likelihood of reoffending: {formatting.lower_first(labels[group])}"
