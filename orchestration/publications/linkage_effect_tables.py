"""The tables of the linkage page: who is missing, and does it matter.

Belongs here: match bias, weighted figures and sensitivity laid out for readers. Not here: the studies
(`methods/linkage`), accuracy (`linkage_tables.py`).
"""

from collections.abc import Mapping

import pandas as pd

from orchestration.methods import layout
from orchestration.methods.specification import BULLETIN_MODELS
from orchestration.publications.coefficient_tables import model_title
from orchestration.publications.linkage_tables import SOURCE, SOURCE_LABELS, category_label, item_label
from orchestration.publications.published_table import ROW_GROUP, Column, PublishedTable
from orchestration.publications.sensitivity_figure_text import coefficient_label, rule_label

Tables = Mapping[str, pd.DataFrame]
MODEL_TITLES = {model.model_id: model_title(model) for model in BULLETIN_MODELS}
KIND_LABELS = {
    "window": "Days allowed between the dates",
    "left_out_rule": "One rule left out",
    "rule_alone": "One rule alone",
    "false_links": "Share of links made false, any rule",
    "false_links_later_rules": "Share of links made false, later rules first",
}
VERSION_LABELS = {"untruncated": "As estimated", "truncated": "Truncated, as used"}


def table_bias(source: str, table_id: str, tables: Tables, level: float) -> PublishedTable:
    """Matched against unmatched cases of one source, item by item."""
    bias = tables["match_bias"]
    frame = bias[bias["source"] == source].reset_index(drop=True)
    is_mean = frame["unit"] != "percent"
    frame = frame.assign(
        label=[category_label(i, c) for i, c in zip(frame["item"], frame["category"].fillna(""), strict=True)],
        significant=(frame["p_holm"] < level).where(frame["p_holm"].notna()).astype("boolean"),
    )
    frame.loc[is_mean, "label"] = "Mean"
    frame[ROW_GROUP] = [item_label(item) for item in frame["item"]]
    columns = (
        Column("label", "Category"),
        Column("n_matched", "n", "Matched", decimals=0),
        Column("percent_matched_group", "% or mean", "Matched", decimals=1),
        Column("n_unmatched", "n", "Unmatched", decimals=0),
        Column("percent_unmatched_group", "% or mean", "Unmatched", decimals=1),
        Column("standardised_difference", "Standardised difference", decimals=2),
        Column("p_value", "p", decimals=3, is_p_value=True),
        Column("p_holm", "p (Holm)", decimals=3, is_p_value=True, significant="significant"),
    )
    notes = (
        "Standardised differences of 0.1 and above are usually called noticeable. p (Holm) allows for the number of "
        f"tests; shaded below {level:g}.",
    )
    title = f"Matched against unmatched cases: {SOURCE_LABELS[source]}"
    return PublishedTable(table_id, title, SOURCE, columns, frame, notes)


def table_match_terms(tables: Tables, level: float) -> PublishedTable:
    """The model of being matched: its terms, with its fit in the notes."""
    frame = tables["match_model_terms"]
    frame = frame.assign(
        label=[item_label(term) for term in frame["term"]],
        significant=(frame["wald_p"] < level).where(frame["wald_p"].notna()).astype("boolean"),
    )
    frame[ROW_GROUP] = [SOURCE_LABELS[source] for source in frame["source"]]
    columns = (
        Column("label", "Characteristic or judgement"),
        Column("df", "df", decimals=0),
        Column("lr_chi2", "Chi-square (LR)", decimals=1),
        Column("lr_p", "p (LR)", decimals=3, is_p_value=True),
        Column("wald_chi2", "Chi-square (Wald)", decimals=1),
        Column("wald_p", "p (Wald)", decimals=3, is_p_value=True, significant="significant"),
    )
    notes = tuple(
        f"{SOURCE_LABELS[str(row['source'])]}: {int(row['n']):,} cases, {int(row['n_unmatched']):,} unmatched; "
        f"c-statistic {row['c_statistic']:.2f} ({row['c_ci_low']:.2f} to {row['c_ci_high']:.2f})."
        for row in tables["match_models"].to_dict("records")
        if pd.notna(row["c_statistic"])
    )
    return PublishedTable("L10", "What being matched is related to", SOURCE, columns, frame, notes)


def table_weights(tables: Tables, _level: float) -> PublishedTable:
    """How uneven the weights are that let the matched stand for all eligible cases."""
    frame = tables["linkage_weights"]
    frame = frame.assign(label=frame["version"].map(VERSION_LABELS))
    frame[ROW_GROUP] = [SOURCE_LABELS[source] for source in frame["source"]]
    columns = (
        Column("label", "Weights"),
        Column("n", "Matched", decimals=0),
        Column("min", "Smallest", decimals=2),
        Column("mean", "Mean", decimals=2),
        Column("max", "Largest", decimals=2),
        Column("effective_n", "Effective sample", decimals=0),
        Column("truncated", "Truncated", decimals=1, suffix="%"),
    )
    return PublishedTable("L11", "Inverse-probability-of-linkage weights", SOURCE, columns, frame)


