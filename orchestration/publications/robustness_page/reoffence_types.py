"""What the reoffences were, on the robustness page: type, severity, rate, and reoffending measured otherwise.

Belongs here: these tables, their figure and their sentences, made where the extract holds offences. Not here: the
numbers (`methods/robustness`).
"""

import pandas as pd

from orchestration.publications.drawing.interval_charts import Estimate, IntervalChart, chart_png, chart_svg
from orchestration.publications.robustness_page.tables import interval, missing_text, percent, reasons
from orchestration.publications.robustness_page.words import CONTRAST_LABELS, SOURCE, coefficient_name
from orchestration.publications.shared import formatting
from orchestration.publications.shared.publication import DrawnFigure
from orchestration.publications.shared.published_table import (
    MISSING_TEXT,
    ROW_GROUP,
    Column,
    PublishedTable,
    Tables,
    is_below,
    plain_table,
)
from orchestration.publications.shared.records import Record, records

FIGURE = "reoffending_measures"
WAY_LABELS = {
    "published": "As published",
    "breaches_count": "Breaches count",
    "followup_24": "Followed up for 24 months",
    "waiting_9": "Nine months' wait for proof",
}
MODEL_LABELS = {
    "severity_highest": "Most severe weight, of those who reoffended (points)",
    "rate_year": "Reoffences in the year (rate ratio)",
    "rate_first_half": "Reoffences in its first half (rate ratio)",
    "rate_second_half": "Reoffences in its second half (rate ratio)",
}
NOT_TOLD = (
    "This release does not tell what the reoffences were. Where offences and court results are delivered in place of "
    "the ready-made measure, that can be told, and how many there would be by other rules."
)


def _answers(frame: pd.DataFrame) -> list[str]:
    """Key question and answer in words: "Engagement: yes"."""
    return [
        "All cases" if row["judgement"] == "all" else f"{CONTRAST_LABELS[row['judgement']]}: {row['answer']}"
        for row in records(frame)
    ]


def _group_label(code: object) -> str:
    return formatting.upper_first(str(code).replace("_", " "))


def table_types(tables: Tables, level: float) -> PublishedTable:
    """Who reoffended with an offence of each group, by the answers to the key questions."""
    frame = tables["reoffence_types"]
    groups = [_group_label(code) for code in frame["offence_group"]]
    shown = frame.assign(label=_answers(frame), **{ROW_GROUP: groups, MISSING_TEXT: missing_text(frame)})
    columns = (
        Column("label", "Key question and answer"),
        Column("n", "n", decimals=0),
        Column("n_reoffended", "Reoffended with it", decimals=0),
        Column("percent", "%", decimals=1, says_why=True),
        *interval(level, 1),
        Column("n_most_severe", "As the most severe", decimals=0),
    )
    notes = ("Not adjusted for anything. Who reoffended with several types stands under each.", *reasons(frame))
    return PublishedTable("K19", "Reoffending by type of offence", SOURCE, columns, shown, notes)


def table_severity(tables: Tables, level: float) -> PublishedTable:
    """Severity of the reoffences of those who reoffended."""
    frame = tables["reoffence_severity"]
    shown = frame.assign(label=_answers(frame), **{MISSING_TEXT: missing_text(frame)})
    ends = (f"{percent(level)} low", f"{percent(level)} high")
    columns = [Column("label", "Key question and answer"), Column("n", "Reoffended", decimals=0)]
    for name, heading in (("total", "Sum of weights"), ("highest", "Highest weight")):
        columns.append(Column(f"mean_{name}", "Mean", heading, decimals=1, says_why=name == "total"))
        columns += [
            Column(f"{name}_{end}", text, heading, decimals=1) for end, text in zip(("low", "high"), ends, strict=True)
        ]
    notes = ("Weights run from 0 to 100 (offence_codes.csv). Not adjusted for anything.", *reasons(frame))
    return PublishedTable("K20", "Severity of reoffences", SOURCE, tuple(columns), shown, notes)


def table_models(tables: Tables, level: float) -> PublishedTable:
    """Severity and rate of reoffences by the key questions, the published controls held."""
    frame = tables["reoffence_models"]
    shown = frame.assign(
        label=[formatting.upper_first(coefficient_name(str(name))) for name in frame["coefficient"]],
        significant=is_below(frame["p"], level),
    )
    shown[ROW_GROUP], shown[MISSING_TEXT] = frame["model"].map(MODEL_LABELS), missing_text(frame)
    columns = (
        Column("label", "Key question"),
        Column("effect", "Estimate", decimals=2, significant="significant", says_why=True),
        *interval(level, 2),
        Column("p", "p", decimals=3, is_p_value=True),
        Column("n", "n", decimals=0),
        Column("n_events", "Events", decimals=0),
    )
    notes = (
        "The published controls and both key questions. Severity: least squares. Rates: recurrent events of all "
        "matched cases, who were all followed equally long. Errors allow for any variance and for events of one person "
        "that go together.",
        *reasons(frame),
    )
    return PublishedTable("K21", "Models of severity and of the rate of reoffences", SOURCE, columns, shown, notes)


