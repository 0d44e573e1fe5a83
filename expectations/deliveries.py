"""Expectations on a delivery against the one before it.

Belongs here: missing values and codes from one delivery to the next, and the order of what is asked of deliveries. Not
here: how many rows they have (`row_counts`), rows that came twice (`rows_again`), what columns hold (`contents`,
`fillings`, `sentinels`), dates (`spans`), what was found in columns (`findings`).
"""

import math
from typing import Any

import numpy as np
import pandas as pd

from expectations.contents import column_contents, contents_rules
from expectations.fillings import column_fillings, filling_rules
from expectations.row_counts import rows_rules, rows_steps
from expectations.rows_again import IDENTIFIERS, again_rules, rows_again
from expectations.runner import MAX_PLACES, Checked, about, check, file_places, nowhere
from expectations.sentinels import sentinel_rules, sentinels
from expectations.source_gate import SourceContext
from expectations.spans import impossible_dates, impossible_rules, span_rules, span_steps
from orchestration.ingest.counting import count_values, is_counted_by_month
from orchestration.ingest.extracts import SourceExtract
from orchestration.ingest.parsing import IMPOSSIBLE_DATE, NOT_A_DATE, is_at
from orchestration.settings import ROADS, Parameters
from orchestration.tables.contract import CONTRACT
from orchestration.tables.extracts import DELIVERY_PROFILE
from orchestration.tables.source import Source

_FEWEST_ROWS = 30  # below, shares move by chance
_STRAY_SHARE = 0.01  # of the dates of a delivery: one slip of a year must not speak for all of them
_SMALL_RISE, _OTHER_CODES = 0.1, 0.3


def deliveries_outcomes(
    source: Source,
    accepted: pd.DataFrame,
    rejected: pd.DataFrame,
    extract: SourceExtract,
    parameters: Parameters,
    context: SourceContext,
) -> list[Checked]:
    """What is asked of the deliveries of a source together; nothing where nothing was delivered."""
    if extract.rows.empty:
        return []
    current = delivery_profile(source, extract, rejected)
    profile = with_the_one_before(current, context.profiled)
    steps = delivery_steps(source, profile, extract.counts)
    sizes = rows_steps(profile, extract.deliveries)
    unreadable = unreadable_dates(current, extract.notes)
    checked = check(source.name, sizes, rows_rules(source, sizes, parameters), nowhere)
    checked += check(source.name, steps, missing_rules(source, steps, parameters), nowhere)
    checked += check(source.name, unreadable, unreadable_rules(source, unreadable, parameters), nowhere)
    fillings = column_fillings(source, current, extract)
    checked += check(source.name, fillings, filling_rules(source, fillings, parameters), nowhere)
    spans = span_steps(profile, parameters)
    checked += check(source.name, spans, span_rules(source, spans, parameters), nowhere)
    if source.name in (*CONTRACT, *ROADS):
        impossible = impossible_dates(source, extract)
        checked += check(source.name, impossible, impossible_rules(source, impossible, parameters), nowhere)
        again = rows_again(source, accepted)
        checked += check(source.name, again, again_rules(source, again, parameters), file_places)
    if source.name in CONTRACT:
        contents = column_contents(source, accepted)
        checked += check(source.name, contents, contents_rules(source, contents, parameters), nowhere)
    apart = sentinels(source, accepted)
    return checked + check(source.name, apart, sentinel_rules(source, apart, parameters) if len(apart) else [], nowhere)


