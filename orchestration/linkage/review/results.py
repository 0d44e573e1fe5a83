"""What the imported reviews say of the links as they are today.

Belongs here: choosing the reviews that count and saying whether they still speak of these links. Not here: estimators
(`methods/linkage/accuracy/review_estimates.py`) and Dagster (`assets/linkage_review.py`).
"""

from typing import Any

import duckdb
import numpy as np
import pandas as pd

from orchestration.errors import PipelineError
from orchestration.ingest import reviews
from orchestration.linkage.review import links
from orchestration.linkage.review.importing import read_links
from orchestration.methods.layouts.frames import declared, frame_of
from orchestration.methods.linkage.accuracy.quality import REVIEWED
from orchestration.methods.linkage.accuracy.review_tables import review_table
from orchestration.settings import Settings
from orchestration.tables.linkage_review import LINKAGE_REVIEW

OVERRIDE = "override"  # the rule of a link that a reviewer asked for
CURRENT, SUPERSEDED, STALE = "current", "superseded", "stale"
ESTIMATES = ("value", "value_if_unsure_wrong", "value_if_unsure_right", "ci_low", "ci_high")


def review_results(settings: Settings, connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The rows of results.linkage_review: every sample's latest review, none where nothing was reviewed.

    `status`: `current` for the review imported last of those whose links stand; `superseded` for other reviews of
    links that stand; `stale` where links have changed since the draw (other than by an override), or can no longer
    be told: its counts are kept, its estimates are not shown.
    """
    latest = (reviews.read_json(path) for path in reviews.latest_reviews(settings))
    imported = sorted(latest, key=lambda review: review["imported_at"])
    now, by_override = (links.links(connection), links.overridden(connection)) if imported else (None, None)
    changes = [_n_changed(settings, review["sample"], now, by_override) for review in imported]
    unchanged = [review["sample"] for review, changed in zip(imported, changes, strict=True) if changed == 0]
    tiers = _tiers(connection) if imported else {}
    tables = [
        _table(review, changed, unchanged, tiers)
        for review, changed in zip(reversed(imported), reversed(changes), strict=True)
    ]
    return declared(LINKAGE_REVIEW, pd.concat(tables, ignore_index=True)) if tables else frame_of(LINKAGE_REVIEW, [])


def _tiers(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Rule -> tier, the surest first; a reviewer's link before them all."""
    query = "select rule, tier from reference.match_rules inner join reference.match_tiers using (tier) "
    rows = connection.execute(query + "order by tier_rank, rule_rank").fetchall()
    return {OVERRIDE: REVIEWED} | dict(rows)


def _n_changed(settings: Settings, sample: str, now: Any, by_override: Any) -> int | None:
    try:
        drawn = read_links(reviews.sample_dir(settings, sample) / reviews.LINKS)
    except PipelineError:
        return None
    return links.n_changed(drawn, now, by_override)


def _table(review: dict[str, Any], changed: int | None, unchanged: list[str], tiers: dict[str, str]) -> pd.DataFrame:
    table = review_table(pd.DataFrame(review["pairs"]), pd.DataFrame(review["strata"]), tiers)
    status = STALE if changed != 0 else CURRENT if review["sample"] == unchanged[-1] else SUPERSEDED
    if status == STALE:
        table = table.assign(**dict.fromkeys(ESTIMATES, np.nan))
    days = [pair["reviewed_on"] for pair in review["pairs"] if pair["reviewed_on"]]
    facts = {
        "sample": review["sample"],
        "status": status,
        "n_cases_changed": changed,
        "drawn_on": review["drawn_on"],
        "last_reviewed_on": max(days) if days else None,
    }
    return table.assign(**facts)[LINKAGE_REVIEW.names]
