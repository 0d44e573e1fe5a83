"""Words of Bulletin 2023/04 that other pages use too: its judgements, models and sources.

Belongs here: what stands for a code wherever these are spoken of. Not here: words of one publication alone, and the
words of an annex table (`methods/layouts`).
"""

from orchestration.methods.layouts.specification import BulletinModel

SOURCE_LABELS = {
    "terminations": "Terminations (community sentences)",
    "reoffending": "Proven reoffending (all cases)",
}
# Categories the bulletin's text puts together.
COMBINED_LABELS = {"low_medium": "Low and medium together", "high_very_high": "High and very high together"}
JUDGEMENT_LABELS = {
    "engagement": {"no": "Implementation not effective", "yes": "Implementation effective"},
    "desistance": {"no": "Desistance not supported effectively", "yes": "Desistance supported effectively"},
    "supports_completion": {
        "no": "Efforts to support completion insufficient",
        "yes": "Efforts to support completion sufficient",
    },
    "strengths_built_upon": {
        "none_present": "No relevant strengths or protective factors",
        "no": "Delivery did not build upon strengths",
        "yes": "Delivery built upon strengths",
    },
}
# Prompts in a few words, for the middle of a sentence.
PROMPT_NAMES = {
    "starts_promptly": "a prompt start",
    "working_relationship": "the working relationship",
    "supports_completion": "support to complete the sentence",
    "non_compliance_addressed": "addressing non-compliance",
    "services_reduce_reoffending": "services that reduce reoffending",
    "strengths_built_upon": "building upon strengths",
    "organisations_coordinated": "coordination with other organisations",
    "key_individuals_engaged": "engaging key individuals",
    "contact_sufficient": "the level and nature of contact",
    "local_services_engaged": "engaging local services",
}
_OUTCOMES = {
    "termination_positive": "positive termination",
    "reoffended": "binary reoffending",
    "reoffences": "number of reoffences",
}
_SUBJECTS = {"key_questions": "key questions", "prompts": "prompts"}


def is_count(model: BulletinModel) -> bool:
    """Whether the model is of the number of reoffences."""
    return model.outcome == "reoffences"


def model_title(model: BulletinModel) -> str:
    """A model in words: "positive termination by key questions"."""
    return f"{_OUTCOMES[model.outcome]} by {_SUBJECTS[model.model_id.split('__')[1]]}"
