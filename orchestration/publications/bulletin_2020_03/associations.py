"""What is said about sub-groups: which measures differ by a characteristic, which way, and what the model makes of it.

Belongs here: sentences about one characteristic and the measures of one table of Annex C, read from the verdicts of the
stepwise models. Not here: the verdicts (`orchestration/methods/bulletin_2020_03`), other findings (`findings.py`).
"""

from collections.abc import Sequence

from orchestration.methods.bulletin_2020_03.subgroup_differences import UNORDERED
from orchestration.methods.layouts.layout_2020 import GROUP_BY_ITEM, GROUPS, MODELLED, Group, Measure
from orchestration.publications.bulletin_2020_03.figure_catalogue import STEP_OF_MEASURE
from orchestration.publications.bulletin_2020_03.results_reader import NeedsResults
from orchestration.publications.shared import formatting

THINGS = {
    "C1": "needs",
    "C2": "strengths",
    "C3": "judgements on needs",
    "C4": "judgements on strengths",
    "C5": "needs",
    "C6": "strengths",
}
_CATEGORIES = {
    "provider_type": {"crc": "CRC cases", "nps": "NPS cases"},
    "gender": {"male": "men", "female": "women"},
    "case_type": {"community": "community sentences", "post_release": "post-custody cases"},
}
_LEVELS = {"low": "a low", "medium": "a medium", "high_very_high": "a high or very high"}
HIGHER, LOWER, LEVEL = "Higher", "Lower", "No higher or lower"
_LEVELLED = ("ogrs_group", "rosh_group")


def measures_in(table_id: str) -> tuple[Measure, ...]:
    """The measures of a table that have a model."""
    return tuple(measure for measure in MODELLED if measure.table_id == table_id)


def measure_name(measure: Measure) -> str:
    """A measure inside a sentence: "drug misuse", "ETE", "planning"."""
    return formatting.lower_first(STEP_OF_MEASURE.get(measure.code, measure.label))


def category_name(item: str, code: str) -> str:
    """A category inside a sentence: "women", "a low likelihood of reoffending", "those aged 18-20"."""
    group = GROUP_BY_ITEM[item]
    if item in _LEVELLED:
        return f"{_LEVELS[code]} {formatting.lower_first(group.label)}"
    if item == "age_group":
        return f"those aged {code}"
    labels = {category.code: category.label for category in group.categories}
    return _CATEGORIES.get(item, labels)[code]


def all_differences(results: NeedsResults, table_id: str) -> list[str]:
    """One sentence a characteristic on the measures of a table."""
    return [differences(results, table_id, group.item) for group in GROUPS]


def differences(results: NeedsResults, table_id: str, item: str) -> str:
    """For how many measures of a table a characteristic was retained, for which, and which way they differ."""
    group, measures = GROUP_BY_ITEM[item], measures_in(table_id)
    verdicts = {measure: results.is_retained(measure.code, item) for measure in measures}
    retained = [measure for measure in measures if verdicts[measure]]
    opening = f"{group.label}: significant for {formatting.of_all(len(retained), len(measures), THINGS[table_id])}."
    parts = [opening, *_retained_parts(results, retained, group)]
    for verdict, words in ((False, "Not significant"), (None, "Could not be tested")):
        others = [measure_name(measure) for measure in measures if verdicts[measure] is verdict]
        if others and (retained or verdict is None):
            parts.append(f"{words}: {', '.join(others)}.")
    return " ".join(parts)


def _retained_parts(results: NeedsResults, retained: Sequence[Measure], group: Group) -> list[str]:
    if group.item in UNORDERED:
        ranges = [f"{measure_name(measure)} ({range_words(results, measure, group.item)})" for measure in retained]
        return [f"Lowest to highest: {', '.join(ranges)}."] if ranges else []
    first, last = group.codes[0], group.codes[-1]
    sorted_out: dict[str, list[str]] = {HIGHER: [], LOWER: [], LEVEL: []}
    for measure in retained:
        sorted_out[direction(results, measure, group.item)].append(
            f"{measure_name(measure)} ({contrast_words(results, measure, group)})"
        )
    compared = f"for {category_name(group.item, last)} than for {category_name(group.item, first)}"
    return [f"{words} {compared}: {', '.join(names)}." for words, names in sorted_out.items() if names]


def direction(results: NeedsResults, measure: Measure, item: str) -> str:
    """Whether the last category is above or below the first, from unrounded values: HIGHER, LOWER or LEVEL."""
    found = results.difference(measure.code, item)
    gap = None if found is None else found["last_less_first"]
    if formatting.is_missing(gap) or not float(gap):  # type: ignore[arg-type]
        return LEVEL
    return HIGHER if float(gap) > 0 else LOWER  # type: ignore[arg-type]


def contrast_words(results: NeedsResults, measure: Measure, group: Group) -> str:
    """The last category's percentage against the first's, and whether the model goes the other way."""
    first, last = (results.value_text(group.item, code, measure.code) for code in (group.codes[0], group.codes[-1]))
    effect = results.model_effect(measure.code, group.item, group.codes[-1])
    raw = direction(results, measure, group.item)
    is_reversed = effect is not None and raw != LEVEL and (effect > 0) != (raw == HIGHER)
    return f"{last} against {first}{'; in the model the other way round' if is_reversed else ''}"


def range_words(results: NeedsResults, measure: Measure, item: str) -> str:
    """The lowest and the highest category with their percentages: "24.3% Asian, 42.1% White"."""
    found = results.difference(measure.code, item)
    if found is None or formatting.is_missing(found["lowest_category"]):
        return formatting.NOT_APPLICABLE
    labels = {category.code: category.label for category in GROUP_BY_ITEM[item].categories}
    ends = [found["lowest_category"], found["highest_category"]]
    return ", ".join(f"{results.value_text(item, code, measure.code)} {labels[code]}" for code in ends)


def retained_summary(results: NeedsResults, table_id: str, item: str) -> str:
    """How many measures of a table differ by a characteristic, and how many of them which way."""
    group, measures = GROUP_BY_ITEM[item], measures_in(table_id)
    retained = [measure for measure in measures if results.is_retained(measure.code, item)]
    total = formatting.of_all(len(retained), len(measures), THINGS[table_id])
    if not retained or item in UNORDERED:
        return total
    ways = [direction(results, measure, item) for measure in retained]
    counts = {way: ways.count(way) for way in (HIGHER, LOWER, LEVEL) if way in ways}
    counted = [f"{'all' if count == len(ways) > 1 else count} {way.lower()}" for way, count in counts.items()]
    return f"{total} ({', '.join(counted)} for {category_name(item, group.codes[-1])})"
