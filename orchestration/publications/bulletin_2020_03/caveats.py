"""Limitations and method of Bulletin 2020/03, and where it contradicts itself, in words.

Belongs here: what a reader must know before using a figure. Not here: the findings (`findings.py`).
"""

import pandas as pd

from orchestration.methods.layouts.layout_2020 import PUBLISHED_REMOVAL
from orchestration.methods.statistics.stepwise import ENTRY_LEVEL, REMOVAL_LEVEL
from orchestration.publications.bulletin_2020_03.results_reader import NeedsResults
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import is_below

NO_CASELOAD = (
    "No caseload was delivered with this release, so the sample design (required and achieved sample sizes, "
    "allocation, tests of representativeness, design weights) is left out."
)
_HALF = 50


def limitations(results: NeedsResults, is_synthetic: bool) -> list[str]:
    """The limits of the findings (2020/03, Annex A), with this release's figures."""
    synthetic = (
        "The data are synthetic: they were made so that the published tables come back. Verdicts of the models, pairs "
        "of needs and anything else the bulletin does not print follow from how they were made, not from inspections."
    )
    return [
        *([synthetic] if is_synthetic else []),
        _instability(results),
        _removal_tests(results),
        _many_tests(results),
        "Every figure is an inspector's judgement of one case, made under common rules and guidance. A need, strength "
        "or sufficient delivery that the record does not show is not counted.",
        "A sub-group's percentage is not adjusted for the other characteristics; its significance is. A significant "
        "characteristic may differ elsewhere than between the two categories that a sentence compares.",
        "Delivery against a need or strength is judged only where it was identified, and not in every such case; the "
        "cases behind each figure are given.",
        "Small groups give uncertain figures: n stands beside every figure, or in a table beside it, for that reason.",
    ]


def _instability(results: NeedsResults) -> str:
    opening = "Stepwise selection is unstable: a few other cases may bring other characteristics into a model."
    inclusion = results.tables.get("stepwise_inclusion")
    if inclusion is None or inclusion.empty:
        return (
            f"{opening} How often each would be retained in resamples of the cases is computed when asked for and is "
            "not part of this release."
        )
    retained = inclusion["is_retained"].fillna(False).astype(bool)
    frequent = inclusion["frequency"] >= _HALF
    kept, missed = int((retained & ~frequent).sum()), int((~retained & frequent).sum())
    return (
        f"{opening} In {formatting.number(inclusion['n_resamples'].max())} resamples of the cases of each model, "
        f"{formatting.number(kept)} of the {formatting.number(retained.sum())} retained characteristics were retained "
        f"in less than half, and {formatting.number(missed)} of the {formatting.number((~retained).sum())} others in "
        "half or more (Table S9)."
    )


def _removal_tests(results: NeedsResults) -> str:
    verdicts = results.tables["subgroup_differences"]
    published = verdicts["is_retained"]
    differing = {
        words: int((verdicts[name] != published).fillna(False).sum())
        for name, words in (
            ("is_retained_conditional", "the conditional statistic"),
            ("is_retained_wald", "Wald's test"),
        )
    }
    forced = is_below(verdicts["forced_lr_p"], results.significance_level)
    apart = int((forced != published).fillna(False).sum())
    counted = " and ".join(f"{formatting.number(n)} with {words}" for words, n in differing.items())
    return (
        f"The bulletin does not say by which test terms were removed. Of {formatting.number(len(verdicts))} verdicts, "
        f"{counted} differ from those of the likelihood ratio used here; {formatting.number(apart)} differ from the "
        "verdict of a full model of all seven characteristics (Table S2)."
    )


def _many_tests(results: NeedsResults) -> str:
    terms = results.tables["stepwise_terms"]
    tests = int((terms["removal_test"] == PUBLISHED_REMOVAL).sum())
    models = int(terms["model_id"].nunique())
    return (
        f"Many tests were made: {formatting.number(tests)} characteristics in {formatting.number(models)} models, each "
        "tested at several steps, without adjustment. Were there no difference at all, about "
        f"{formatting.number(tests * ENTRY_LEVEL)} would still come out significant by chance."
    )


