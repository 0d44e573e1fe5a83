"""Expectations on the dates of a delivery: against those of the one before it, its own day, and each other.

Belongs here: spans that go back, dates after the day of delivery, births in the wrong century. Not here: how dates are
written (`orchestration/ingest/dates.py`), and whether an extract covers the cases (`coverage`).
"""

from typing import Any

import pandas as pd

from expectations.runner import MAX_PLACES, about
from orchestration.ingest.extracts import SourceExtract
from orchestration.settings import Parameters
from orchestration.tables.source import Source

_FEWEST_DATES = 30  # of both deliveries: the last of a few dates moves by chance
_SMALL_STEP = 1  # months


def span_steps(profile: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """One row a delivery after the first and a date column: delivery, column, months_back, months_back_little.

    `months_back`: how far its last month lies before that of the delivery before it (0: not at all); missing where one
    of the two has few dates. `months_back_little`: the same, missing where it is more than may pass.
    """
    dates = profile[profile["last_month"].notna()].sort_values("delivery_order", kind="stable")
    last = pd.PeriodIndex(dates["last_month"], freq="M")
    months = pd.Series(12 * last.year + last.month, index=dates.index, dtype="float64")
    by_column = dates["column"]
    filled = (dates["rows"] - dates["missing"]).astype("float64")
    before, filled_before = months.groupby(by_column).shift(), filled.groupby(by_column).shift()
    is_large = (filled >= _FEWEST_DATES) & (filled_before >= _FEWEST_DATES)
    steps = dates[["delivery", "column"]].assign(months_back=(before - months).clip(lower=0).where(is_large))
    is_little = steps["months_back"] <= parameters.dates_back_months
    return steps.assign(months_back_little=steps["months_back"].where(is_little))[before.notna()].reset_index(drop=True)


def span_rules(source: Source, steps: pd.DataFrame, parameters: Parameters) -> list[Any]:
    """On `span_steps`: time does not run backwards."""
    import great_expectations.expectations as gxe

    high = parameters.dates_back_months
    bounds = {
        "dates_not_back": (
            "months_back",
            high,
            "Ask whether the files are named by their days of delivery and hold the whole period; if so, set "
            "PROBATION_DATES_BACK_MONTHS.",
        ),
        "dates_go_on": (
            "months_back_little",
            _SMALL_STEP,
            "Nothing needs to be done where a delivery is about an earlier time.",
        ),
    }
    made = []
    for name, (measure, bound, remedy) in bounds.items():
        at_fault = steps[steps[measure] > bound]
        told = "; ".join(
            f"{row['column']} in {row['delivery']}, {row['months_back']:.0f} months earlier"
            for row in at_fault.head(MAX_PLACES).to_dict("records")
        )
        problem = "the latest dates of a delivery lie before those of the delivery before it"
        is_small = measure != "months_back"
        words = about(name, source.name, problem, remedy, warns=is_small, observed=told or "every delivery goes on")
        made.append(gxe.ExpectColumnValuesToBeBetween(column=measure, max_value=bound, meta=words))
    return made


def impossible_dates(source: Source, extract: SourceExtract) -> pd.DataFrame:
    """One row a delivery: delivery, births_after (share of the dates of birth that lie after the row's own date) and
    after_delivery (share of the rows with a date after the day in the file's name); a share of one row is missing."""
    parsed = extract.parsed
    shares = {"births_after": _births_after(source, parsed), "after_delivery": _after_delivery(source, extract)}
    frame = pd.DataFrame({name: _share_by_delivery(is_so, parsed["file"]) for name, is_so in shares.items()})
    return frame.astype("float64").rename_axis("delivery").reset_index()


def _births_after(source: Source, parsed: pd.DataFrame) -> pd.Series:
    if source.date_column is None:
        return pd.Series(dtype="float64")
    born, own = parsed["date_of_birth"], parsed[source.date_column]
    return (born > own).astype("float64").where(born.notna() & own.notna())


def _after_delivery(source: Source, extract: SourceExtract) -> pd.Series:
    delivered = extract.parsed["file"].map(
        dict(zip(extract.deliveries["delivery"], extract.deliveries["delivered_date"], strict=True))
    )
    # births of the wrong century are told by themselves
    names = [column.name for column in source.of_kind("date") if not column.missing_if_unreadable]
    dates = [name for name in names if pd.api.types.is_datetime64_any_dtype(extract.parsed[name])]
    if not dates:
        return pd.Series(dtype="float64")
    latest = extract.parsed[dates].max(axis=1)
    return (latest > pd.to_datetime(delivered)).astype("float64").where(delivered.notna())


def _share_by_delivery(is_so: pd.Series, delivery: pd.Series) -> pd.Series:
    groups = is_so.groupby(delivery.reindex(is_so.index))
    return groups.mean().where(groups.sum() > 1)


def impossible_rules(source: Source, frame: pd.DataFrame, parameters: Parameters) -> list[Any]:
    """On `impossible_dates`: a slip may pass, a column may not."""
    import great_expectations.expectations as gxe

    high = parameters.unreadable_high
    births = about(
        "births_in_their_century",
        "date_of_birth",
        f"too many dates of birth lie after {source.date_column}: years of two digits were probably put into the wrong "
        "century",
        "Have the column exported with years of four digits. (PROBATION_UNREADABLE_HIGH sets the share that may pass.)",
        observed=_told(frame, "births_after", high),
    )
    later = about(
        "dates_before_delivery",
        source.name,
        "dates lie after the day of delivery in the file's name",
        "Look whether the file is named by its day of delivery, and whether day and month are exchanged.",
        warns=True,
        observed=_told(frame, "after_delivery", 0),
    )
    return [
        gxe.ExpectColumnValuesToBeBetween(column="births_after", max_value=high, meta=births),
        gxe.ExpectColumnValuesToBeBetween(column="after_delivery", max_value=0, meta=later),
    ]


def _told(frame: pd.DataFrame, measure: str, bound: float) -> str:
    at_fault = frame[frame[measure] > bound].head(MAX_PLACES)
    told = [
        f"{share:.1%} of them in {delivery}"
        for delivery, share in zip(at_fault["delivery"], at_fault[measure], strict=True)
    ]
    return "; ".join(told) or "as expected"
