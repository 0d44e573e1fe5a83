"""Limitations, method and the bulletin's contradictions, in words.

Belongs here: what a reader must know before using a figure. Not here: the findings (`findings.py`).
"""

from collections.abc import Mapping
from typing import Any

from orchestration.methods.layouts import layout_2023
from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.publications.bulletin_2023_04.results_reader import OutcomeResults
from orchestration.publications.shared import formatting
from orchestration.publications.shared.estimates import is_estimable
from orchestration.publications.shared.records import Record
from orchestration.publications.shared.words import PROMPT_NAMES


def limitations(results: OutcomeResults) -> list[str]:
    """The limits of the findings (2023/04, sections 1 and 3, Annex A), with this release's figures."""
    return [
        "Association is not cause. Inspectors judge supervision knowing how a case has gone so far, and "
        "people who comply are easier to engage; the models account for the listed characteristics and "
        "for nothing else. Probation is one among many influences on a person's life.",
        _many_tests(results),
        "Proven reoffending is a proxy for reoffending: it depends on offences being reported, detected "
        "and convicted, and so on local police activity and priorities. A yes or no, or a count, does not "
        "capture severity, nor desistance as a gradual and uneven process.",
        _unmatched(results),
        "Cases with a missing value in any variable of a model are left out of that model (Table R9); "
        "Annex B counts every case with the outcome and the item present.",
        _truncation(results),
        *_fixed_dispersion(results),
        "Small groups give uncertain figures: n stands beside every figure for that reason.",
    ]


def _many_tests(results: OutcomeResults) -> str:
    tests = sum(len(model.terms) for model in BULLETIN_MODELS)
    level = results.significance_level
    by_chance = formatting.number(tests * level, 0)
    return (
        f"Many tests were made: {tests} terms in six models, each at the {100 * level:g} per cent level, "
        f"without adjustment. Were there no association at all, about {by_chance} would still come out "
        "significant by chance. p values are given so that readers can judge."
    )


def _unmatched(results: OutcomeResults) -> str:
    parts = []
    for source, name in (("reoffending", "reoffending"), ("terminations", "terminations")):
        rate = results.match_rate(source, "all_cases", "all")
        if rate is not None and not formatting.is_missing(rate["rate"]):
            lost = int(rate["eligible"]) - int(rate["matched"])
            parts.append(
                f"{formatting.number(lost)} of {formatting.number(rate['eligible'])} cases were not matched "
                f"to {name} data"
            )
    differing = _unequal_groups(results)
    ending = f" Match rates differ significantly by {', '.join(differing)}." if differing else ""
    counted = "; ".join(parts)
    return f"Unmatched cases are missing from the outcomes: {counted}. They may differ.{ending}"


def _unequal_groups(results: OutcomeResults) -> list[str]:
    found = []
    for item in layout_2023.CHARACTERISTICS:
        rates = [results.match_rate(source, item.item, item.codes[0]) for source in ("reoffending", "terminations")]
        if any(_is_below(rate, results.significance_level) for rate in rates):
            found.append(item.label.lower())
    return found


def _is_below(rate: Record | None, level: float) -> bool:
    return rate is not None and not formatting.is_missing(rate["p_value"]) and float(rate["p_value"]) < level


def _truncation(results: OutcomeResults) -> str:
    """Whether the zero-truncated model changes which judgements are significant for the count."""
    opening = (
        "The published model for the number of reoffences allows a count of zero, which nobody who "
        "reoffended can have, so it is misspecified."
    )
    changed = _changed_by(results, "ztnb")
    if changed is None:
        return f"{opening} No zero-truncated model is available in this release to compare it with."
    if not changed:
        return f"{opening} A zero-truncated model finds the same judgements significant (Table R11)."
    return f"{opening} A zero-truncated model disagrees on the significance of: {', '.join(changed)} (Table R11)."


