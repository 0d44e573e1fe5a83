"""The robustness page in words: one sentence a finding, and one or two a check.

Belongs here: sentences whose every figure is looked up. Not here: tables (`tables.py`), the checks
(`methods/robustness`).
"""

from collections.abc import Iterator

import pandas as pd

from orchestration.publications.robustness_page.words import (
    CONTRAST_LABELS,
    LOST,
    MODEL_TITLES,
    coefficient_name,
    judgement_name,
)
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import Tables
from orchestration.publications.shared.records import Record, keyed, records

READING_OF_P = (
    "The bulletin reads a p below .05 as 95 per cent certainty that a difference did not occur by chance. It is not: p "
    "is how often a difference at least as large would come up where there is none, and says nothing of how likely it "
    "is that there is one."
)
_GAPS = {"termination_positive": "completion", "reoffended": "reoffending"}
_MORE = {"termination": "positive terminations", "reoffended": "reoffending", "reoffences": "reoffences"}


def remains(tables: Tables) -> list[str]:
    """How many findings hold under every check, and how many under each."""
    found = tables["finding_checks"]
    if found.empty:
        return ["The six models find nothing among the judgements that could be checked."]
    by_finding = found.groupby(["model_id", "coefficient"])["holds"].agg(lambda holds: bool(holds.fillna(False).all()))
    lost = [
        f"{formatting.number(int((~own['holds'].fillna(False)).sum()))} {words}"
        for check, words in LOST.items()
        for own in [found[found["check_name"] == check]]
        if (~own["holds"].fillna(False)).any()
    ]
    total = formatting.number(len(by_finding))
    opening = (
        f"Of the {total} coefficients of judgements that the six models find significant, "
        f"{formatting.number(int(by_finding.sum()))} hold under every check made here."
    )
    return [opening, *([f"Lost of the {total}: {'; '.join(lost)}."] if lost else [])]


def each_finding(tables: Tables) -> list[str]:
    """One sentence a finding: its sign, its size, and what it does not survive."""
    effects = keyed(tables["marginal_effects"], ["model_id", "coefficient"])
    checks = tables["finding_checks"].groupby(["model_id", "coefficient"], sort=False)
    return [_finding(str(model), str(name), effects, own) for (model, name), own in checks]


def _finding(model_id: str, coefficient: str, effects: dict[tuple[str, ...], Record], checks: pd.DataFrame) -> str:
    sign = int(checks["sign"].dropna().iloc[0])
    lost = [LOST[name] for name in checks.loc[~checks["holds"].fillna(False), "check_name"]]
    outcome = _MORE[model_id.partition("__")[0]]
    size = _size(effects.get((model_id, coefficient)))
    ending = f"lost {'; '.join(lost)}" if lost else "holds under every check"
    name = formatting.upper_first(coefficient_name(coefficient))
    direction = "more" if sign > 0 else ("fewer" if outcome.endswith("s") else "less")
    return f"{name} ({MODEL_TITLES[model_id]}): {direction} {outcome}{size}; {ending}."


def _size(effect: Record | None) -> str:
    if effect is None or formatting.is_missing(effect["effect"]):
        return ""
    unit = "percentage points" if effect["unit"] == "percentage_points" else "reoffences"
    return f", {_interval(effect, 'effect')} {unit}"


def _interval(row: Record, key: str, decimals: int = 1) -> str:
    value, low, high = (formatting.number(row[name], decimals) for name in (key, "ci_low", "ci_high"))
    return f"{value} ({low} to {high})"


def in_points(tables: Tables) -> list[str]:
    """The key questions' average effects."""
    return [
        f"{formatting.upper_first(coefficient_name(str(row['coefficient'])))}, {MODEL_TITLES[str(row['model_id'])]}: "
        f"{_interval(row, 'effect')} {'percentage points' if row['unit'] == 'percentage_points' else 'reoffences'} "
        "on average, everything else in the model as it is."
        for row in records(tables["marginal_effects"])
        if str(row["model_id"]).endswith("__key_questions") and not formatting.is_missing(row["effect"])
    ]


