"""The layout of Annex B: tables, items, categories and outcomes in published order, with their words.

Belongs here: what Tables B1 to B3 of Bulletin 2023/04 list, in which order, and how they word it. Not here:
how a cell is computed (`bulletin_2023_04/annex_b`), how it is drawn (`publications`).
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """One row of an item: the stored code and the bulletin's words."""

    code: str
    label: str


@dataclass(frozen=True)
class Item:
    """One block of rows of a table.

    `item` is the column of marts.cases that holds the categories. `term` is the model term its significance
    comes from and `judgements` the set of models that holds the term (2023/04, notes under Tables B1 to B3);
    both are empty where nothing is tested.
    """

    table_id: str
    item: str
    label: str
    categories: tuple[Category, ...]
    term: str = ""
    judgements: str = "prompts"

    @property
    def codes(self) -> tuple[str, ...]:
        """The stored codes in published order."""
        return tuple(category.code for category in self.categories)

    @property
    def is_key_question(self) -> bool:
        return self.judgements == "key_questions"


@dataclass(frozen=True)
class Outcome:
    """One pair of columns of a table: n, and a percentage or a mean with its published decimals."""

    code: str
    model: str
    label: str
    n_label: str
    value_label: str
    unit: str
    decimals: int


def categories(**labels: str) -> tuple[Category, ...]:
    """Categories from code=label, in order."""
    return tuple(Category(code, label) for code, label in labels.items())


def as_coded(*codes: str) -> tuple[Category, ...]:
    """Categories whose label is their code."""
    return tuple(Category(code, code) for code in codes)


TABLE_TITLES = {
    "B1": "Individual/case characteristics",
    "B2": "Engagement key question and prompts",
    "B3": "Desistance key question and prompts",
}

OUTCOMES = (
    Outcome("termination_positive", "termination", "Terminations", "n", "% positive", "percent", 1),
    Outcome("reoffended", "reoffended", "Binary reoffending", "n", "% reoffended", "percent", 1),
    Outcome("reoffences", "reoffences", "Number of reoffences", "n", "Mean no. offences", "mean_count", 2),
)
OUTCOME_BY_CODE = {outcome.code: outcome for outcome in OUTCOMES}

YES_NO = categories(no="No", yes="Yes")

ALL_CASES = Item("B1", "all_cases", "All cases", categories(all="All cases"))

CHARACTERISTICS = (
    Item("B1", "age_group", "Age group", as_coded("18-24", "25-39", "40-59", "60+"), "age"),
    Item("B1", "gender", "Gender", categories(male="Male", female="Female"), "gender"),
    Item(
        "B1",
        "ethnicity",
        "Ethnicity",
        categories(white="White", black="Black", asian="Asian", mixed="Mixed", other="Other"),
        "ethnicity",
    ),
    Item(
        "B1",
        "previous_sanctions_group",
        "Number of previous sanctions",
        (
            *as_coded("0", "1"),
            Category("2-5", "2 to 5"),
            Category("6-10", "6 to 10"),
            Category("11-20", "11 to 20"),
            Category("21+", "More than 20"),
        ),
        "previous_sanctions",
    ),
    Item(
        "B1",
        "case_type",
        "Type of case",
        categories(post_release="Post-release", community="Community"),
        "case_type",
    ),
    Item(
        "B1",
        "ogrs_group",
        "Likelihood of reoffending",
        categories(low="Low", medium="Medium", high="High", very_high="Very high"),
        "ogrs_score",
    ),
    Item(
        "B1",
        "rosh_group",
        "Risk of serious harm",
        categories(low="Low", medium="Medium", high_very_high="High/Very high"),
        "rosh_group",
    ),
)

ENGAGEMENT = (
    Item(
        "B2",
        "engagement",
        "Key question: Is the sentence/post-custody period implemented effectively with a focus on engaging "
        "the person on probation?",
        YES_NO,
        "engagement",
        "key_questions",
    ),
    Item(
        "B2",
        "starts_promptly",
        "Do the requirements of the sentence start promptly, or at an appropriate time?",
        YES_NO,
        "starts_promptly",
    ),
    Item(
        "B2",
        "working_relationship",
        "Is sufficient focus given to maintaining an effective working relationship with the person on probation?",
        YES_NO,
        "working_relationship",
    ),
    Item(
        "B2",
        "supports_completion",
        "Are sufficient efforts made to enable the individual to complete the sentence, including "
        "flexibility to take appropriate account of their personal circumstances?",
        YES_NO,
        "supports_completion",
    ),
    Item(
        "B2",
        "non_compliance_addressed",
        "Are risks of non-compliance identified and addressed in a timely fashion to reduce the need for "
        "enforcement actions?",
        YES_NO,
        "non_compliance_addressed",
    ),
)

DESISTANCE = (
    Item(
        "B3",
        "desistance",
        "Key question: Does the implementation and delivery of services effectively support the person on "
        "probation's desistance?",
        YES_NO,
        "desistance",
        "key_questions",
    ),
    Item(
        "B3",
        "services_reduce_reoffending",
        "Are the delivered services those most likely to reduce reoffending and support desistance, with "
        "sufficient attention given to sequencing and the available timescales?",
        YES_NO,
        "services_reduce_reoffending",
    ),
    Item(
        "B3",
        "strengths_built_upon",
        "Where possible, in cases where there were relevant strengths or protective factors, does the "
        "delivery of services build upon the individual's strengths and enhance protective factors?",
        (*YES_NO, Category("none_present", "No, there were no relevant strengths or protective factors")),
        "strengths_built_upon",
    ),
    Item(
        "B3",
        "organisations_coordinated",
        "In cases where other organisations were involved in the delivery of services, was that sufficiently "
        "well coordinated?",
        (*YES_NO, Category("none_involved", "No, there were no other organisations involved")),
        "organisations_coordinated",
    ),
    Item(
        "B3",
        "key_individuals_engaged",
        "In cases where there are key individuals in the person on probation's life, are they engaged where "
        "appropriate to support their desistance?",
        (*YES_NO, Category("none_appropriate", "No, there were no appropriate individuals")),
        "key_individuals_engaged",
    ),
    Item(
        "B3",
        "contact_sufficient",
        "Is the level and nature of contact sufficient to reduce reoffending and support desistance?",
        (*YES_NO, Category("no_non_compliance", "No, mostly due to non-compliance of the individual")),
        "contact_sufficient",
    ),
    Item(
        "B3",
        "local_services_engaged",
        "Are local services engaged to support and sustain desistance during the sentence and beyond?",
        (*YES_NO, Category("not_required", "No, not required")),
        "local_services_engaged",
    ),
)

ANNEX_B = (ALL_CASES, *CHARACTERISTICS, *ENGAGEMENT, *DESISTANCE)
ITEM_BY_CODE = {item.item: item for item in ANNEX_B}


def rows() -> Iterator[tuple[Item, Category, Outcome]]:
    """Every row of results.annex_b (168) in the published order."""
    for item in ANNEX_B:
        for category in item.categories:
            for outcome in OUTCOMES:
                yield item, category, outcome


def is_outside_the_table(item: Item, category: Category, outcome: Outcome) -> bool:
    """True for the one row without a cell: terminations exist for community sentences only (Annex A (ii))."""
    return outcome.code == "termination_positive" and item.item == "case_type" and category.code == "post_release"


def ordered_codes(item: str, present: set[str]) -> list[str]:
    """The codes of a column in published order, then any others alphabetically."""
    known = ITEM_BY_CODE[item].codes if item in ITEM_BY_CODE else ()
    return [code for code in known if code in present] + sorted(present - set(known))
