"""Expectations on an extract's span: does it cover every inspected start date?

Belongs here: the span of the terminations, reoffending and offences extracts against the inspected cases. Not
here: rules on their rows.

The reading (the bulletin gives spans, the extracts carry none): a start date is covered when it lies between
the extract's first and last date, either side widened by the match window, and, for reoffending, when its
follow-up and waiting period have ended by the end of the extract. That end is the latest date in the file
names, where every file has one; otherwise the last event seen (an index date, or an index date plus days
to the first reoffence) plus the waiting period, which the data contract says is allowed for. The last
event seen falls a little short of the true end, so a month's grace is given in that case.

An extract of offences shows itself how far it reaches, whatever its files are called: there must be offences up to the
end of the follow-up and results up to the end of the waiting period, with the same grace. It begins with its first
index date. Which cases can be measured with longer windows marts.reoffence_measures says by this same rule.
"""

from typing import Any

import pandas as pd

from expectations.runner import Checked, about, check, nowhere
from orchestration.settings import COVERAGE_GRACE_MONTHS, ROADS, Parameters
from orchestration.tables.contract import OFFENCES
from orchestration.tables.source import Source

GRACE = pd.DateOffset(months=COVERAGE_GRACE_MONTHS)
# The bulletin's window rather than the parameter: another window must not judge, and clean, every extract again.
WINDOW = pd.Timedelta(days=7)
_ASK_FOR_ALL = "Ask for an extract of the whole period, or take out the cases it cannot cover."


def coverage(
    source: Source, rows: pd.DataFrame, deliveries: pd.DataFrame, starts: pd.Series, parameters: Parameters
) -> list[Checked]:
    """Whether the accepted `rows` of a source cover every inspected start date."""
    frame = coverage_frame(source, rows, deliveries, starts, parameters)
    return check(source.name, frame, coverage_rules(source, frame), nowhere)


def coverage_frame(
    source: Source, rows: pd.DataFrame, deliveries: pd.DataFrame, starts: pd.Series, parameters: Parameters
) -> pd.DataFrame:
    """One row an inspected start date: first_date, last_date, end_date of the extract, and needed_until."""
    followed = pd.DateOffset(months=parameters.followup_months + parameters.waiting_months)
    dates = rows[_date_column(source)].dropna()
    first, last = dates.min(), dates.max()  # NaT where there are no rows
    return pd.DataFrame(
        {
            "start_date": starts.to_numpy(),
            "first_date": first - WINDOW,
            "last_date": last + WINDOW,
            "needed_until": (starts + followed).to_numpy(),
            "end_date": _end_of(source, rows, deliveries, last, parameters),
        }
    ).astype("datetime64[us]")


def coverage_rules(source: Source, frame: pd.DataFrame) -> list[Any]:
    """The extract starts early enough, ends late enough, and (reoffending) has followed every case up."""
    import great_expectations.expectations as gxe

    span = f"{_date_column(source)} runs from {_month(frame['first_date'])} to {_month(frame['last_date'])}"
    pairs = [
        (
            "starts_early_enough",
            "start_date",
            "first_date",
            f"cases started before the extract does ({span})",
        ),
        ("ends_late_enough", "last_date", "start_date", f"cases started after the extract ends ({span})"),
    ]
    if source.name in ROADS:
        problem = f"cases are not followed up in full: the extract reaches {_month(frame['end_date'])}"
        pairs.append(("follow_up_complete", "end_date", "needed_until", problem))
    return [
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=later,
            column_B=earlier,
            or_equal=True,
            ignore_row_if="neither",
            meta=about(name, "start_date", problem, _ASK_FOR_ALL),
        )
        for name, later, earlier, problem in pairs
    ]


def _end_of(
    source: Source, rows: pd.DataFrame, deliveries: pd.DataFrame, last: pd.Timestamp, parameters: Parameters
) -> pd.Timestamp:
    if source.name not in ROADS:
        return last
    if source.name == OFFENCES.name:
        waiting = pd.DateOffset(months=parameters.waiting_months)
        ends = pd.Series([rows["offence_date"].max() + waiting, rows["disposal_date"].max()])
        return ends.min(skipna=False) + GRACE  # without any result it reaches nowhere
    delivered = deliveries.loc[deliveries["duplicate_of"].isna(), "delivered_date"]
    if delivered.notna().all():
        return delivered.max()
    days = pd.to_timedelta(rows["days_to_first_reoffence"].fillna(0).astype("int64"), unit="D")
    return (rows[_date_column(source)] + days).max() + pd.DateOffset(months=parameters.waiting_months) + GRACE


def _date_column(source: Source) -> str:
    if source.name == OFFENCES.name:
        return "index_date"
    if source.date_column is None:
        raise ValueError(f"{source.name} has no date to cover anything with")
    return source.date_column


def _month(dates: pd.Series) -> str:
    return "no date" if dates.isna().all() else f"{dates.iloc[0]:%B %Y}"
