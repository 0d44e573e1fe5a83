"""The findings in words.

Belongs here: sentences made from the results tables; whether something is higher or lower, significant or not,
is read from the tables, so that the words follow the data. Not here: any figure of its own, the page's layout.
"""

from dataclasses import dataclass

from orchestration.methods import layout
from orchestration.publications import formatting
from orchestration.publications.figure_catalogue import FIGURES_BY_ID, LIKELIHOOD_LABELS, LIKELIHOOD_LEVELS
from orchestration.publications.results_reader import Record, Results


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
    "desistance", "desistance", "delivery was judged to support the person's desistance effectively", "it was not"
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
_LEADS = {
    "termination_positive": "{value} of terminations were positive (n={n})",
    "reoffended": "{value} reoffended within one year (n={n})",
    "reoffences": "those who reoffended committed {value} reoffences on average (n={n})",
}
_SHORT = {
    "termination_positive": "sentence completion",
    "reoffended": "whether people reoffended",
    "reoffences": "how often those who reoffended did so",
}


def rates_sentence(results: Results, judgement: Judgement, outcome: str) -> str:
    """The two rates or means of a judgement, each with n, and the difference between them."""
    yes, no = results.cell(judgement.item, "yes", outcome), results.cell(judgement.item, "no", outcome)
    if not _has_value(yes) or not _has_value(no):
        return f"The data hold too few cases to show {_SHORT[outcome]} by {judgement.name}."
    lead = _LEADS[outcome].format(value=_value(yes, outcome), n=formatting.number(yes["n"]))  # type: ignore[index]
    other = f"{_value(no, outcome)} (n={formatting.number(no['n'])}) where {judgement.where_no}"  # type: ignore[index]
    return f"{lead[:1].upper()}{lead[1:]} where {judgement.where_yes}, against {other}: {_difference(yes, no, outcome)}."


def association_sentence(results: Results, judgement: Judgement, outcome: str) -> str:
    """What the regression says about the judgement, the controls accounted for."""
    significant = results.is_significant(judgement.item, outcome)
    if significant is None:
        return f"The regression could not estimate the association with {_SHORT[outcome]}."
    item = layout.ITEM_BY_CODE[judgement.item]
    effect = results.coefficient(outcome, item.judgements, f"{judgement.item}=yes")
    tested = results.cell(judgement.item, "yes", outcome)
    p = formatting.p_phrase(tested["p_value"]) if tested else ""
    detail = f"{_ratio(effect, outcome, results.significance_level)}{p}"
    if not significant:
        return f"Accounting for the other variables, there is no statistically significant association ({detail})."
    reverse = " In the regression the association runs the other way from these raw figures." if _reverses(
        results, judgement, outcome, effect
    ) else ""  # fmt: skip
    return f"Accounting for the other variables, the association is statistically significant ({detail}).{reverse}"


def finding(results: Results, judgement: Judgement, outcome: str) -> str:
    """Rates and association together, one paragraph."""
    return f"{rates_sentence(results, judgement, outcome)} {association_sentence(results, judgement, outcome)}"


def combined_findings(results: Results) -> list[str]:
    """Both key questions positive against both negative (2023/04, Key findings), one sentence an outcome."""
    sentences = []
    for outcome, headline, rate in (
        ("termination_positive", "both_kq_completion_gap", "the sentence completion rate"),
        ("reoffended", "both_kq_reoffending_gap", "the reoffending rate"),
    ):
        yes = results.bar("combined", "both_yes", outcome)
        no = results.bar("combined", "both_no", outcome)
        gap = results.headline(headline)
        if gap is None or not _has_value(yes) or not _has_value(no):
            continue
        sentences.append(_combined_sentence(yes, no, gap, rate))  # type: ignore[arg-type]
    return sentences


def _combined_sentence(yes: Record, no: Record, gap: Record, rate: str) -> str:
    size = formatting.number(abs(float(gap["value_published"])), 0)
    direction = "higher" if yes["value"] > no["value"] else "lower"
    apart = "was the same" if float(gap["value_published"]) == 0 else f"was {size} percentage points {direction}"
    return (
        f"Where inspectors judged that delivery both engaged the person on probation and supported their desistance, {rate} "
        f"{apart}: {_percent_n(yes)}, against {_percent_n(no)} where both judgements were negative."
    )