def delivery_profile(source: Source, extract: SourceExtract, rejected: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery that was read and a column: the columns of quality.delivery_profile.

    `rejected`: places of the rows whose dates do not count. Counts and months alone: nothing of it tells a value, and
    it may stand where no identifier may.
    """
    counts = extract.counts.rename(columns={"file": "delivery", "cells": "missing"})
    profile = counts[counts["value"].isna()].merge(_months(source, extract, rejected), "left", ["delivery", "column"])
    placed = extract.deliveries.set_index("delivery")
    profile = profile.assign(
        source=source.name,
        delivery_order=profile["delivery"].map(placed["delivery_order"]),
        content=profile["delivery"].map(placed["file_sha256"].str[:8]),
    )
    by_column = profile.sort_values("column", key=lambda names: names.map(source.names.index), kind="stable")
    return by_column[DELIVERY_PROFILE.names].astype(DELIVERY_PROFILE.dtypes).reset_index(drop=True)


def _months(source: Source, extract: SourceExtract, rejected: pd.DataFrame) -> pd.DataFrame:
    """First and last month of each date by delivery, as delivered: later deliveries may have replaced all its rows."""
    rows = extract.rows
    aside = count_values(source, rows[is_at(rows, rejected)])
    counts = pd.concat([extract.counts, aside.assign(cells=-aside["cells"])])
    dates = [column.name for column in source.columns if is_counted_by_month(column)]
    by_month = counts[counts["column"].isin(dates)].groupby(["file", "column", "value"])["cells"].sum().reset_index()
    spans = [(delivery, column, *_span(months)) for (delivery, column), months in by_month.groupby(["file", "column"])]
    return pd.DataFrame(spans, columns=["delivery", "column", "first_month", "last_month"]).astype("str")


def _span(months: pd.DataFrame) -> tuple[str | None, str | None]:
    """The months between which dates lie (a row a month, in order), the outermost hundredth at either end (one date at
    least) aside."""
    each = np.repeat(months["value"].to_numpy(), months["cells"].to_numpy())
    if not len(each):
        return None, None
    aside = min(math.ceil(_STRAY_SHARE * len(each)), (len(each) - 1) // 2)
    return str(each[aside]), str(each[-1 - aside])


def with_the_one_before(current: pd.DataFrame, profiled: pd.DataFrame | None) -> pd.DataFrame:
    """The profile with, before its first delivery, the last accepted one, where all that was accepted is gone since.

    While any of it is there, nothing is known to have come before the first delivery.
    """
    if profiled is None or profiled.empty or profiled["content"].isin(current["content"]).any():
        return current
    before = profiled[profiled["delivery_order"] == profiled["delivery_order"].max()].assign(delivery_order=0)
    return pd.concat([before[current.columns].astype(current.dtypes), current], ignore_index=True)


def delivery_steps(source: Source, profile: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery after the first and a column: delivery, column, needed_rise and other_rise of the share
    missing (whichever the column is; 0 for columns that are asked of some rows only), codes_moved (0 to 1)."""
    conditional = {column.name for column in source.columns if column.is_conditional}
    needed = {c.name for c in source.columns if c.must_be_in_file or c.name in IDENTIFIERS} - conditional
    shares = profile.astype({"missing": "float64", "rows": "float64"})
    shares["share"] = shares["missing"] / shares["rows"].clip(lower=1)
    shares["before"] = shares.groupby("column")["share"].shift()
    small = shares[["rows"]].assign(before=shares.groupby("column")["rows"].shift()).min(axis=1) < _FEWEST_ROWS
    is_told = small | shares["column"].isin(conditional)
    is_told |= (shares["share"] == 1) & ~shares["column"].isin(("crn", "pnc_id"))  # empty throughout: see `fillings`
    rise = (shares["share"] - shares["before"]).where(~is_told, 0.0)
    is_needed = shares["column"].isin(needed)
    steps = shares.assign(needed_rise=rise.where(is_needed, 0.0), other_rise=rise.where(~is_needed, 0.0))
    steps = steps[shares["before"].notna()].copy()
    moved = _codes_moved(source, counts) if len(steps) else {}
    steps["codes_moved"] = [moved.get(key, 0.0) for key in zip(steps["delivery"], steps["column"], strict=True)]
    steps.loc[small, "codes_moved"] = 0.0
    return steps.reset_index(drop=True)


def _codes_moved(source: Source, counts: pd.DataFrame) -> dict[tuple[str, str], float]:
    """(delivery, column of codes) -> share of its answers that would have to change to be those of the one before."""
    moved: dict[tuple[str, str], float] = {}
    answers = counts[counts["value"].notna()]
    for column in source.columns:
        if column.kind != "code" or column.name in ("provider_type", *source.id_columns):
            continue  # rounds inspect one type of provider after another
        own = answers[answers["column"] == column.name]
        cells = own.pivot_table(index="file", columns="value", values="cells", fill_value=0, sort=False)
        shares = cells.div(cells.sum(axis=1), axis=0)
        distance = shares.diff().abs().sum(axis=1) / 2
        moved |= {(str(delivery), column.name): float(value) for delivery, value in distance.items()}
    return moved


def missing_rules(source: Source, steps: pd.DataFrame, parameters: Parameters) -> list[Any]:
    """On `delivery_steps`: columns are not suddenly empty, and codes not suddenly others."""
    import great_expectations.expectations as gxe

    high = parameters.missing_rise_high
    rules = {
        "column_not_newly_empty": ("needed_rise", high, False, "a column that a bulletin needs is suddenly empty"),
        "column_not_emptier": ("needed_rise", _SMALL_RISE, True, "a column is emptier than it was"),
        "other_column_not_emptier": ("other_rise", high, True, "a column is suddenly empty"),
        "codes_as_before": ("codes_moved", _OTHER_CODES, True, "answers are others than they were"),
    }
    remedy = "Ask whether the column was exported as before; have it exported again if it was not."
    made = []
    for name, (measure, bound, warns, problem) in rules.items():
        at_fault = steps[steps[measure] > bound]
        told = "; ".join(
            f"{row.column} in {row.delivery}, {getattr(row, measure):.0%} more"
            if measure != "codes_moved"
            else f"{row.column} in {row.delivery}, {row.codes_moved:.0%} of them"
            for row in at_fault.head(MAX_PLACES).itertuples()
        )
        setting = " (PROBATION_MISSING_RISE_HIGH sets how much.)" if bound == high else ""
        words = about(
            name,
            source.name,
            f"{problem} against the delivery before",
            remedy + setting,
            warns=warns,
            observed=told or "as before",
        )
        made.append(gxe.ExpectColumnValuesToBeBetween(column=measure, max_value=bound, meta=words))
    return made


def unreadable_dates(profile: pd.DataFrame, notes: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery and an optional date with cells that cannot be read: delivery, column, share of those filled.

    The share is missing where it is one cell alone, which is told by itself.
    """
    dates = notes[notes["value_class"].isin((NOT_A_DATE, IMPOSSIBLE_DATE))]
    counts = dates.groupby(["file", "column"]).size().rename("cells").reset_index().rename(columns={"file": "delivery"})
    frame = counts.merge(profile, on=["delivery", "column"])
    share = frame["cells"] / (frame["rows"] - frame["missing"]).clip(lower=1)
    return frame.assign(share=share.where(frame["cells"] > 1).astype("float64"))


def unreadable_rules(source: Source, frame: pd.DataFrame, parameters: Parameters) -> list[Any]:
    """On `unreadable_dates`: a few slips may pass, a column in an unknown writing may not."""
    import great_expectations.expectations as gxe

    high = parameters.unreadable_high
    told = "; ".join(
        f"{row.column} in {row.delivery}, {row.cells:,} cells, {row.share:.0%}"
        for row in frame[frame["share"] > high].head(MAX_PLACES).itertuples()
    )
    words = about(
        "optional_dates_readable",
        source.name,
        "too many dates cannot be read: the column is probably written in a way that is not known",
        "Have the column exported as YYYY-MM-DD. (PROBATION_UNREADABLE_HIGH sets the share that may pass.)",
        observed=told or "as expected",
    )
    return [gxe.ExpectColumnValuesToBeBetween(column="share", max_value=high, meta=words)]
