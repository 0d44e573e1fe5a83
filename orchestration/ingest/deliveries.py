"""Deliveries: their order, files delivered twice, and which row of an id counts.

Belongs here: the data contract's section on deliveries. Not here: reading or parsing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from orchestration.ingest.frames import empty_frame, empty_rows
from orchestration.ingest.labels import Labels
from orchestration.ingest.landed_files import LandingFile
from orchestration.ingest.parsing import PLACE_COLUMNS, no_places, row_ids
from orchestration.tables.contract import WHOLE_CONTRACT
from orchestration.tables.extracts import SUPERSEDED_ROWS

SUPERSEDED_COLUMNS = SUPERSEDED_ROWS.names

_DATE_IN_NAME = re.compile(r"(?<![0-9])([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})(?![0-9])")
DUPLICATED_ID, ORDER_UNKNOWN = "duplicated id", "order of deliveries unknown"


def delivered_date(name: str) -> date | None:
    """The date (YYYY-MM-DD or YYYYMMDD) in a file's name; the last one where it has several."""
    dates = []
    for year, _, month, day in _DATE_IN_NAME.findall(name):
        try:
            dates.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue  # eight digits that are no date
    return dates[-1] if dates else None


def order_deliveries(files: Sequence[LandingFile], known: pd.DataFrame | None) -> pd.DataFrame:
    """One row a file, in delivery order (from 1).

    Order: by the date in the names where every file of the source has one (then by name), else as first
    seen, which `known` (source, file_sha256, first_seen_order of earlier runs) remembers by content.
    `duplicate_of` names the earlier file with the same content; such a file is not read.
    `delivery` is what a file is called where its name must not
    be told. Rows and repeats are filled in later.
    """
    seen = first_seen(files[0].source if files else "", {file.name: file.sha256 for file in files}, known)
    orders = dict(zip(seen["file_sha256"], seen["first_seen_order"], strict=True))
    dates = [delivered_date(file.name) for file in files]
    frame = pd.DataFrame(
        {
            "source": [file.source for file in files],
            "file": [file.name for file in files],
            "file_sha256": [file.sha256 for file in files],
            "delivered_date": pd.Series(np.array(dates, dtype="datetime64[us]")),
            "first_seen_order": [orders[file.sha256] for file in files],
        }
    )
    by = ["first_seen_order", "file"] if any(day is None for day in dates) else ["delivered_date", "file"]
    frame = frame.sort_values(by, kind="stable").reset_index(drop=True)
    first = frame.groupby("file_sha256", sort=False)["file"].transform("first")
    frame["duplicate_of"] = first.where(first != frame["file"], None).astype("str")
    frame["delivery_order"] = range(1, len(frame) + 1)
    names = [f"delivery {n} ({sha[:8]})" for n, sha in zip(frame["delivery_order"], frame["file_sha256"], strict=True)]
    frame["delivery"] = pd.Series(names, dtype="str")
    promised = {file.name: file.expected.rows for file in files}
    frame["expected_rows"] = pd.array([promised[name] for name in frame["file"]], dtype="Int64")
    return frame


def no_deliveries() -> pd.DataFrame:
    """An empty frame of deliveries, with its types."""
    kinds = {
        "source": "str",
        "file": "str",
        "file_sha256": "str",
        "delivered_date": "datetime64[us]",
        "first_seen_order": "int64",
        "duplicate_of": "str",
        "delivery_order": "int64",
        "delivery": "str",
        "expected_rows": "Int64",
        "rows": "int64",
        "repeated": "int64",
    }
    return empty_frame(kinds)


def first_seen(source: str, contents: Mapping[str, str], known: pd.DataFrame | None) -> pd.DataFrame:
    """One row a content (source, file_sha256, first_seen_order): those known, then new ones by their files' names.

    `contents`: name of a file -> SHA-256 of what is in it.
    """
    order: dict[str, int] = {}
    if known is not None and len(known):
        earliest = known[known["source"] == source].groupby("file_sha256")["first_seen_order"].min()
        order = {str(sha): int(n) for sha, n in earliest.items()}
    following = max(order.values(), default=0) + 1
    for _, sha in sorted(contents.items()):
        if sha not in order:
            order[sha] = following
            following += 1
    return pd.DataFrame({"source": source, "file_sha256": list(order), "first_seen_order": list(order.values())})


@dataclass(frozen=True)
class CurrentRows:
    """Which rows count. `current`: one row an id; `superseded`, `rejected`: see the warehouse tables of
    those names; `next_delivery`: of the rows whose id came again (by index), the next delivery that has it."""

    current: pd.DataFrame
    superseded: pd.DataFrame
    rejected: pd.DataFrame
    next_delivery: pd.Series


