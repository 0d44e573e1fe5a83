"""The tables of the robustness page.

Belongs here: the checks' results laid out for readers. Not here: the findings
estimated otherwise (`refit_tables.py`), sentences (`findings.py`), the checks (`methods/robustness`).
"""

import pandas as pd

from orchestration.publications.robustness_page.words import (
    CHECK_LABELS,
    CONTRAST_LABELS,
    MODEL_TITLES,
    OUTCOME_LABELS,
    SOURCE,
    coefficient_name,
    judgement_name,
    likelihood_label,
)
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import (
    MISSING_TEXT,
    ROW_GROUP,
    Column,
    PublishedTable,
    Tables,
    is_below,
)
from orchestration.publications.shared.records import records

UNITS = {"percentage_points": "points", "reoffences": "reoffences"}


def by_model(frame: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    """The rows under the titles of their models; what has no numbers says why."""
    shown = frame.assign(label=[formatting.upper_first(label) for label in labels])
    shown[ROW_GROUP] = [formatting.upper_first(MODEL_TITLES[model]) for model in frame["model_id"]]
    if "not_estimable_because" in frame.columns:
        shown[MISSING_TEXT] = missing_text(frame)
    return shown.reset_index(drop=True)


def missing_text(frame: pd.DataFrame) -> list[str]:
    """What stands for numbers that a row does not have."""
    return [
        formatting.NOT_APPLICABLE if formatting.is_missing(why) else formatting.NOT_ESTIMABLE
        for why in frame["not_estimable_because"]
    ]


def reasons(frame: pd.DataFrame) -> tuple[str, ...]:
    """One note for every reason why a row of the table has no numbers."""
    counts = frame["not_estimable_because"].value_counts(sort=False)
    return tuple(
        f"Not estimable in {formatting.number(n)} row{'' if n == 1 else 's'}: {why}." for why, n in counts.items()
    )


def table_findings(tables: Tables, level: float) -> PublishedTable:
    """Findings by checks: the p of each, and whether the finding holds."""
    found = tables["finding_checks"]
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for row in records(found):
        key = (row["model_id"], row["coefficient"])
        cells = rows.setdefault(key, {"model_id": key[0], "coefficient": key[1]})
        cells |= {row["check_name"]: row["p"], f"{row['check_name']}_holds": row["holds"]}
    names = ["model_id", "coefficient", *(name for check in CHECK_LABELS for name in (check, f"{check}_holds"))]
    frame = pd.DataFrame(list(rows.values()), columns=names)
    columns = (
        Column("label", "Judgement"),
        *(
            Column(check, label, decimals=3, is_p_value=True, significant=f"{check}_holds")
            for check, label in CHECK_LABELS.items()
        ),
    )
    notes = (
        f"p of each check. Shaded, bold and marked with an asterisk: the finding holds, with the published sign and p "
        f"below {level:g}. The two allowances for many tests are of the judgement's term. After the inspection: of "
        "reoffending alone; doubly robust: of key questions; the last two columns: of counts.",
    )
    shown = by_model(frame, [coefficient_name(str(name)) for name in frame["coefficient"]])
    return PublishedTable("K1", "What remains of each finding", SOURCE, columns, shown, notes)


def table_effects(tables: Tables, level: float) -> PublishedTable:
    """Average marginal effects with their intervals."""
    frame = tables["marginal_effects"]
    frame = frame.assign(significant=is_below(frame["p"], level), unit=frame["unit"].map(UNITS))
    columns = (
        Column("label", "Judgement"),
        Column("effect", "Difference", decimals=1, significant="significant", says_why=True),
        Column("unit", "In"),
        *interval(level, 1),
        Column("p", "p", decimals=3, is_p_value=True),
        Column("n", "n", decimals=0),
    )
    notes = (
        "What the model predicts if every case had this answer, less what it predicts if every case had the reference "
        "(no), averaged over the cases of the model; delta-method intervals.",
    )
    shown = by_model(frame, [coefficient_name(str(name)) for name in frame["coefficient"]])
    return PublishedTable(
        "K2", "The judgements in percentage points", SOURCE, columns, shown, (*notes, *reasons(frame))
    )


def table_clustered(tables: Tables, level: float) -> PublishedTable:
    """Published errors beside those that let the cases of a provider resemble each other."""
    frame = tables["clustered_errors"]
    frame = frame.assign(significant=is_below(frame["p"], level))
    columns = (
        Column("label", "Judgement"),
        Column("exp_estimate", "Ratio", decimals=2, significant="significant", says_why=True),
        *interval(level, 2),
        Column("published_std_error", "Published", "Std. error", decimals=3),
        Column("std_error", "By provider", "Std. error", decimals=3),
        Column("df", "df", decimals=1),
        Column("p", "p", decimals=3, is_p_value=True),
        Column("n_clusters", "Providers", decimals=0),
    )
    notes = (
        "Bias-reduced cluster-robust errors (CR2) by CRC and NPS division, t tests with Satterthwaite degrees of "
        "freedom (df). Ratio: odds ratio, for the number of reoffences rate ratio; as published.",
    )
    shown = by_model(frame, [coefficient_name(str(name)) for name in frame["coefficient"]])
    return PublishedTable("K3", "Errors that know of providers", SOURCE, columns, shown, (*notes, *reasons(frame)))


def table_multiplicity(tables: Tables, _level: float) -> PublishedTable:
    """p-values of the judgement terms with allowance for their number."""
    frame = tables["multiplicity"]
    columns = (
        Column("label", "Judgement"),
        Column("p", "p", decimals=3, is_p_value=True, significant="is_significant", says_why=True),
        Column("p_bh", "p (Benjamini-Hochberg)", decimals=3, is_p_value=True, significant="is_significant_bh"),
        Column("p_holm", "p (Holm)", decimals=3, is_p_value=True, significant="is_significant_holm"),
    )
    notes = (
        "Holm's p bounds the chance that any of the findings is false, Benjamini and Hochberg's the share of false "
        "ones among them.",
    )
    shown = by_model(frame, [judgement_name(str(term)) for term in frame["term"]])
    return PublishedTable("K4", "Allowance for the number of tests", SOURCE, columns, shown, (*notes, *reasons(frame)))


def table_interactions(tables: Tables, level: float) -> PublishedTable:
    """Whether a key question's association depends on the likelihood of reoffending."""
    frame = tables["likelihood_interactions"]
    frame = frame.assign(significant=is_below(frame["lr_p"], level))
    columns = (
        Column("label", "Key question"),
        Column("lr_chi2", "LR chi-square", decimals=2, says_why=True),
        Column("df", "df", decimals=0),
        Column("lr_p", "p", decimals=3, is_p_value=True, significant="significant"),
        Column("n", "n", decimals=0),
    )
    notes = (
        "The published model with the likelihood of reoffending in three groups (low, medium, high or very high), "
        "against the same with the products of groups and judgement.",
    )
    shown = by_model(frame, [judgement_name(str(term)) for term in frame["term"]])
    return PublishedTable(
        "K5", "Does it depend on the likelihood of reoffending?", SOURCE, columns, shown, (*notes, *reasons(frame))
    )


def table_gaps(tables: Tables, level: float) -> PublishedTable:
    """The raw gaps with their intervals."""
    frame = tables["judgement_gaps"].reset_index(drop=True)
    frame = frame.assign(label=[likelihood_label(str(group)) for group in frame["likelihood"]])
    frame[MISSING_TEXT] = missing_text(frame)
    frame[ROW_GROUP] = [
        f"{OUTCOME_LABELS[outcome]}: {CONTRAST_LABELS[contrast]}"
        for outcome, contrast in zip(frame["outcome"], frame["contrast"], strict=True)
    ]
    columns = (
        Column("label", "Cases"),
        Column("n_yes", "n", "Yes", decimals=0),
        Column("percent_yes", "%", "Yes", decimals=1),
        Column("n_no", "n", "No", decimals=0),
        Column("percent_no", "%", "No", decimals=1),
        Column("gap", "Points", "Gap", decimals=1),
        Column("ci_low", f"{percent(level)} low", "Gap", decimals=1, says_why=True),
        Column("ci_high", f"{percent(level)} high", "Gap", decimals=1),
    )
    notes = ("Not adjusted for anything. Both key questions: both answered yes against both answered no.",)
    return PublishedTable("K6", "The gaps and how sure they are", SOURCE, columns, frame, (*notes, *reasons(frame)))


def table_strengths(tables: Tables, level: float) -> PublishedTable:
    """Building upon strengths against having none."""
    frame = tables["strength_contrasts"]
    frame = frame.assign(significant=is_below(frame["p"], level))
    columns = (
        Column("label", "Contrast"),
        Column("exp_estimate", "Ratio", decimals=2, significant="significant", says_why=True),
        *interval(level, 2),
        Column("p", "p", decimals=3, is_p_value=True),
        Column("n", "n", decimals=0),
    )
    shown = by_model(frame, ["Built upon, against no strengths present"] * len(frame))
    return PublishedTable("K7", "Strengths built upon against none present", SOURCE, columns, shown, reasons(frame))


def table_e_values(tables: Tables, _level: float) -> PublishedTable:
    """How strong an unmeasured confounder would have to be."""
    frame = tables["e_values"]
    columns = (
        Column("label", "Judgement"),
        Column("risk_ratio", "Risk or rate ratio", decimals=2, says_why=True),
        Column("e_value", "E-value", decimals=2),
        Column("e_value_bound", "E-value of the interval", decimals=2),
        Column("n", "n", decimals=0),
    )
    notes = (
        "Odds ratios are brought to risk ratios by their square root, as for common outcomes. E-value of the interval: "
        "for its end nearer to 1; 1 where the interval holds 1.",
    )
    shown = by_model(frame, [coefficient_name(str(name)) for name in frame["coefficient"]])
    title = "How strong something unmeasured would have to be"
    return PublishedTable("K8", title, SOURCE, columns, shown, (*notes, *reasons(frame)))


def interval(level: float, decimals: int) -> tuple[Column, Column]:
    """The two columns of an interval."""
    low, high = (f"{percent(level)} {end}" for end in ("low", "high"))
    return Column("ci_low", low, decimals=decimals), Column("ci_high", high, decimals=decimals)


def percent(level: float) -> str:
    """What share of intervals hold the truth: "95%"."""
    return f"{100 * (1 - level):g}%"
