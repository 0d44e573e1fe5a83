"""Names on the linkage page: sources, characteristics, judgements, fields, models and scenarios in words.

Belongs here: what stands for a code, in sentences and tables alike. Not here: the sentences (`findings.py` and
its siblings), the tables (`rule_tables.py` and its siblings), the names of rules (`figure_text.py`).
"""

from orchestration.methods.layouts.codebook import CODEBOOK
from orchestration.methods.layouts.layout_2023 import ITEM_BY_CODE
from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.publications.linkage_page.figure_text import rule_label
from orchestration.publications.shared import formatting
from orchestration.publications.shared.words import COMBINED_LABELS, PROMPT_NAMES, model_title

SOURCE = "Linkage of inspections with terminations and reoffending data"
SUBJECTS = {"terminations": "the terminations data", "reoffending": "the reoffending data"}
MODEL_TITLES = {model.model_id: model_title(model) for model in BULLETIN_MODELS}
KIND_LABELS = {
    "window": "Another window",
    "left_out_rule": "One rule left out",
    "rule_alone": "One rule alone",
    "false_links": "Links made false, drawn evenly",
    "false_links_later_rules": "Links made false, those of later rules first",
    "up_to_tier": "The surer rules alone",
}
FIELD_LABELS = {
    "pnc": "PNC identifier",
    "crn": "CRN",
    "dob": "Date of birth",
    "surname": "Surname",
    "forenames": "All forenames",
    "first_forename": "First forename",
}
_ITEM_LABELS = {"provider_type": "Provider type", "all_cases": "All cases"}
_CATEGORY_LABELS = {
    **COMBINED_LABELS,
    "crc": "CRC",
    "nps": "NPS",
    "missing": "No answer",
}


def item_label(item: str) -> str:
    """A characteristic or judgement as tables name it; judgements by their question."""
    return _ITEM_LABELS.get(item) or (ITEM_BY_CODE[item].label if item in ITEM_BY_CODE else words(item))


def category_label(item: str, category: str) -> str:
    """A category in words; having no answer is one too."""
    known = {one.code: one.label for one in ITEM_BY_CODE[item].categories} if item in ITEM_BY_CODE else {}
    return known.get(category) or _CATEGORY_LABELS.get(category) or words(category)


def judgement_name(item: str) -> str:
    """A judgement in a few words, for the middle of a sentence: "the working relationship"."""
    names = {**PROMPT_NAMES, "engagement": "engagement", "desistance": "desistance"}
    return names.get(item) or item_label(item).lower()


def coefficient_name(coefficient: str) -> str:
    """A coefficient in a few words: the judgement, with its answer where that is not yes."""
    item, _, level = coefficient.partition("=")
    return judgement_name(item) if level in ("yes", "") else f"{judgement_name(item)}: {words(level).lower()}"


def coefficient_place(coefficient: str, model_id: str) -> str:
    """Which coefficient of which model: "engagement; positive termination by key questions"."""
    return f"{coefficient_name(coefficient)}; {MODEL_TITLES[model_id]}"


def tier_label(tier: str) -> str:
    """A tier of certainty in words; one that an analyst has added in its code's."""
    return CODEBOOK["termination_tier"].labels.get(tier) or words(tier)


def scenario_label(kind: str, scenario: str) -> str:
    """A scenario in words: "7 days", "Without: PNC birthday", "Up to: number and name", "2% false"."""
    if kind == "window":
        return f"{scenario} day" if scenario == "1" else f"{scenario} days"
    if kind.startswith("false_links"):
        return f"{scenario}% false"
    if kind == "up_to_tier":
        return f"Up to: {tier_label(scenario).lower()}"
    return f"{'Without' if kind == 'left_out_rule' else 'Only'}: {rule_label(scenario)}"


def words(code: str) -> str:
    """A code as words: `no_person` is "No person", `need_drugs` "Need: drugs"."""
    opening, _, rest = code.partition("need_")
    return (
        f"Need: {words(rest).lower()}"
        if not opening and rest
        else formatting.upper_first(code.replace("_", " ").strip())
    )
