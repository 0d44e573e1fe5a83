"""The findings in words.

Belongs here: sentences made from the results tables; whether something is higher or lower, significant or
not, is read there, so that the words follow the data. Not here: any figure of its own, the page's layout.
"""

from orchestration.methods.layouts import layout_2023
from orchestration.publications.bulletin_2023_04.associations import DESISTANCE, ENGAGEMENT, SHORT, Judgement, has_value
from orchestration.publications.bulletin_2023_04.results_reader import OutcomeResults
from orchestration.publications.shared import formatting
from orchestration.publications.shared.records import Record
from orchestration.publications.shared.words import PROMPT_NAMES


def combined_findings(results: OutcomeResults) -> list[str]:
    """Both key questions positive against both negative (2023/04, Key findings), one sentence an outcome."""
    sentences = []
    for outcome, headline, rate in (
        ("termination_positive", "both_kq_completion_gap", "the sentence completion rate"),
        ("reoffended", "both_kq_reoffending_gap", "the reoffending rate"),
    ):
        yes = results.bar("combined", "both_yes", outcome)
        no = results.bar("combined", "both_no", outcome)
        gap = results.headline(headline)
        if gap is None or not has_value(yes) or not has_value(no):
            continue
        interval = results.gap_interval(outcome, "both")
        sentences.append(_combined_sentence(yes, no, gap, rate, interval))  # type: ignore[arg-type]
    return sentences


def _combined_sentence(yes: Record, no: Record, gap: Record, rate: str, interval: str) -> str:
    size = abs(float(gap["value_published"]))
    direction = "higher" if yes["value"] > no["value"] else "lower"
    apart = f"was {formatting.points(size)} {direction}{interval}" if size else "was the same"
    return (
        "Where inspectors judged that delivery both engaged the person on probation and supported their "
        f"desistance, {rate} {apart}: {_percent_n(yes)}, against {_percent_n(no)} where both judgements "
        "were negative."
    )


def matching_findings(results: OutcomeResults) -> list[str]:
    """How many cases were matched, and which groups better (2023/04, section 2 and Annex A)."""
    sentences = []
    for source, subject in (
        ("reoffending", "the reoffending data"),
        ("terminations", "the terminations data (community sentences only)"),
    ):
        rate = results.match_rate(source, "all_cases", "all")
        if rate is None or formatting.is_missing(rate["rate"]):
            continue
        counted = f"{formatting.number(rate['matched'])} of {formatting.number(rate['eligible'])} cases"
        sentences.append(f"{counted} ({formatting.number(rate['rate'], 1, '%')}) were matched to {subject}.")
        for item, low, high in (
            ("ogrs_group", "low", "high_very_high"),
            ("rosh_group", "low_medium", "high_very_high"),
        ):
            sentences += _matching_difference(results, source, item, low, high)
    return sentences


def _matching_difference(results: OutcomeResults, source: str, item: str, low: str, high: str) -> list[str]:
    lower, higher = results.match_rate(source, item, low), results.match_rate(source, item, high)
    if lower is None or higher is None or formatting.is_missing(lower["rate"]) or formatting.is_missing(higher["rate"]):
        return []
    p = lower["p_value"]
    name = layout_2023.ITEM_BY_CODE[item].label.lower()
    rates = (
        f"{formatting.number(lower['rate'], 0, '%')} at {low.replace('_', ' or ')} {name}, "
        f"{formatting.number(higher['rate'], 0, '%')} at high or very high"
    )
    direction = "better" if lower["rate"] > higher["rate"] else "worse"
    if formatting.is_missing(p):  # not estimable, or kept back
        return [f"Match rates by {name}: {rates}."]
    if float(p) < results.significance_level:
        return [
            f"Cases at lower {name} were matched {direction} ({rates}; {formatting.p_phrase(p)} over its categories)."
        ]
    return [f"Match rates did not differ significantly by {name} ({rates})."]


def outcome_findings(results: OutcomeResults) -> list[str]:
    """The headline figures of the matched cases (2023/04, section 2)."""
    h, n = results.headline_text, _overall_n(results)
    return [
        f"{h('term_positive_pct')} of terminations were for positive reasons (n={n['termination_positive']}).",
        f"{h('reoffended_pct')} of the individuals had reoffended within the one-year follow-up (n={n['reoffended']}).",
        f"Those who had reoffended committed {h('reoffences_mean')} reoffences on average "
        f"(n={n['reoffences']}); {h('reoffences_three_or_fewer_pct')} of them committed three or fewer, "
        f"and the commonest number was {h('reoffences_mode')}.",
    ]


def key_question_findings(results: OutcomeResults) -> list[str]:
    """How often the two key questions were answered yes, of all inspected cases."""
    return [
        f"In {results.headline_text('kq_engagement_yes_pct')} of cases "
        f"(n={results.headline_n('kq_engagement_yes_pct')}) the sentence or post-custody period was judged "
        "to be implemented effectively with a focus on engaging the person.",
        f"In {results.headline_text('kq_desistance_yes_pct')} of cases "
        f"(n={results.headline_n('kq_desistance_yes_pct')}) implementation and delivery were judged to "
        "support the person's desistance effectively.",
    ]


def prompt_findings(results: OutcomeResults) -> list[str]:
    """Which prompts are significantly associated with each outcome, by name."""
    prompts = [item.item for item in layout_2023.ENGAGEMENT + layout_2023.DESISTANCE if not item.is_key_question]
    sentences = []
    for outcome in layout_2023.OUTCOMES:
        verdicts = {prompt: results.is_significant(prompt, outcome.code) for prompt in prompts}
        found = [PROMPT_NAMES[prompt] for prompt, verdict in verdicts.items() if verdict]
        unknown = [PROMPT_NAMES[prompt] for prompt, verdict in verdicts.items() if verdict is None]
        listed = ", ".join(found) if found else "none"
        ending = f" Not estimable: {', '.join(unknown)}." if unknown else ""
        name = SHORT[outcome.code]
        sentences.append(f"Significantly associated with {name}: {listed} (of {len(prompts)} prompts).{ending}")
    return sentences


def control_findings(results: OutcomeResults) -> list[str]:
    """Which characteristics are significant for each outcome."""
    sentences = []
    for outcome in layout_2023.OUTCOMES:
        names = [
            item.label.lower()
            for item in layout_2023.CHARACTERISTICS
            if results.is_significant(item.item, outcome.code)
        ]
        sentences.append(f"For {SHORT[outcome.code]}: {', '.join(names) if names else 'none'}.")
    return sentences


def key_findings(results: OutcomeResults) -> list[str]:
    """The page's opening list, after the combined finding: the key questions, then the outcomes."""
    sentences = [_key_question_summary(results, judgement) for judgement in (ENGAGEMENT, DESISTANCE)]
    return [*sentences, *outcome_findings(results)]


def _key_question_summary(results: OutcomeResults, judgement: Judgement) -> str:
    verdicts: dict[bool | None, list[str]] = {True: [], False: [], None: []}
    for outcome in layout_2023.OUTCOMES:
        verdicts[results.is_significant(judgement.item, outcome.code)].append(SHORT[outcome.code])
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


def _overall_n(results: OutcomeResults) -> dict[str, str]:
    found = {outcome.code: results.cell("all_cases", "all", outcome.code) for outcome in layout_2023.OUTCOMES}
    return {code: formatting.number(cell["n"]) if cell else formatting.NOT_APPLICABLE for code, cell in found.items()}


def _percent_n(bar: Record) -> str:
    return f"{formatting.number(bar['value'], 1, '%')} (n={formatting.number(bar['n'])})"
