"""How providers were rated (2020/03, 2.1).

Belongs here: results.provider_ratings, counts of providers by type, standard and rating. Not here: reading the
ratings (`ingest`), the rating of any one provider.
"""

import pandas as pd

from orchestration.methods.layouts.layout_2020 import GROUP_BY_ITEM
from orchestration.methods.layouts.typed_rows import table_of

RATINGS = ("outstanding", "good", "requires_improvement", "inadequate")
SERVICES = "services"  # the standard of the bulletin's figure
PROVIDER_RATINGS = {
    "provider_type": "str",
    "standard": "str",
    "rating": "str",
    "n": "Int64",
    "n_providers": "Int64",
    "percent": "float64",
}


def provider_ratings(ratings: pd.DataFrame) -> pd.DataFrame:
    """Providers by type, standard and rating, also ratings that none was given.

    `ratings`: one row a provider and standard (provider, provider_type, standard, rating). `n_providers` is the
    providers of the type that were rated on the standard, `percent` of them, unrounded; missing where there are none.
    """
    counts = ratings.groupby(["standard", "provider_type", "rating"], observed=True).size().to_dict()
    rows = []
    for standard in sorted(ratings["standard"].unique()):
        for provider_type in GROUP_BY_ITEM["provider_type"].codes:
            of_type = {rating: int(counts.get((standard, provider_type, rating), 0)) for rating in RATINGS}
            total = sum(of_type.values())
            for rating, n in of_type.items():
                rows.append((provider_type, standard, rating, n, total, 100 * n / total if total else float("nan")))
    return table_of(PROVIDER_RATINGS, rows)
