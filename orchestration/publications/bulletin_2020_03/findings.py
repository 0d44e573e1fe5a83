"""The findings of Bulletin 2020/03 in words.

Belongs here: sentences made from the results tables; which is most frequent, what rises or falls, is read there, so
that the words follow the data. Not here: sub-group differences (`associations.py`), limits and method
(`caveats.py`).
"""

from collections.abc import Sequence
from itertools import pairwise

from orchestration.methods.bulletin_2020_03.headlines import HALF
from orchestration.methods.layouts.layout_2020 import GROUP_BY_ITEM, MEASURE_BY_CODE, Measure
from orchestration.publications.bulletin_2020_03.associations import (
    category_name,
    measure_name,
    measures_in,
    retained_summary,
)
from orchestration.publications.bulletin_2020_03.cooccurrence_tables import pair_label
from orchestration.publications.bulletin_2020_03.figure_data import ABOUT, ASPECTS
from orchestration.publications.bulletin_2020_03.results_reader import NeedsResults
from orchestration.publications.shared import formatting
from orchestration.publications.shared.records import Record

_BANDS = {"needs": ("4+", "four or more needs"), "strengths": ("2+", "two or more strengths")}
_RANKS = {
    "rank_odds_ratio": "odds ratio",
    "rank_lift": "lift",
    "rank_jaccard": "Jaccard index",
    "rank_percent_both": "share of cases with both",
}
_TAILORED = {"needs": "addressing needs", "strengths": "building upon strengths"}


def inspected(results: NeedsResults) -> list[str]:
    """Who was inspected (2020/03, section 2)."""
    text, n = results.headline_text, results.headline_n
    groups = [
        ("cases_crc", "were managed by CRCs"),
        ("cases_nps", "by the NPS"),
        ("cases_female", "were of women"),
        ("cases_post_custody", "were post-custody"),
        ("cases_rosh_high", "had a high or very high risk of serious harm"),
    ]
    shares = ", ".join(f"{text(name)} ({text(f'{name}_pct')}) {words}" for name, words in groups)
    likely = f"{text('cases_ogrs_high')} of the {n('cases_ogrs_high')} with a score ({text('cases_ogrs_high_pct')})"
    return [
        f"Inspectors assessed {text('cases_inspected_2020')} cases: {shares}; {likely} had a high or very high "
        "likelihood of reoffending."
    ]


def number_of(results: NeedsResults, kind: str) -> str:
    """How many needs or strengths cases have (2020/03, 2.2.1 and 2.2.2)."""
    band, words = _BANDS[kind]
    many = results.count(kind, band)
    if not has_cases(many):
        return f"No case was assessed, so the number of {kind} is not known."
    none, one = results.count(kind, "0"), results.count(kind, "1")
    return (
        f"In {_share(many)} of cases {words} were identified ({_of(many)}); in {_share(none)} none was, and in "
        f"{_share(one)} one."
    )


def has_cases(found: Record | None) -> bool:
    """Whether a row of results.needs_counts was found and rests on cases."""
    return found is not None and bool(found["n_cases"])


def _share(found: Record | None) -> str:
    return formatting.number(found["percent"] if found else None, 1, "%")


def _of(found: Record | None) -> str:
    return f"{formatting.number(found['n'])} of {formatting.number(found['n_cases'])}" if found else ""


def ranked(results: NeedsResults, measures: Sequence[Measure]) -> list[Measure]:
    """The measures that have a value for all cases, the highest first."""
    values = {measure: results.overall(measure.code) for measure in measures}
    known = {m: float(v["value"]) for m, v in values.items() if v is not None and not formatting.is_missing(v["value"])}
    return sorted(known, key=lambda measure: -known[measure])


def prevalence(results: NeedsResults, kind: str) -> str:
    """Which need or strength is identified most often, next and least often."""
    order = ranked(results, measures_in("C1" if kind == "needs" else "C2"))
    if len(order) < 2:
        return f"The data hold too few cases to compare {kind}."
    most, second, least = (_named(results, measure) for measure in (order[0], order[1], order[-1]))
    return (
        f"Of the {kind} considered, {most} was identified most often, followed by {second}; {least} was identified "
        "least often."
    )


def _named(results: NeedsResults, measure: Measure) -> str:
    return f"{measure_name(measure)} ({results.value_text('all_cases', 'all', measure.code)})"


def means(results: NeedsResults, kind: str) -> list[str]:
    """The mean number of needs or strengths by provider and along both kinds of risk (Figures 3 and 5)."""
    code = f"mean_{kind}"
    nps, crc = (results.value_text("provider_type", provider, code) for provider in ("nps", "crc"))
    sentences = [f"The mean number of {kind} was {nps} in NPS cases and {crc} in CRC cases."]
    for item in ("ogrs_group", "rosh_group"):
        levels = GROUP_BY_ITEM[item].codes
        cells = [results.cell(item, level, code) for level in levels]
        texts = [results.value_text(item, level, code) for level in levels]
        risk = GROUP_BY_ITEM[item].label.lower()
        sentences.append(f"By {risk}, it {_course(cells)}: {', '.join(texts[:-1])} and {texts[-1]} from low to high.")
    return sentences