def _fixed_dispersion(results: OutcomeResults) -> list[str]:
    """Whether another usual setting of the dispersion changes which judgements are significant for the count."""
    changed = _changed_by(results, "negbin1")
    if changed is None:
        return []
    opening = "The dispersion of the number of reoffences is estimated; other software fixes it at 1."
    if not changed:
        return [f"{opening} Then the same judgements are significant (Table R11)."]
    return [f"{opening} Then the significance of these differs: {', '.join(changed)} (Table R11)."]


def _changed_by(results: OutcomeResults, variant: str) -> list[str] | None:
    """Judgements whose significance for the count another model changes, with its p; None where there is none."""
    changed, compared = [], 0
    for model in BULLETIN_MODELS:
        for term in model.judgements if model.outcome == "reoffences" else ():
            ids = (model.model_id, f"{model.model_id}__{variant}")
            both = [_is_significant(results, model_id, term.name) for model_id in ids]
            compared += None not in both
            found = results.model_term(ids[1], term.name)
            if found is not None and None not in both and both[0] != both[1]:
                changed.append(f"{_name(term.name)} ({formatting.p_phrase(found['wald_p'])})")
    return changed if compared else None


def _is_significant(results: OutcomeResults, model_id: str, term: str) -> bool | None:
    """By the test of the whole term, as everywhere on the page; None where there is none."""
    found = results.model_term(model_id, term)
    if found is None or not is_estimable(found) or formatting.is_missing(found["wald_p"]):
        return None
    return float(found["wald_p"]) < results.significance_level


def _name(term: str) -> str:
    return PROMPT_NAMES.get(term, f"the {term} key question")


def method(results: OutcomeResults, parameters: Mapping[str, Any]) -> list[str]:
    """The method in short (2023/04, Annex A), with the parameters of this release."""
    window = parameters.get("match_window_days", "a number of")
    return [
        "Inspection cases were linked to terminations from the case management system (community "
        "sentences only) and to an extract of the Police National Computer, in two steps: the person, by "
        "combinations of identifiers, names and date of birth; then the record, by the sentence or "
        f"release date, at most {window} days apart, the closest one being taken. Several reoffending "
        "records of one person within the window are combined: reoffended in any, the highest number of "
        "reoffences, the earliest reoffence.",
        "A termination is positive when the sentence ran its full course or ended early for good "
        "progress, and negative when it ended early for a conviction or a failure to comply; other "
        "endings are left out. Reoffending is proven reoffending within "
        f"{parameters.get('followup_months', 12)} months, with {parameters.get('waiting_months', 6)} "
        "further months for a conviction.",
        "Each outcome was modelled twice: with the two key questions, and with the ten prompts. All "
        "models control for age, gender, ethnicity, previous sanctions, likelihood of reoffending and "
        "risk of serious harm, those of reoffending also for the type of case. Age, sanctions and "
        "likelihood enter as numbers; the tables group them. Positive termination and reoffending: "
        "logistic regression in two blocks. Number of reoffences of those who reoffended: negative "
        "binomial regression with a log link, its dispersion estimated by maximum likelihood.",
        f"Significance is the Wald test of the whole term at the {100 * results.significance_level:g} per "
        "cent level. Characteristics take it from the model with the prompts, key questions and prompts "
        "from their own. Percentages and means are rounded half up.",
    ]


CONTRADICTIONS = (
    "Matched terminations: its text has 1,634 of 1,788 community cases and 87 per cent (87.3 in Annex A), "
    "but 1,634 is 91 per cent of 1,788; its table and its counts of reasons add up to 1,643 analysed, or "
    "1,694 matched with the 51 that were excluded. The tables are followed, so the match rate here is that "
    "of all matched records.",
    "The groups of each characteristic fall short of the total, as in type of case (1,197 and 1,670 of "
    "2,885): every characteristic has some missing values. They are left out of that characteristic only.",
    "Fieldwork is said to end in June 2019 (Annex A) and in July 2019 (section 2). Dates of fieldwork do "
    "not enter the analysis.",
    "A p below .05 is read as 95 per cent certainty that a difference did not occur by chance. It is not: p is how "
    "often a difference at least as large would come up where there is none.",
)