def keep_latest(source: str, rows: pd.DataFrame, labels: Labels) -> CurrentRows:
    """Keep each id's row of the latest delivery.

    `rows` are text rows with file, line and delivery_order, in that order. A row whose id came again is compared with
    the next delivery that has it, so that what a delivery replaces does not hang on those after it. An id that stands
    twice in the file that counts is rejected: all its rows where they differ, all but the first where they are the
    same. Rows without an id are kept (parsing rejects them).
    """
    contract = WHOLE_CONTRACT[source]
    ids = row_ids(source, rows, labels)
    is_again = ids.duplicated(keep=False) & ids.notna()
    if not is_again.any():
        return CurrentRows(rows, no_superseded(), no_places(), pd.Series(dtype="Int64"))
    again = rows.loc[is_again, ["file", "line", "delivery_order"]].assign(_id=ids[is_again])
    again["_content"] = pd.util.hash_pandas_object(rows.loc[is_again, contract.names], index=False)
    pairs = _with_the_next(again)
    rejected = _duplicated(source, again.drop(index=pairs.index))
    superseded = pairs[pairs["_content"] != pairs["_content_newer"]]
    return CurrentRows(
        current=rows.drop(index=pairs.index.union(rejected.index)),
        superseded=_superseded(source, superseded, rows.loc[superseded.index, contract.names]),
        rejected=rejected.reset_index(drop=True),
        next_delivery=pairs["delivery_order_newer"].astype("Int64"),
    )


def _with_the_next(again: pd.DataFrame) -> pd.DataFrame:
    """The rows whose id (`_id`) a later delivery has, each with the first row of it in the next such delivery."""
    firsts = again.drop_duplicates(["_id", "delivery_order"])
    newer = firsts.assign(_follows=firsts.groupby("_id")["delivery_order"].shift()).dropna(subset="_follows")
    pairs = again.reset_index(names="_row").merge(
        newer, left_on=["_id", "delivery_order"], right_on=["_id", "_follows"], suffixes=("", "_newer")
    )
    return pairs.set_index("_row")


def _duplicated(source: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Places of the rows whose `_id` stands more than once in the file that counts, indexed as `rows`."""
    rows = rows[rows["_id"].duplicated(keep=False)]
    ids = rows["_id"]
    is_same = rows["_content"].groupby(ids).transform("nunique") == 1
    is_kept = is_same & ~ids.duplicated(keep="first")
    lines = rows["line"].astype(str).groupby(ids).transform(_first_lines).astype(str)
    id_text = WHOLE_CONTRACT[source].id_text
    reason = id_text + " stands on lines " + lines + " of this file; each must be unique"
    places = rows[["file", "line"]].assign(source=source, column=id_text, value_class=DUPLICATED_ID, reason=reason)
    return places.loc[~is_kept, PLACE_COLUMNS]


def _first_lines(lines: pd.Series) -> str:
    listed = list(lines[:5])
    return ", ".join(listed) + (f" and {len(lines) - 5} more" if len(lines) > 5 else "")


def _superseded(source: str, pairs: pd.DataFrame, contents: pd.DataFrame) -> pd.DataFrame:
    if pairs.empty:
        return no_superseded()
    texts = contents.to_json(orient="records", lines=True, force_ascii=False).splitlines()
    return pd.DataFrame(
        {
            "source": source,
            "file": pairs["file"].to_numpy(),
            "line": pairs["line"].to_numpy(),
            "superseded_by_file": pairs["file_newer"].to_numpy(),
            "superseded_by_line": pairs["line_newer"].to_numpy(),
            "row_json": pd.Series(texts, dtype="str"),
        },
        columns=SUPERSEDED_COLUMNS,
    )


def no_superseded() -> pd.DataFrame:
    """An empty frame of superseded rows, with its types."""
    return empty_rows(SUPERSEDED_COLUMNS, "line", "superseded_by_line")


def unordered(superseded: pd.DataFrame, deliveries: pd.DataFrame) -> pd.DataFrame:
    """The superseded rows of which it is not known that they are the earlier ones.

    Their delivery and the one that replaces it have the same date in their names; or some deliveries have a date and
    others have none, so that the order of all is only that in which they were first seen; or their file lies there
    again, as it was, and its copy is not known to be earlier than what replaces the row: it may be what counts again.
    """
    has_date = deliveries["delivered_date"].notna()
    if has_date.any() and not has_date.all():
        return superseded
    distinct = deliveries[deliveries["duplicate_of"].isna()].set_index("delivery")
    if not has_date.any():
        n_files = distinct["file_sha256"].map(deliveries["file_sha256"].value_counts())
        return superseded[superseded["file"].map(n_files) > 1]
    latest = distinct["file_sha256"].map(deliveries.groupby("file_sha256")["delivered_date"].max())
    return superseded[
        superseded["file"].map(latest) >= superseded["superseded_by_file"].map(distinct["delivered_date"])
    ]