def table_measures(tables: Tables, level: float) -> PublishedTable:
    """Reoffending measured otherwise, beside the published measure of the same cases."""
    frame = tables["reoffending_measures"]
    labels = [WAY_LABELS[way] for way in frame["measure"]]
    shown = frame.assign(label=labels, **{MISSING_TEXT: missing_text(frame)})
    columns = (
        Column("label", "Measure"),
        Column("followup_months", "Follow-up", "Months", decimals=0),
        Column("waiting_months", "Wait", "Months", decimals=0),
        Column("n", "n", decimals=0),
        Column("n_not_covered", "Not covered", decimals=0),
        Column("percent_published", "As published", "% reoffended", decimals=1),
        Column("percent", "Measured so", "% reoffended", decimals=1, says_why=True),
        *interval(level, 1),
        Column("mean_published", "As published", "Mean number", decimals=2),
        Column("mean_reoffences", "Measured so", "Mean number", decimals=2),
    )
    notes = (
        "On the cases whose follow-up and wait the extract reaches; not covered are the others, the latest ones. Mean "
        "number: of those who reoffended.",
        *reasons(frame),
    )
    return PublishedTable("K22", "Reoffending measured otherwise", SOURCE, columns, shown, notes)


def measured_otherwise(tables: Tables) -> list[str]:
    """One sentence a way to measure; that none is told, where there is none."""
    if FIGURE not in tables or tables[FIGURE].empty:
        return [NOT_TOLD]
    return [_sentence(row) for row in records(tables[FIGURE]) if row["measure"] != "published"]


def _sentence(row: Record) -> str:
    way = WAY_LABELS[str(row["measure"])]
    if not formatting.is_missing(row["not_estimable_because"]):
        return f"{way}: {row['not_estimable_because']}."
    percents = (formatting.number(row[name], 1, "%") for name in ("percent", "percent_published"))
    now, published = percents
    return f"{way}: {now} reoffended, {published} as published, of the same {formatting.number(row['n'])} cases."


def measures_figure(tables: Tables) -> tuple[DrawnFigure, ...]:
    """Figure 4 from results.reoffending_measures; none where the extract has no offences."""
    shown = _measurable(tables)
    if shown.empty:
        return ()
    heading = "Figure 4: Reoffending measured otherwise"
    chart = IntervalChart(FIGURE, heading, "Percent who reoffended, with its interval", _groups(shown))
    drawn = DrawnFigure(
        FIGURE, "Figure 4", heading, chart_svg(chart), chart_png(chart), _data(shown), figure_table(tables, 0)
    )
    return (drawn,)


def figure_table(tables: Tables, _level: float) -> PublishedTable:
    """The numbers behind Figure 4."""
    return plain_table("F4", "the data behind Figure 4", SOURCE, _data(_measurable(tables)))


def _measurable(tables: Tables) -> pd.DataFrame:
    if FIGURE not in tables:
        return pd.DataFrame()
    frame = tables[FIGURE]
    drawn = ["percent", "ci_low", "ci_high", "percent_published", "published_low", "published_high"]
    return frame[frame[drawn].notna().all(axis=1) & (frame["measure"] != "published")]


def _groups(shown: pd.DataFrame) -> tuple[tuple[str, tuple[Estimate, ...]], ...]:
    return tuple(
        (
            WAY_LABELS[str(row["measure"])],
            (
                _estimate("Measured so", row, "percent", "ci_low", "ci_high"),
                _estimate("As published, same cases", row, "percent_published", "published_low", "published_high"),
            ),
        )
        for row in records(shown)
    )


def _estimate(label: str, row: Record, *names: str) -> Estimate:
    value, low, high = (float(str(row[name])) for name in names)
    return Estimate(label, value, low, high)


def _data(shown: pd.DataFrame) -> pd.DataFrame:
    """The numbers with words for codes, a row an interval."""
    rows = [
        (way, estimate.label, estimate.value, estimate.low, estimate.high)
        for way, estimates in _groups(shown)
        for estimate in estimates
    ]
    return pd.DataFrame(rows, columns=["Rule", "Measure", "Reoffended (%)", "Low", "High"])