def matching_findings(results: Results) -> list[str]:
    """How many cases were matched, and which groups better (2023/04, section 2 and Annex A)."""
    sentences = []
    for source, subject in (("reoffending", "the reoffending data"), ("terminations", "the terminations data (community sentences only)")):
        rate = results.match_rate(source, "all_cases", "all")
        if rate is None or formatting.is_missing(rate["rate"]):
            continue
        counted = f"{formatting.number(rate['matched'])} of {formatting.number(rate['eligible'])} cases"
        sentences.append(f"{counted} ({formatting.number(rate['rate'], 1, '%')}) were matched to {subject}.")
        for item, low, high in (("ogrs_group", "low", "high_very_high"), ("rosh_group", "low_medium", "high_very_high")):
            sentences += _matching_difference(results, source, item, low, high)
    return sentences


def _matching_difference(results: Results, source: str, item: str, low: str, high: str) -> list[str]:
    lower, higher = results.match_rate(source, item, low), results.match_rate(source, item, high)
    if lower is None or higher is None or formatting.is_missing(lower["rate"]) or formatting.is_missing(higher["rate"]):
        return []
    p = lower["p_value"]
    differs = not formatting.is_missing(p) and float(p) < results.significance_level
    name = layout.ITEM_BY_CODE[item].label.lower()
    rates = (
        f"{formatting.number(lower['rate'], 0, '%')} at {low.replace('_', ' or ')} {name}, "
        f"{formatting.number(higher['rate'], 0, '%')} at high or very high"
    )
    direction = "better" if lower["rate"] > higher["rate"] else "worse"
    if differs:
        return [f"Cases at lower {name} were matched {direction} ({rates}; {formatting.p_phrase(p)} over its categories)."]
    return [f"Match rates did not differ significantly by {name} ({rates})."]


def outcome_findings(results: Results) -> list[str]:
    """The headline figures of the matched cases (2023/04, section 2)."""
    h, n = results.headline_text, _overall_n(results)
    return [
        f"{h('term_positive_pct')} of terminations were for positive reasons (n={n['termination_positive']}).",
        f"{h('reoffended_pct')} of the individuals had reoffended within the one-year follow-up (n={n['reoffended']}).",
        f"Those who had reoffended committed {h('reoffences_mean')} reoffences on average (n={n['reoffences']}); "
        f"{h('reoffences_three_or_fewer_pct')} of them committed three or fewer, and the commonest number was "
        f"{h('reoffences_mode')}.",
    ]


def key_question_findings(results: Results) -> list[str]:
    """How often the two key questions were answered yes, of all inspected cases."""
    return [
        f"In {results.headline_text('kq_engagement_yes_pct')} of cases (n={results.headline_n('kq_engagement_yes_pct')}) "
        "the sentence or post-custody period was judged to be implemented effectively with a focus on engaging the person.",
        f"In {results.headline_text('kq_desistance_yes_pct')} of cases (n={results.headline_n('kq_desistance_yes_pct')}) "
        "implementation and delivery were judged to support the person's desistance effectively.",
    ]


def likelihood_gaps(results: Results, figure_id: str) -> str:
    """How the difference between yes and no varies with the likelihood of reoffending."""
    outcome = FIGURES_BY_ID[figure_id].outcome
    parts = []
    for level in LIKELIHOOD_LEVELS:
        yes, no = results.bar(figure_id, "yes", level), results.bar(figure_id, "no", level)
        if _has_value(yes) and _has_value(no):
            parts.append(f"{_difference(yes, no, outcome)} at {LIKELIHOOD_LABELS[level].lower()}")
    return f"By level of likelihood of reoffending, the positive judgement went with: {'; '.join(parts)}." if parts else ""


def prompt_findings(results: Results) -> list[str]:
    """Which prompts are significantly associated with each outcome, by name."""
    prompts = [item for item in layout.ENGAGEMENT + layout.DESISTANCE if not item.is_key_question]
    sentences = []
    for outcome in layout.OUTCOMES:
        names = [PROMPT_NAMES[item.item] for item in prompts if results.is_significant(item.item, outcome.code)]
        listed = ", ".join(names) if names else "none"
        sentences.append(f"Significantly associated with {_SHORT[outcome.code]}: {listed} (of {len(prompts)} prompts).")
    return sentences


def control_findings(results: Results) -> list[str]:
    """Which characteristics are significant for each outcome."""
    sentences = []
    for outcome in layout.OUTCOMES:
        names = [item.label.lower() for item in layout.CHARACTERISTICS if results.is_significant(item.item, outcome.code)]
        sentences.append(f"For {_SHORT[outcome.code]}: {', '.join(names) if names else 'none'}.")
    return sentences


