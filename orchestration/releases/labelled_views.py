"""Views for people who query: tables that are asked for most, with words in the place of codes, and `p_value` for p.

Belongs here: which views there are, and where their words come from. Not here: the words
(`orchestration/methods/layouts`), and how a view is written into a database (`storage/tables.py`).
"""

from collections.abc import Iterable

from orchestration.methods.layouts.codebook import CODEBOOK
from orchestration.methods.layouts.layout_2020 import EVERYBODY, GROUPS, MEASURES
from orchestration.methods.layouts.layout_2023 import ANNEX_B, OUTCOMES
from orchestration.methods.layouts.specification import BULLETIN_MODELS, Term
from orchestration.publications.shared.words import COMBINED_LABELS, SOURCE_LABELS, model_title
from orchestration.tables.view import InWords, View

_ITEMS = {item.item: item.label for item in ANNEX_B}
_CATEGORIES = {item.item: {category.code: category.label for category in item.categories} for item in ANNEX_B}
_WITH_COMBINED = {
    **_CATEGORIES,
    **{item: COMBINED_LABELS | _CATEGORIES[item] for item in ("rosh_group", "ogrs_group")},
}
_GROUPS = (EVERYBODY, *GROUPS)
_MODEL_TERMS: Iterable[Term] = {term.name: term for model in BULLETIN_MODELS for term in model.terms}.values()

CASES_LABELLED = View(
    "marts",
    "cases_labelled",
    "cases",
    "One row an inspected case as marts.cases has it, answers and groups in words.",
    {
        column: InWords(described.labels)
        for column, described in CODEBOOK.items()
        if described.categories and not described.is_number
    },
)
MATCH_RATES_BY_GROUP = View(
    "results",
    "match_rates_by_group",
    "match_rates",
    "One row a source and group of cases: eligible, matched, rate, in words.",
    {"source": InWords(SOURCE_LABELS), "category": InWords(_WITH_COMBINED, within="item"), "item": InWords(_ITEMS)},
)
ANNEX_B_LABELLED = View(
    "results",
    "annex_b_labelled",
    "annex_b",
    "One row a published cell of Tables B1 to B3, in words.",
    {
        "outcome": InWords({outcome.code: outcome.value_label for outcome in OUTCOMES}),
        "category": InWords(_CATEGORIES, within="item"),
        "item": InWords(_ITEMS),
    },
)
ANNEX_C_LABELLED = View(
    "results",
    "annex_c_labelled",
    "annex_c",
    "One row a published cell of Tables C1 to C6 (2020/03), in words.",
    {
        "outcome": InWords({measure.code: measure.label for measure in MEASURES}),
        "category": InWords(
            {group.item: {category.code: category.label for category in group.categories} for group in _GROUPS},
            within="item",
        ),
        "item": InWords({group.item: group.label for group in _GROUPS}),
    },
)
COEFFICIENTS_LABELLED = View(
    "results",
    "model_coefficients_labelled",
    "model_coefficients",
    "One row a model and coefficient, terms and levels in words: `exp_estimate` is the odds or rate ratio.",
    {
        "model_id": InWords({model.model_id: model_title(model) for model in BULLETIN_MODELS}),
        "level": InWords(
            {term.name: CODEBOOK[term.name].labels for term in _MODEL_TERMS if not term.is_interval}, within="term"
        ),
        "term": InWords({term.name: term.label for term in _MODEL_TERMS}),
    },
    {"p": "p_value"},
)
VIEWS = (CASES_LABELLED, MATCH_RATES_BY_GROUP, ANNEX_B_LABELLED, ANNEX_C_LABELLED, COEFFICIENTS_LABELLED)