def method(results: NeedsResults) -> list[str]:
    """The method in short (2020/03, Annex A)."""
    lost = _lost_cases(results)
    return [
        "In each case inspectors recorded which of eight factors were linked to offending (needs), which of five "
        "strengths and protective factors were present, and whether assessment, planning and delivery were sufficient. "
        "Prevalence is of all cases of a group, answered or not; a judgement's percentage is of the cases judged; "
        "delivery against a need or strength is of the cases that have it. Percentages and means are rounded half up.",
        "Sub-group differences were tested by forward stepwise logistic regression, one model for each need, strength, "
        "judgement and delivery item, on seven characteristics, all as categories: provider, gender, age group, ethnic "
        "group, supervision type, likelihood of reoffending and risk of serious harm. In each step the characteristic "
        f"with the smallest p of the score test enters where it is below {ENTRY_LEVEL:g}; then those with a p above "
        f"{REMOVAL_LEVEL:g} are removed, the largest first, by the likelihood ratio (the bulletin does not name its "
        "test). A characteristic enters and leaves with all its categories. Those retained at the end are significant: "
        "the shaded cells.",
        f"Each model rests on the cases with its measure and all seven characteristics, the same in every step{lost}.",
        "The bulletin calls one relationship between needs the strongest without naming its measure. Here it is phi, "
        "the correlation of two yes or no answers, which does not grow merely because both needs are common; odds "
        "ratio, lift, Jaccard index and the share with both stand beside it.",
        "The bulletin's practice examples, enablers and barriers come from what inspectors wrote, which is not in the "
        "data; they are not repeated here.",
    ]


def _lost_cases(results: NeedsResults) -> str:
    """The complete cases of the models that rest on all cases, where there are any."""
    models = results.tables["models"]
    whole = models[models["model_id"].str.startswith("stepwise__need_") & (models["model_id"].str.count("__") == 1)]
    cases = results.headline("cases_inspected_2020")
    if whole.empty or cases is None or pd.isna(cases["value"]):
        return ""
    return f": {formatting.number(whole['n'].max())} of {formatting.number(cases['value'])} for the needs"


CONTRADICTIONS = (
    "Employment as a strength, age 50 or over (Table C2): 23.3 per cent of 366 cases is no whole number of cases; 85 "
    "would give 23.2 and 86 would give 23.5.",
    "Planning for needs at a high or very high risk of serious harm (Table C3): 80.7 per cent of 411 is no whole "
    "number either (331 gives 80.5, 332 gives 80.8), and the three levels then fall 88 cases short of the total, with "
    "only 62 cases of unknown risk. Probably 441 was meant, of which 356 are 80.7 per cent.",
    "Delivery (Tables C5 and C6): its percentages cannot all be met if every identified need and strength has a "
    "judgement, so in nearly every column a few judgements must be missing. No n is printed there.",
    "Responsible officers: 78 per cent and n=1,912 stand in one bracket. Read as 1,912 positive answers; the number "
    "asked, about 2,451, is not printed.",
    "The shares of who was inspected mix their bases: 931 cases with a high or very high likelihood are 29 per cent of "
    "the 3,221 with a score (28.1 of all 3,308), but 1,499 post-custody cases are 45 per cent of all 3,308 (45.6 of "
    "the 3,287 with a known type).",
    "Two figures were rounded twice: motivation to change, 35.5 per cent in the table, became 36 in the text, although "
    "no number of cases that prints as 35.5 there exceeds 35.49; delivery against needs, 55.5, became 56, although it "
    "is at most 55.47.",
    "An earlier report is cited for sufficient services in at least half of NPS cases for seven of eight needs; Table "
    "C5 has six (drug misuse is 49.9).",
    "No strength was identified in 27 per cent of cases, about 893, but at most 647 cases can have none in the third "
    "column of Table C4: strengths identified, and strengths there to build upon, are two judgements.",
    "Tables round half up: 70 of 224 is printed as 31.3. So does this page.",
)
