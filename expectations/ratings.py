"""The suite of ratings: what the inspectorate rated of each provider.

Belongs here: rules of this source, and whether every inspected provider is rated. Not here: rules on one column
(`contract_rules`).
"""

from typing import Any

import pandas as pd

from expectations.contract_rules import bounded_frame, column_rules
from expectations.inspections import provider_and_type, provider_inspected
from expectations.runner import Checked, about, check, nowhere
from expectations.source_gate import SourceContext, SourceGate
from orchestration.ingest.extracts import SourceExtract
from orchestration.settings import Parameters
from orchestration.tables.contract import RATED_STANDARD, RATINGS


def ratings_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """`bounded_frame` with `provider_and_type`."""
    return bounded_frame(RATINGS, rows).assign(provider_and_type=provider_and_type(rows))


def ratings_suite(inspected: pd.DataFrame) -> list[Any]:
    """Expectations on `ratings_frame`; `inspected`: accepted inspections (provider, provider_type)."""
    return [*column_rules(RATINGS), provider_inspected(inspected)]


def rated_providers(rows: pd.DataFrame, inspected: pd.DataFrame) -> pd.DataFrame:
    """One row an inspected provider: provider_and_type, and its rating for services (missing where it has none)."""
    rated = rows[rows["standard"] == RATED_STANDARD]
    ratings = pd.Series(rated["rating"].to_numpy(), index=provider_and_type(rated)).groupby(level=0).first()
    providers = pd.Series(sorted(set(provider_and_type(inspected))), dtype="str")
    return pd.DataFrame({"provider_and_type": providers, "rating": providers.map(ratings)})


def rated_rules(frame: pd.DataFrame) -> list[Any]:
    """On `rated_providers`: no inspected provider is left without a rating; a warning that names them."""
    import great_expectations.expectations as gxe

    unrated = "; ".join(frame.loc[frame["rating"].isna(), "provider_and_type"])
    words = about(
        "every_provider_rated",
        "provider, provider_type",
        f"inspected providers have no rating for {RATED_STANDARD} ({unrated})",
        "Add their ratings if there are any; the counts of ratings are without them.",
        warns=True,
    )
    return [gxe.ExpectColumnValuesToNotBeNull(column="rating", meta=words)]


def _rows(extract: SourceExtract, context: SourceContext) -> tuple[pd.DataFrame, list[Any]]:
    inspected = context.cases(RATINGS.name)
    return ratings_frame(extract.parsed), ratings_suite(inspected)


def _whole(
    accepted: pd.DataFrame, extract: SourceExtract, _parameters: Parameters, context: SourceContext
) -> list[Checked]:
    """What it says of each inspected provider; nothing is asked where nothing was delivered."""
    providers = rated_providers(accepted, context.cases(RATINGS.name))
    return check(RATINGS.name, providers, rated_rules(providers), nowhere) if len(extract.deliveries) else []


GATE = SourceGate(_rows, _whole)