def _course(cells: Sequence[Record | None]) -> str:
    """Whether values rise or fall from each level to the next."""
    values = [float(cell["value"]) for cell in cells if cell is not None and not formatting.is_missing(cell["value"])]
    steps = [after - before for before, after in pairwise(values)]
    if len(values) < len(cells):
        return "is not known at every level"
    if all(step > 0 for step in steps):
        return "increased with each level"
    return "decreased with each level" if all(step < 0 for step in steps) else "neither rose nor fell throughout"


def by_risk(results: NeedsResults, outcome: str, item: str) -> str:
    """One measure at the lowest and the highest level of a risk (2020/03, 2.2.1)."""
    levels = GROUP_BY_ITEM[item].codes
    low, high = (results.value_text(item, level, outcome) for level in (levels[0], levels[-1]))
    kind = "strength" if MEASURE_BY_CODE[outcome].table_id == "C2" else "need"
    name = measure_name(MEASURE_BY_CODE[outcome])
    return (
        f"{name[:1].upper()}{name[1:]}, as a {kind}: {low} of cases with {category_name(item, levels[0])}, {high} of "
        f"those with {category_name(item, levels[-1])}."
    )


def pair_findings(results: NeedsResults, kind: str) -> list[str]:
    """Which pair is related most strongly by the stated measure, and what the other measures make of it."""
    pairs = results.pairs(kind)
    if not pairs:
        return [f"No pair of {kind} could be compared."]
    strongest = pairs[0]
    often = max(pairs, key=lambda pair: float(pair["percent_both"]))
    first = (
        f"By phi, the strongest relationship between two {kind} was that of {_pair(strongest)}: phi "
        f"{formatting.number(strongest['phi'], 2)}, both present in {_both(strongest)} of cases "
        f"(n={formatting.number(strongest['n_both'])})."
    )
    others = ", ".join(f"{formatting.number(strongest[name])} by {words}" for name, words in _RANKS.items())
    sentences = [first, f"Its rank among the {len(pairs)} pairs is {others}."]
    if often is not strongest:
        sentences.append(f"The pair found together most often was {_pair(often)} ({_both(often)} of cases).")
    return sentences


def _pair(pair: Record) -> str:
    text = pair_label(pair["first"], pair["second"])
    return text if text.split(" ")[0].isupper() else text[:1].lower() + text[1:]


def _both(pair: Record) -> str:
    return formatting.number(pair["percent_both"], 1, "%")


def supervision(results: NeedsResults) -> list[str]:
    """Assessment, planning and delivery, for needs and for strengths (Figure 6)."""
    sentences = []
    for kind, codes in ABOUT.items():
        found = [results.overall(code) for code in codes]
        parts = [
            f"{aspect} in {results.value_text('all_cases', 'all', code)} of cases "
            f"(n={formatting.number(cell['n'] if cell else None)})"
            for aspect, code, cell in zip(ASPECTS, codes, found, strict=True)
        ]
        sentences.append(f"In {_TAILORED[kind]}, inspectors judged sufficient: {', '.join(parts)}.")
    return sentences


def delivery(results: NeedsResults, table_id: str) -> str:
    """The range of sufficiency over needs or strengths, and how many fall below half (Figures 7 and 8)."""
    kind = "needs" if table_id == "C5" else "strengths"
    order = ranked(results, measures_in(table_id))
    if not order:
        return f"No delivery for any of the {kind} was judged."
    below = sum(float(results.overall(measure.code)["value"]) < HALF for measure in order)  # type: ignore[index]
    return (
        f"Delivery was sufficient in between {_percent_for(results, order[-1])} and {_percent_for(results, order[0])} "
        f"of the cases with the {kind[:-1]}, and in less than half for {formatting.of_all(below, len(order), kind)}."
    )


def _percent_for(results: NeedsResults, measure: Measure) -> str:
    return f"{results.value_text('all_cases', 'all', measure.code)} ({measure_name(measure)})"


def key_findings(results: NeedsResults) -> list[str]:
    """The page's opening list."""
    return [
        f"{number_of(results, 'needs')} {prevalence(results, 'needs')}",
        pair_findings(results, "needs")[0],
        "Accounting for the other characteristics, prevalence differed significantly between NPS and CRC cases for "
        f"{retained_summary(results, 'C1', 'provider_type')}.",
        f"{prevalence(results, 'strengths')} {number_of(results, 'strengths')}",
        delivery(results, "C5"),
        delivery(results, "C6"),
        *(
            f"Sufficiency of delivery differed significantly by {words} for {retained_summary(results, 'C5', item)} "
            f"and for {retained_summary(results, 'C6', item)}."
            for item, words in (("provider_type", "provider"), ("ogrs_group", "likelihood of reoffending"))
        ),
    ]