def strengths_finding(results: Results, outcome: str) -> str:
    """Building upon strengths, with the third group: no relevant strengths identified."""
    none = results.cell(STRENGTHS.item, "none_present", outcome)
    text = rates_sentence(results, STRENGTHS, outcome)
    if _has_value(none):
        value = f"{_value(none, outcome)} (n={formatting.number(none['n'])})"  # type: ignore[index]
        text += f" Where no relevant strengths were identified, the figure was {value}."
    significant = results.is_significant(STRENGTHS.item, outcome)
    if significant is None:
        return f"{text} The regression could not estimate the association."
    tested = results.cell(STRENGTHS.item, "yes", outcome)
    p = formatting.p_phrase(tested["p_value"]) if tested else ""
    verdict = "is statistically significant" if significant else "is not statistically significant"
    return f"{text} Taken over all three answers, the association {verdict} in the regression ({p})."


def key_findings(results: Results) -> list[str]:
    """The page's opening list, after the combined finding: significance of the key questions, and the outcomes."""
    sentences = [_key_question_summary(results, judgement) for judgement in (ENGAGEMENT, DESISTANCE)]
    return [*sentences, *outcome_findings(results)]


def _key_question_summary(results: Results, judgement: Judgement) -> str:
    verdicts: dict[bool | None, list[str]] = {True: [], False: [], None: []}
    for outcome in layout.OUTCOMES:
        verdicts[results.is_significant(judgement.item, outcome.code)].append(_SHORT[outcome.code])
    opening = f"The key question on {judgement.name}, the other variables accounted for:"
    parts = [
        f"{words} {_joined(verdicts[verdict])}"
        for verdict, words in (
            (True, "significantly associated with"),
            (False, "not significantly associated with"),
            (None, "no estimate for"),
        )
        if verdicts[verdict]
    ]
    return f"{opening} {'; '.join(parts)}."


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


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


def _overall_n(results: Results) -> dict[str, str]:
    found = {outcome.code: results.cell("all_cases", "all", outcome.code) for outcome in layout.OUTCOMES}
    return {code: formatting.number(cell["n"]) if cell else formatting.NOT_APPLICABLE for code, cell in found.items()}


def _difference(yes: Record | None, no: Record | None, outcome: str) -> str:
    """The difference in words, from unrounded values: percentage points, or reoffences on average."""
    gap = float(yes["value"]) - float(no["value"])  # type: ignore[index]
    decimals, unit = (2, "reoffences on average") if outcome == "reoffences" else (0, "percentage points")
    size = formatting.half_up(abs(gap), decimals)
    if size == 0:
        return "no difference"
    comparison = ("more" if gap > 0 else "fewer") if outcome == "reoffences" else ("higher" if gap > 0 else "lower")
    return f"{size} {comparison} {unit}" if outcome == "reoffences" else f"{size} {unit} {comparison}"


def _value(cell: Record | None, outcome: str) -> str:
    return formatting.measure(cell["value"], layout.OUTCOME_BY_CODE[outcome].unit)  # type: ignore[index]


def _percent_n(bar: Record) -> str:
    return f"{formatting.number(bar['value'], 1, '%')} (n={formatting.number(bar['n'])})"


def _has_value(record: Record | None) -> bool:
    return record is not None and not formatting.is_missing(record["value"])


def _ratio(effect: Record | None, outcome: str, level: float) -> str:
    if effect is None or not effect["estimable"] or formatting.is_missing(effect["ci_low"]):
        return ""
    name = "incidence rate ratio" if outcome == "reoffences" else "odds ratio"
    low, high = formatting.number(effect["ci_low"], 2), formatting.number(effect["ci_high"], 2)
    return f"{name} {formatting.number(effect['exp_estimate'], 2)}, {100 * (1 - level):g}% interval {low} to {high}, "


def _reverses(results: Results, judgement: Judgement, outcome: str, effect: Record | None) -> bool:
    yes, no = results.cell(judgement.item, "yes", outcome), results.cell(judgement.item, "no", outcome)
    if effect is None or not effect["estimable"] or not _has_value(yes) or not _has_value(no):
        return False
    return (float(effect["estimate"]) > 0) != (yes["value"] > no["value"])  # type: ignore[index]


