"""The layout of Annex C: what Tables C1 to C6 of Bulletin 2020/03 list, in published order, with their words.

Belongs here: groups (rows), measures (columns) and the cases each measure rests on. Not here: how a cell is
computed (`bulletin_2020_03/annex_c`), which terms are retained (`stepwise`), how a table is drawn (`publications`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.methods.layouts.layout_2023 import ALL_CASES, ITEM_BY_CODE, YES_NO, Category, as_coded, categories

YES = YES_NO[1].code


@dataclass(frozen=True)
class Group:
    """One block of rows: `item` is its published id, `column` the column of marts.cases that holds its categories."""

    item: str
    column: str
    label: str
    categories: tuple[Category, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The stored codes in published order."""
        return tuple(category.code for category in self.categories)


@dataclass(frozen=True)
class Measure:
    """One column of a table.

    `code` is the column of marts.cases with the answers (yes / no); a mean counts the yes among `parts` instead.
    `among` names the column that must be yes for a case to be asked at all; `of_group` says that the percentage is
    of the whole group, answered or not (Tables C1 and C2).
    """

    table_id: str
    code: str
    label: str
    parts: tuple[str, ...] = ()
    among: str = ""
    of_group: bool = False

    @property
    def is_mean(self) -> bool:
        return bool(self.parts)

    @property
    def unit(self) -> str:
        return "mean_count" if self.is_mean else "percent"


TABLE_TITLES = {
    "C1": "Factors linked to offending: prevalence rates",
    "C2": "Strengths and protective factors: prevalence rates",
    "C3": "Sufficiency of assessment, planning and delivery in addressing needs",
    "C4": "Sufficiency of assessment, planning and delivery in building upon strengths",
    "C5": "Sufficiency of delivery against identified needs",
    "C6": "Sufficiency of delivery in building upon identified strengths",
}
DECIMALS = 1

NEEDS = {
    "accommodation": "Accommodation",
    "ete": "ETE",
    "family": "Family and relationships",
    "lifestyle": "Lifestyle",
    "alcohol": "Alcohol misuse",
    "drugs": "Drug misuse",
    "thinking": "Thinking and behaviour",
    "attitudes": "Attitudes to offending",
}
STRENGTHS = {
    "family": "Family and relationships",
    "social_group": "Having a place within a social group",
    "motivation": "Motivation to change",
    "employment": "Employment",
    "identity": "Non-criminal identity",
}
NEED_COLUMNS = tuple(f"need_{need}" for need in NEEDS)
STRENGTH_COLUMNS = tuple(f"strength_{strength}" for strength in STRENGTHS)

EVERYBODY = Group("all_cases", "", "All cases", ALL_CASES.categories)
# The seven candidates of the stepwise models, in the order of the tables.
GROUPS = (
    Group("provider_type", "provider_type", "Provider", categories(crc="CRC", nps="NPS")),
    Group("gender", "gender", "Gender", ITEM_BY_CODE["gender"].categories),
    Group("age_group", "age_group_2020", "Age group", as_coded("18-20", "21-24", "25-29", "30-39", "40-49", "50+")),
    Group("ethnicity", "ethnicity", "Ethnic group", ITEM_BY_CODE["ethnicity"].categories),
    Group(
        "case_type",
        "case_type",
        "Supervision type",
        categories(community="Community sentence", post_release="Post-custody"),
    ),
    Group(
        "ogrs_group",
        "ogrs_group_2020",
        "Likelihood of reoffending",
        categories(low="Low", medium="Medium", high_very_high="High/Very high"),
    ),
    Group("rosh_group", "rosh_group", "Risk of serious harm", ITEM_BY_CODE["rosh_group"].categories),
)
GROUP_BY_ITEM = {group.item: group for group in GROUPS}

MEASURES = (
    *(Measure("C1", f"need_{need}", label, of_group=True) for need, label in NEEDS.items()),
    Measure("C1", "mean_needs", "Mean number of needs", parts=NEED_COLUMNS, of_group=True),
    *(Measure("C2", f"strength_{strength}", label, of_group=True) for strength, label in STRENGTHS.items()),
    Measure("C2", "mean_strengths", "Mean number of strengths", parts=STRENGTH_COLUMNS, of_group=True),
    Measure("C3", "assessment_needs", "Does assessment identify offending-related factors?"),
    Measure(
        "C3",
        "planning_needs",
        "Does planning sufficiently reflect offending-related factors and prioritise those which are most critical?",
    ),
    Measure(
        "C3",
        "services_reduce_reoffending",
        "Are the delivered services those most likely to reduce reoffending and support desistance?",
    ),
    Measure(
        "C4", "assessment_strengths", "Does assessment identify the service user's strengths and protective factors?"
    ),
    Measure(
        "C4",
        "planning_strengths",
        "Does planning build on the service user's strengths and protective factors, utilising potential sources "
        "of support?",
    ),
    Measure(
        "C4",
        "strengths_built_upon",
        "Does the delivery of services build upon the service user's strengths and enhance protective factors?",
    ),
    *(Measure("C5", f"delivery_{need}", label, among=f"need_{need}") for need, label in NEEDS.items()),
    *(
        Measure("C6", f"building_{strength}", label, among=f"strength_{strength}")
        for strength, label in STRENGTHS.items()
    ),
)
MEASURE_BY_CODE = {measure.code: measure for measure in MEASURES}
# Every measure but the means has a stepwise model.
MODELLED = tuple(measure for measure in MEASURES if not measure.is_mean)
# Which removal test the published selections make (our choice: the bulletin does not name its own).
PUBLISHED_REMOVAL = "likelihood_ratio"


def rows() -> Iterator[tuple[Group, Category, Measure]]:
    """Every row of results.annex_c (816) in the published order: table, then group and category, then measure."""
    for table_id in TABLE_TITLES:
        measures = [measure for measure in MEASURES if measure.table_id == table_id]
        for group in (EVERYBODY, *GROUPS):
            for category in group.categories:
                for measure in measures:
                    yield group, category, measure
