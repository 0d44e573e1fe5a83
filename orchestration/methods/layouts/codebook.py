"""The columns of marts.cases in words: what each holds, and what its codes stand for, in published order.

Belongs here: a label for every column and every code that the mart knows, for tables with words in them and for files
of other programs. Not here: the words of an annex table, which `layout_2023` and `layout_2020` have and this takes up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from orchestration.methods.layouts.layout_2020 import GROUP_BY_ITEM, MEASURES, NEEDS, STRENGTHS
from orchestration.methods.layouts.layout_2023 import ANNEX_B, ITEM_BY_CODE, YES_NO, Category, as_coded, categories
from orchestration.methods.layouts.specification import INTERVAL_CONTROLS


@dataclass(frozen=True)
class Described:
    """A column and its label; `categories` in order where it holds codes, none where it holds numbers or names."""

    column: str
    label: str
    categories: tuple[Category, ...] = ()

    @property
    def labels(self) -> dict[str, str]:
        """Code -> label, in order."""
        return {category.code: category.label for category in self.categories}

    @property
    def is_number(self) -> bool:
        """Whether the mart holds its codes as numbers or truth values, which are counted as they are."""
        return self.categories == ZERO_ONE

    def with_codes(self, codes: Iterable[str]) -> "Described":
        """The same with further codes behind those known, each in its own words."""
        return replace(self, categories=(*self.categories, *as_coded(*codes)))


ZERO_ONE = (Category("0", "No"), Category("1", "Yes"))
STATUSES = categories(
    matched="Matched",
    no_person="No record of the person",
    no_record_in_window="No record within the window",
    ambiguous="Ambiguous",
)
TIERS = categories(
    reviewed="A reviewer's decision",
    number_and_birthday="Number and birthday",
    number_and_name="Number and name",
    names_and_birthday="Names and birthday",
    near="Nearly or in part",
    probable="Splink's word and birthday",
)
REASONS = categories(
    ran_full_course="Ran its full course",
    early_good_progress="Ended early for good progress",
    early_conviction="Ended early: conviction of an offence",
    early_failure_to_comply="Ended early: failure to comply",
    early_other="Ended early: other reasons",
    excluded="Left out",
)
TERMINATION_OUTCOMES = categories(positive="Positive", negative="Negative", excluded="Left out of the analysis")
ROSH_LEVELS = ITEM_BY_CODE["ogrs_group"].categories


def _questions() -> list[Described]:
    """The answers that Annex C asks and Annex B does not."""
    known = {item.item for item in ANNEX_B}
    own = [measure for measure in MEASURES if measure.table_id in ("C3", "C4") and measure.code not in known]
    return [
        *(Described(measure.code, measure.label, YES_NO) for measure in own),
        *(Described(f"need_{code}", f"Need: {label}", YES_NO) for code, label in NEEDS.items()),
        *(Described(f"delivery_{code}", f"Delivery against need: {label}", YES_NO) for code, label in NEEDS.items()),
        *(Described(f"strength_{code}", f"Strength: {label}", YES_NO) for code, label in STRENGTHS.items()),
        *(Described(f"building_{code}", f"Delivery on strength: {label}", YES_NO) for code, label in STRENGTHS.items()),
    ]


def _groups_of_2020() -> list[Described]:
    """The groups of Annex C that have columns of their own."""
    return [
        Described(group.column, f"{group.label} (2020/03)", group.categories)
        for group in GROUP_BY_ITEM.values()
        if group.column.endswith("_2020")
    ]


_DESCRIBED = (
    Described("case_key", "Key of the case"),
    Described("provider", "Provider"),
    Described("provider_type", "Provider type", GROUP_BY_ITEM["provider_type"].categories),
    *(Described(term.name, term.label) for term in INTERVAL_CONTROLS),
    *(Described(item.item, item.label, item.categories) for item in ANNEX_B if item.item != "all_cases"),
    *_groups_of_2020(),
    *_questions(),
    Described("start_years", "Years of the start", as_coded("to 2016", "2017", "2018", "from 2019")),
    Described("rosh_level", "Risk of serious harm, level", ROSH_LEVELS),
    Described("services_available", "Services were available (the responsible officer's view)", YES_NO),
    Described("termination_status", "How the search for a termination ended", STATUSES),
    Described("termination_matched", "Matched to a termination", ZERO_ONE),
    Described("termination_tier", "How certain the link to the termination is", TIERS),
    Described("termination_reason", "Why the sentence ended", REASONS),
    Described("termination_outcome", "Termination", TERMINATION_OUTCOMES),
    Described("reoffending_status", "How the search for a reoffending record ended", STATUSES),
    Described("reoffending_matched", "Matched to a reoffending record", ZERO_ONE),
    Described("reoffending_tier", "How certain the link to the reoffending record is", TIERS),
    Described("reoffended", "Reoffended within one year", ZERO_ONE),
    Described("reoffences", "Number of proven reoffences"),
    Described("days_to_first_reoffence", "Days to the first reoffence"),
    Described("days_to_fieldwork", "Days from the start to the fieldwork"),
)
CODEBOOK = {described.column: described for described in _DESCRIBED}
