"""The tables of the linkage page: who is missing, and does it matter.

Belongs here: match bias and weighted figures laid out for readers. Not here: other choices of linkage
(`choice_tables.py`), accuracy (`accuracy_tables.py`), the studies (`orchestration/methods/linkage`).
"""

import pandas as pd

from orchestration.methods.layouts import layout_2023
from orchestration.publications.linkage_page.rule_tables import by_source
from orchestration.publications.linkage_page.words import (
    MODEL_TITLES,
    SOURCE,
    category_label,
    coefficient_name,
    judgement_name,
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
from orchestration.publications.shared.records import Record, records
from orchestration.publications.shared.words import SOURCE_LABELS

VERSION_LABELS = {"untruncated": "As estimated", "truncated": "Truncated, as used"}


def table_bias(source: str, table_id: str, tables: Tables, level: float) -> PublishedTable:
    """Matched against unmatched cases of one source, item by item."""
    bias = tables["match_bias"]
    frame = bias[bias["source"] == source].reset_index(drop=True)
    frame = frame.assign(
        label=[category_label(i, str(c)) for i, c in zip(frame["item"], frame["category"], strict=True)],
        significant=is_below(frame["p_holm"], level),
        standardised_difference=frame["standardised_difference"].mask(frame["item"] == "all_cases"),
    )
    frame[ROW_GROUP] = [_short_label(item) for item in frame["item"]]
    columns = (
        Column("label", "Category"),
        Column("n_matched", "n", "Matched", decimals=0),
        Column("percent_matched_group", "%, mean or median", "Matched", decimals=1),
        Column("n_unmatched", "n", "Unmatched", decimals=0),
        Column("percent_unmatched_group", "%, mean or median", "Unmatched", decimals=1),
        Column("standardised_difference", "Standardised difference", decimals=2),
        Column("p_value", "p", decimals=3, is_p_value=True),
        Column("p_holm", "p (Holm)", decimals=3, is_p_value=True, significant="significant"),
    )
    notes = (
        "Percentages are of the cases with an answer; the row No answer is of all cases. Standardised difference: "
        "matched minus unmatched, in standard deviations; 0.1 and above, either way, is usually called noticeable.",
        f"p (Holm) allows for the number of tests of the table; shaded below {level:g}.",
    )
    title = f"Matched against unmatched cases: {SOURCE_LABELS[source]}"
    return PublishedTable(table_id, title, SOURCE, columns, frame, notes)


def table_match_terms(tables: Tables, level: float) -> PublishedTable:
    """The model of being matched: its terms, with its fit in the notes."""
    frame = tables["match_model_terms"]
    frame = frame.assign(
        label=[_short_label(term) for term in frame["term"]],
        significant=is_below(frame["wald_p"], level),
    )
    frame[MISSING_TEXT] = formatting.NOT_ESTIMABLE
    frame[ROW_GROUP] = by_source(frame)
    columns = (
        Column("label", "Characteristic or judgement"),
        Column("df", "df", decimals=0),
        Column("lr_chi2", "Chi-square (LR)", decimals=1),
        Column("lr_p", "p (LR)", decimals=3, is_p_value=True),
        Column("wald_chi2", "Chi-square (Wald)", decimals=1),
        Column("wald_p", "p (Wald)", decimals=3, is_p_value=True, significant="significant"),
    )
    models = [_model_note(row) for row in records(tables["match_models"])]
    notes = (*models, "The p-values of this table do not allow for the number of tests.")
    return PublishedTable("L12", "What being matched is related to", SOURCE, columns, frame, notes)


def _model_note(row: Record) -> str:
    source = SOURCE_LABELS[row["source"]]
    if formatting.is_missing(row["c_statistic"]):
        return f"{source}: no model could be fitted."
    interval = f"{formatting.number(row['c_ci_low'], 2)} to {formatting.number(row['c_ci_high'], 2)}"
    return (
        f"{source}: logistic regression on {formatting.number(row['n'])} cases, "
        f"{formatting.number(row['n_unmatched'])} of them unmatched, with "
        f"{formatting.number(row['n_coefficients'])} coefficients; c-statistic "
        f"{formatting.number(row['c_statistic'], 2)} ({interval})."
    )


def table_weights(tables: Tables, _level: float) -> PublishedTable:
    """How uneven the weights are that let the matched stand for all eligible cases."""
    frame = tables["linkage_weights"]
    frame = frame.assign(label=frame["version"].map(VERSION_LABELS))
    frame[ROW_GROUP] = by_source(frame)
    columns = (
        Column("label", "Weights"),
        Column("n", "Matched", decimals=0),
        Column("min", "Smallest", decimals=2),
        Column("mean", "Mean", decimals=2),
        Column("max", "Largest", decimals=2),
        Column("effective_n", "Effective sample", decimals=0),
        Column("truncated", "Truncated", decimals=1, suffix="%"),
    )
    notes = (
        "A matched case's weight is the share of all eligible cases that were matched, over its own probability of "
        "being matched: above 1 for cases like those missing. Truncated: the share of weights beyond two percentiles"
        f"{_percentiles(frame)}, which are set to them. Effective sample: as many cases of equal weight would be as "
        "precise.",
    )
    return PublishedTable("L13", "The weights that let the matched stand for all", SOURCE, columns, frame, notes)


def _percentiles(weights: pd.DataFrame) -> str:
    """The percentiles in brackets, which are those of the run for both sources; nothing where there are no weights."""
    used = weights.loc[weights["is_used"], ["low_percentile", "high_percentile"]].head(1)
    return "".join(f" ({low:g} and {high:g})" for low, high in used.itertuples(index=False))


def table_weighted_annex(tables: Tables, _level: float) -> PublishedTable:
    """Annex B as published and with weights."""
    cells = tables["annex_b_weighted"].set_index(["item", "category", "outcome"]).to_dict("index")
    found = []
    for item in layout_2023.ANNEX_B:
        for category in item.categories:
            record: dict[str, object] = {"label": category.label, ROW_GROUP: item.label}
            for outcome in layout_2023.OUTCOMES:
                cell = cells.get((item.item, category.code, outcome.code), {})
                record |= {f"{outcome.code}_{key}": cell.get(key) for key in ("value", "value_weighted", "difference")}
            found.append(record)
    columns = [Column("label", "Category")]
    for outcome in layout_2023.OUTCOMES:
        suffix = "%" if outcome.unit == "percent" else ""
        columns += [
            Column(f"{outcome.code}_value", "Published", outcome.label, outcome.decimals, suffix),
            Column(f"{outcome.code}_value_weighted", "Weighted", outcome.label, outcome.decimals, suffix),
            Column(f"{outcome.code}_difference", "Difference", outcome.label, outcome.decimals),
        ]
    notes = (
        "Difference: weighted less published, in percentage points or reoffences. The needs of the people supervised "
        "are not in the model behind the weights.",
    )
    return PublishedTable(
        "L14", "Annex B as published and with weights", SOURCE, tuple(columns), pd.DataFrame(found), notes
    )


def table_weighted_ratios(tables: Tables, _level: float) -> PublishedTable:
    """The judgements' odds and rate ratios as published and with weights."""
    frame = tables["model_coefficients_weighted"]
    frame = frame[frame["block"] == "judgements"].reset_index(drop=True)
    frame = frame.assign(label=[formatting.upper_first(coefficient_name(str(name))) for name in frame["coefficient"]])
    frame[MISSING_TEXT] = formatting.NOT_ESTIMABLE
    frame[ROW_GROUP] = [formatting.upper_first(MODEL_TITLES[model]) for model in frame["model_id"]]
    columns = (
        Column("label", "Judgement"),
        Column("published_exp_estimate", "Ratio", "Published", decimals=2),
        Column("published_ci_low", "95% low", "Published", decimals=2),
        Column("published_ci_high", "95% high", "Published", decimals=2),
        Column("exp_estimate", "Ratio", "Weighted", decimals=2),
        Column("ci_low", "95% low", "Weighted", decimals=2),
        Column("ci_high", "95% high", "Weighted", decimals=2),
        Column("change_percent", "Change", decimals=1, suffix="%"),
    )
    notes = (
        "Ratio: odds ratio, for the number of reoffences rate ratio. Change: in percent of the published ratio. "
        "Weighted intervals have robust (sandwich) standard errors and take the weights as known.",
    )
    return PublishedTable("L15", "The judgements' ratios with weights", SOURCE, columns, frame, notes)


def _short_label(item: str) -> str:
    return formatting.upper_first(judgement_name(item))
