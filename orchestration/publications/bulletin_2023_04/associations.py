"""What is said about a judgement: its rates, their difference and what the regression makes of it.

Belongs here: sentences about one judgement and one outcome, read from the results tables. Not here: the lists
of findings (`findings.py`).
"""

from dataclasses import dataclass

from orchestration.methods.layouts import layout_2023
from orchestration.publications.bulletin_2023_04.figure_catalogue import (
    FIGURES_BY_ID,
    LIKELIHOOD_LABELS,
    LIKELIHOOD_LEVELS,
)
from orchestration.publications.bulletin_2023_04.results_reader import OutcomeResults
from orchestration.publications.shared import formatting
from orchestration.publications.shared.estimates import is_estimable
from orchestration.publications.shared.records import Record


@dataclass(frozen=True)
class Judgement:
    """How a judgement is worded where it was positive ("where ...") and where it was not."""

    item: str
    name: str
    where_yes: str
    where_no: str


ENGAGEMENT = Judgement(
    "engagement",
    "engagement",
    "implementation was judged effective, with a focus on engaging the person on probation",
    "it was not",
)
DESISTANCE = Judgement(
    "desistance",
    "desistance",
    "delivery was judged to support the person's desistance effectively",
    "it was not",
)
SUPPORT = Judgement(
    "supports_completion",
    "support to complete the sentence",
    "efforts to enable the person to complete the sentence were judged sufficient",
    "they were not",
)
STRENGTHS = Judgement(
    "strengths_built_upon",
    "building upon strengths",
    "delivery built upon strengths and protective factors",
    "it did not",
)
_ACCOUNTING = "Accounting for the other variables,"
_LEADS = {
    "termination_positive": "{value} of terminations were positive (n={n})",
    "reoffended": "{value} reoffended within one year (n={n})",
    "reoffences": "those who reoffended committed {value} reoffences on average (n={n})",
}
SHORT = {
    "termination_positive": "sentence completion",
    "reoffended": "whether people reoffended",
    "reoffences": "how often those who reoffended did so",
}


def rates_sentence(results: OutcomeResults, judgement: Judgement, outcome: str) -> str:
    """The two rates or means of a judgement, each with n, and the difference between them."""
    yes, no = results.cell(judgement.item, "yes", outcome), results.cell(judgement.item, "no", outcome)
    if not has_value(yes) or not has_value(no):
        return f"The data hold too few cases to show {SHORT[outcome]} by {judgement.name}."
    lead = _LEADS[outcome].format(value=_value(yes, outcome), n=formatting.number(yes["n"]))  # type: ignore[index]
    other = f"{_value(no, outcome)} (n={formatting.number(no['n'])}) where {judgement.where_no}"  # type: ignore[index]
    gap = _difference(yes, no, outcome) + results.gap_interval(outcome, judgement.item)
    return f"{lead[:1].upper()}{lead[1:]} where {judgement.where_yes}, against {other}: {gap}."


def association_sentence(results: OutcomeResults, judgement: Judgement, outcome: str) -> str:
    """What the regression says about the judgement, the controls accounted for."""
    significant = results.is_significant(judgement.item, outcome)
    if significant is None:
        return f"The regression could not estimate the association with {SHORT[outcome]}."
    item = layout_2023.ITEM_BY_CODE[judgement.item]
    effect = results.coefficient(outcome, item.judgements, f"{judgement.item}=yes")
    tested = results.cell(judgement.item, "yes", outcome)
    p = formatting.p_phrase(tested["p_value"]) + results.adjusted_p(outcome, judgement.item) if tested else ""
    detail = f"{_ratio(effect, outcome, results.significance_level)}{p}"
    if not significant:
        return f"{_ACCOUNTING} there is no statistically significant association ({detail})."
    reverse = " In the regression the association runs the other way from these raw figures." if _reverses(
        results, judgement, outcome, effect
    ) else ""  # fmt: skip
    return f"{_ACCOUNTING} the association is statistically significant ({detail}).{reverse}"


def finding(results: OutcomeResults, judgement: Judgement, outcome: str) -> str:
    """Rates and association together, one paragraph."""
    return f"{rates_sentence(results, judgement, outcome)} {association_sentence(results, judgement, outcome)}"