def table_weighted_annex(tables: Tables, _level: float) -> PublishedTable:
    """Annex B as published and with weights."""
    cells = tables["annex_b_weighted"].set_index(["item", "category", "outcome"]).to_dict("index")
    records = []
    for item in layout.ANNEX_B:
        for category in item.categories:
            record: dict[str, object] = {"label": category.label, ROW_GROUP: item.label}
            for outcome in layout.OUTCOMES:
                cell = cells.get((item.item, category.code, outcome.code), {})
                record |= {f"{outcome.code}_{key}": cell.get(key) for key in ("value", "value_weighted", "difference")}
            records.append(record)
    columns = [Column("label", "Category")]
    for outcome in layout.OUTCOMES:
        suffix = "%" if outcome.unit == "percent" else ""
        columns += [
            Column(f"{outcome.code}_value", "Published", outcome.label, outcome.decimals, suffix),
            Column(f"{outcome.code}_value_weighted", "Weighted", outcome.label, outcome.decimals, suffix),
            Column(f"{outcome.code}_difference", "Difference", outcome.label, outcome.decimals),
        ]
    return PublishedTable("L12", "Annex B with weights", SOURCE, tuple(columns), pd.DataFrame(records))


def table_weighted_ratios(tables: Tables, _level: float) -> PublishedTable:
    """The judgements' odds and rate ratios as published and with weights."""
    frame = tables["model_coefficients_weighted"]
    frame = frame[frame["block"] == "judgements"].reset_index(drop=True)
    frame = frame.assign(label=[coefficient_label(str(name)) for name in frame["coefficient"]])
    frame[ROW_GROUP] = [_model_heading(model) for model in frame["model_id"]]
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
    notes = ("Weighted intervals have robust (sandwich) standard errors and take the weights as known.",)
    return PublishedTable("L13", "The judgements' ratios with weights", SOURCE, columns, frame, notes)


def table_sensitivity_summary(tables: Tables, _level: float) -> PublishedTable:
    """The largest change of any judgement's ratio in each scenario."""
    frame = tables["sensitivity_summary"]
    frame = frame.assign(
        label=[scenario_label(kind, name) for kind, name in zip(frame["kind"], frame["scenario"], strict=True)],
        where=pd.Series([_where(*place) for place in zip(*(frame[c] for c in _LARGEST), strict=True)], dtype="str"),
    )
    frame[ROW_GROUP] = [KIND_LABELS[kind] for kind in frame["kind"]]
    columns = (
        Column("label", "Scenario"),
        Column("largest_change_percent", "Largest change of a ratio", decimals=1, suffix="%"),
        Column("n_direction_changed", "Ratios crossing 1", decimals=0),
        Column("n_tests", "Tests", decimals=0),
        Column("n_significance_lost", "Significance lost", decimals=0),
        Column("n_significance_gained", "Significance gained", decimals=0),
        Column("where", "Where the change is largest"),
    )
    notes = ("False links: medians over the replicates.",)
    return PublishedTable("L14", "What other linkage choices would change", SOURCE, columns, frame, notes)


_LARGEST = ("largest_change_model", "largest_change_coefficient")


def table_sensitivity_rates(tables: Tables, _level: float) -> PublishedTable:
    """Match rates and links by window and rule left out."""
    frame = tables["sensitivity_match_rates"]
    frame = frame.assign(
        label=[scenario_label(kind, name) for kind, name in zip(frame["kind"], frame["scenario"], strict=True)]
    )
    frame[ROW_GROUP] = [
        f"{KIND_LABELS[kind]}: {SOURCE_LABELS[source].partition(' (')[0].lower()}"
        for kind, source in zip(frame["kind"], frame["source"], strict=True)
    ]
    frame = frame.sort_values(["kind", "source", "scenario_order"], ascending=[False, False, True], kind="stable")
    columns = (
        Column("label", "Scenario"),
        Column("matched", "Matched", decimals=0),
        Column("rate", "Match rate", decimals=1, suffix="%"),
        Column("links_lost", "Links lost", decimals=0),
        Column("links_gained", "Links gained", decimals=0),
        Column("links_changed", "Other record", decimals=0),
    )
    return PublishedTable(
        "L15", "Match rates under other choices", SOURCE, columns, frame.reset_index(drop=True),
        ("Lost, gained and to another record: against the published links.",),
    )  # fmt: skip


def scenario_label(kind: str, scenario: str) -> str:
    """A scenario in words: "7 days", "Without: PNC birthday", "2% false"."""
    if scenario == "all":
        return "All together"
    if kind == "window":
        return f"{scenario} day" if scenario == "1" else f"{scenario} days"
    if kind.startswith("false_links"):
        return f"{scenario}% false"
    return f"{'Without' if kind == 'left_out_rule' else 'Only'}: {rule_label(scenario)}"


def _where(model_id: object, coefficient: object) -> str | None:
    if pd.isna(model_id) or pd.isna(coefficient):  # type: ignore[call-overload]
        return None
    return f"{coefficient_label(str(coefficient))} ({MODEL_TITLES[str(model_id)]})"


def _model_heading(model_id: str) -> str:
    title = MODEL_TITLES[model_id]
    return title[:1].upper() + title[1:]
