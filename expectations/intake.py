"""Expectations on a delivery as a whole: rows present, rows parsed, nothing passed over, share rejected.

Belongs here: what is asked of every source alike, about rows rather than columns. Not here: columns.
"""

from typing import Any

import pandas as pd

from expectations.runner import MAX_PLACES, about, file_places
from orchestration.ingest.extracts import SourceExtract
from orchestration.tables.source import ACCEPTED_LABELS, Source


def files_rules(source: Source) -> list[Any]:
    """On the files that were read, with their rows: an export that broke off after its header is no delivery."""
    import great_expectations.expectations as gxe

    words = about(
        "rows_present",
        source.name,
        "files have a header but no rows",
        "Have them exported again in full; if nothing was to be delivered, take them out of the folder.",
    )
    return [gxe.ExpectColumnValuesToBeBetween(column="rows", min_value=1, meta=words)]


def files_read(deliveries: pd.DataFrame) -> pd.DataFrame:
    """The deliveries that are not another one's copy."""
    return deliveries[deliveries["duplicate_of"].isna()]


def file_names(files: pd.DataFrame) -> str:
    """Where files are at fault: their deliveries."""
    return ", ".join(files["delivery"])


def parsing_rules(source: Source, extract: SourceExtract) -> list[Any]:
    """On the cells that did not parse: one outcome that lists column, class, number and lines."""
    import great_expectations.expectations as gxe

    words = about(
        "rows_parse",
        source.name,
        f"rows do not parse and are left out ({describe_places(extract.rejected)})",
        _remedy(source),
        warns=True,
    )
    return [gxe.ExpectTableRowCountToEqual(value=0, meta=words)]


def notes_rules(source: Source, extract: SourceExtract) -> list[Any]:
    """On what was set to missing or passed over without rejecting a row."""
    import great_expectations.expectations as gxe

    words = about(
        "nothing_passed_over",
        source.name,
        f"columns or cells are passed over ({describe_places(extract.notes)})",
        "Nothing needs to be done where this is intended.",
        warns=True,
    )
    return [gxe.ExpectTableRowCountToEqual(value=0, meta=words)]


def share_rules(source: Source, rejected: pd.DataFrame, share: float, allowed: float) -> list[Any]:
    """On the share of rejected rows: the one that decides whether faulty rows stop the run."""
    import great_expectations.expectations as gxe

    words = about(
        "rejected_rows_within_share",
        source.name,
        f"too many rows are rejected ({describe_places(rejected)})",
        f"{_remedy(source)} (PROBATION_REJECTED_SHARE_{source.name.upper()} sets the share that may pass.)",
        observed=f"{count_rows(rejected):,} rejected, {share:.3%} of the rows; {allowed:.3%} may be",
    )
    return [gxe.ExpectColumnValuesToBeBetween(column="rejected_share", max_value=allowed, meta=words)]


def _remedy(source: Source) -> str:
    tables = " or ".join(sorted({column.labels_in for column in source.of_kind("code")} or {ACCEPTED_LABELS}))
    return (
        f"Correct them and deliver the file again, or for an unknown code add the label to {tables} "
        "(dbt_project/seeds/codes); rejected_rows.csv lists every row with its reason."
    )


def rejected_share(rejected: pd.DataFrame, n_accepted: int) -> float:
    """The share (0 to 1) of rejected rows among those that count (the latest of each id)."""
    n_rejected = count_rows(rejected)
    return n_rejected / max(n_rejected + n_accepted, 1)


def count_rows(places: pd.DataFrame) -> int:
    """Distinct rows (file and line) among places."""
    return len(places[["file", "line"]].drop_duplicates())


def describe_places(places: pd.DataFrame) -> str:
    """`gender: unknown code, 3 rows, i.csv lines 4, 9, 12; ...`: what, how many, where."""
    parts = []
    groups = list(places.groupby(["column", "value_class"], sort=False))
    for (column, value_class), rows in groups[:MAX_PLACES]:
        what = f"{column}: {value_class}" if column else value_class
        parts.append(f"{what}, {len(rows):,} row{'s' if len(rows) > 1 else ''}, {file_places(rows)}")
    more = len(groups) - MAX_PLACES
    return "; ".join(parts) + (f"; and {more} more kinds" if more > 0 else "")