def by_provider(tables: Tables) -> list[str]:
    """How much the errors by provider differ from the published."""
    found = tables["clustered_errors"]
    told = found[found["not_estimable_because"].isna()]
    if told.empty:
        return ["Errors by provider could not be had."]
    ratio = (told["std_error"] / told["published_std_error"]).astype(float)
    largest = records(told)[int(ratio.to_numpy().argmax())]
    place = f"{coefficient_name(str(largest['coefficient']))}; {MODEL_TITLES[str(largest['model_id'])]}"
    return [
        f"With errors that let the cases of each of {formatting.number(told['n_clusters'].max())} providers resemble "
        f"each other, a judgement's standard error is {formatting.number(ratio.min(), 2)} to "
        f"{formatting.number(ratio.max(), 2)} times the published one (most for {place})."
    ]


def many_tests(tables: Tables) -> list[str]:
    """How many terms stay significant with allowance for the number of tests."""
    found = tables["multiplicity"]
    flags = ("is_significant", "is_significant_bh", "is_significant_holm")
    plain, bh, holm = (formatting.number(int(found[flag].fillna(False).sum())) for flag in flags)
    return [
        f"Of {formatting.number(found['n_tests'].max())} judgement terms tested, {plain} are significant as published, "
        f"{bh} with Benjamini and Hochberg's allowance for many tests and {holm} with Holm's."
    ]


def by_likelihood(tables: Tables) -> list[str]:
    """Whether the associations depend on the likelihood of reoffending, and the combined gaps."""
    found = [row for row in records(tables["likelihood_interactions"]) if not formatting.is_missing(row["lr_p"])]
    tested = [
        f"{judgement_name(str(row['term']))}, {MODEL_TITLES[str(row['model_id'])]} ({formatting.p_phrase(row['lr_p'])})"
        for row in sorted(found, key=lambda row: float(row["lr_p"]))
    ]
    sentences = [
        "The bulletin shows differences across the levels of likelihood and tests none. Whether an association depends "
        f"on the level, by likelihood ratio and the most significant first: {'; '.join(tested)}."
    ]
    return (sentences if tested else ["No dependence on the likelihood could be tested."]) + list(
        _gap_sentences(tables)
    )


def _gap_sentences(tables: Tables) -> Iterator[str]:
    for row in records(tables["judgement_gaps"]):
        if row["contrast"] == "both" and row["likelihood"] == "all" and not formatting.is_missing(row["ci_low"]):
            yield (
                f"{CONTRAST_LABELS['both']}, yes against no: a {_GAPS[str(row['outcome'])]} gap of "
                f"{_interval(row, 'gap')} percentage points, not adjusted for anything."
            )


def strengths(tables: Tables) -> list[str]:
    """Building upon strengths against having none."""
    return [
        f"Strengths built upon against none present, {MODEL_TITLES[str(row['model_id'])]}: ratio "
        f"{_interval(row, 'exp_estimate', 2)}, {formatting.p_phrase(row['p'])}; the bulletin compares these two and "
        "tests only yes against no."
        for row in records(tables["strength_contrasts"])
        if not formatting.is_missing(row["exp_estimate"])
    ]


def confounding(tables: Tables) -> list[str]:
    """The key questions' E-values."""
    return [
        f"{formatting.upper_first(coefficient_name(str(row['coefficient'])))}, {MODEL_TITLES[str(row['model_id'])]}: a "
        f"confounder related to both by a risk ratio of {formatting.number(row['e_value'], 2)} could explain the "
        f"estimate away, one of {formatting.number(row['e_value_bound'], 2)} its significance."
        for row in records(tables["e_values"])
        if str(row["model_id"]).endswith("__key_questions") and not formatting.is_missing(row["e_value"])
    ]