def likelihood_gaps(results: OutcomeResults, figure_id: str) -> str:
    """How the difference between yes and no varies with the likelihood of reoffending."""
    outcome = FIGURES_BY_ID[figure_id].outcome
    parts = []
    for level in LIKELIHOOD_LEVELS:
        yes, no = results.bar(figure_id, "yes", level), results.bar(figure_id, "no", level)
        if has_value(yes) and has_value(no):
            parts.append(f"{_difference(yes, no, outcome)} at {LIKELIHOOD_LABELS[level].lower()}")
    return (
        f"By level of likelihood of reoffending, the positive judgement went with: {'; '.join(parts)}." if parts else ""
    )


def strengths_finding(results: OutcomeResults, outcome: str) -> str:
    """Building upon strengths, with the third group: no relevant strengths identified."""
    none = results.cell(STRENGTHS.item, "none_present", outcome)
    text = rates_sentence(results, STRENGTHS, outcome)
    if has_value(none):
        value = f"{_value(none, outcome)} (n={formatting.number(none['n'])})"  # type: ignore[index]
        text += f" Where no relevant strengths were identified, the figure was {value}."
    significant = results.is_significant(STRENGTHS.item, outcome)
    if significant is None:
        return f"{text} The regression could not estimate the association."
    tested = results.cell(STRENGTHS.item, "yes", outcome)
    p = formatting.p_phrase(tested["p_value"]) if tested else ""
    verdict = "is statistically significant" if significant else "is not statistically significant"
    text += f" Taken over all three answers, the association {verdict} in the regression ({p})."
    return f"{text}{_built_upon_or_not(results, outcome)}"


def _built_upon_or_not(results: OutcomeResults, outcome: str) -> str:
    """The first two answers alone: the association of all three may rest on the third."""
    effect = results.coefficient(outcome, "prompts", f"{STRENGTHS.item}=yes")
    ratio = _ratio(effect, outcome, results.significance_level)
    if effect is None or not ratio:
        return ""
    verdict = "differ" if float(effect["p"]) < results.significance_level else "do not differ"
    return (
        f" Delivery that built upon strengths and delivery that did not, where there were any, {verdict} "
        f"significantly ({ratio}{formatting.p_phrase(effect['p'])})."
    )


def _difference(yes: Record | None, no: Record | None, outcome: str) -> str:
    """The difference in words, from unrounded values: percentage points, or reoffences."""
    gap = float(yes["value"]) - float(no["value"])  # type: ignore[index]
    if outcome == "reoffences":
        size = formatting.half_up(abs(gap), 2)
        return f"{formatting.number(size, 2)} {'more' if gap > 0 else 'fewer'} on average" if size else "no difference"
    size = formatting.half_up(abs(gap), 0)
    return f"{formatting.points(size)} {'higher' if gap > 0 else 'lower'}" if size else "no difference"


def _value(cell: Record | None, outcome: str) -> str:
    return formatting.measure(cell["value"], layout_2023.OUTCOME_BY_CODE[outcome].unit)  # type: ignore[index]


def has_value(record: Record | None) -> bool:
    """Whether a row was found and holds a value."""
    return record is not None and not formatting.is_missing(record["value"])


def _ratio(effect: Record | None, outcome: str, level: float) -> str:
    if effect is None or not is_estimable(effect) or formatting.is_missing(effect["ci_low"]):
        return ""
    name = "incidence rate ratio" if outcome == "reoffences" else "odds ratio"
    low, high = formatting.number(effect["ci_low"], 2), formatting.number(effect["ci_high"], 2)
    estimate = formatting.number(effect["exp_estimate"], 2)
    return f"{name} {estimate}, {formatting.interval_name(level)} {low} to {high}, "


def _reverses(results: OutcomeResults, judgement: Judgement, outcome: str, effect: Record | None) -> bool:
    yes, no = results.cell(judgement.item, "yes", outcome), results.cell(judgement.item, "no", outcome)
    if effect is None or not is_estimable(effect) or not has_value(yes) or not has_value(no):
        return False
    return (float(effect["estimate"]) > 0) != (yes["value"] > no["value"])  # type: ignore[index]
