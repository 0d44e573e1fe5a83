"""How certain the links are, tier by tier.

Belongs here: links by tier with the estimated probability that one is right. Not here: what that rests on
(`linkage_quality.py`, `linkage_review.py`), and models refitted by tier (`linkage_sensitivity.py`).
"""

from orchestration.tables.columns import OF_SOURCE
from orchestration.tables.table import Column, Table, by_name

LINKAGE_TIERS = Table(
    "results",
    "linkage_tiers",
    "One row a source and tier of certainty: how many links, and the estimated probability that one of them is right.",
    key=("source", "tier"),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column("tier_rank", "bigint", "The tier's rank, the surest first; 0 for links that a reviewer asked for."),
        Column("tier", "varchar", "The tier (reference.match_tiers); `reviewed` for links that a reviewer asked for."),
        Column("links", "bigint", "Cases linked by a rule of this tier."),
        Column("share_of_matched", "double", "Percent of the source's matched cases, unrounded."),
        Column(
            "basis",
            "varchar",
            "What the probability is estimated from: `truth` (the truth file) where the source has one, else `review` "
            "(the current clerical review); null where there is neither.",
        ),
        Column("n_judged", "bigint", "Links of the tier that were judged; null without a basis."),
        Column(
            "probability",
            "double",
            "Estimated probability that a link of the tier is right, in percent: the share right among those judged, "
            "weighted to the tier's links for a review; null where none was judged.",
        ),
        Column("ci_low", "double", "Lower end of its 95% interval: Wilson's for truth, exact and joined for review."),
        Column("ci_high", "double", "Upper end of its 95% interval."),
    ),
    stays="links of the least certain tiers are few, and say how their people can be found",
)
LINKAGE_TIERS_TABLES = by_name(LINKAGE_TIERS)
