"""The links judged by clerical review.

Belongs here: estimates from reviewed samples. Not here: the reviews themselves, which are files (`linkage/review/`).
"""

from orchestration.tables.columns import OF_SOURCE
from orchestration.tables.table import Column, Leaving, Table, by_name

LINKAGE_REVIEW = Table(
    "results",
    "linkage_review",
    "One row a reviewed sample, source, stratum and measure: accuracy of the links estimated from clerical review; "
    "empty where nothing was reviewed.",
    key=("sample", "source", "stratum", "measure"),
    disclosure="aggregate",
    columns=(
        Column("sample", "varchar", "The sample: day drawn, hash of the links, cases a source, seed."),
        Column(
            "status",
            "varchar",
            "`current` for the review imported last of those whose links stand; `superseded` for others whose links "
            "stand; `stale` where links have changed since the draw: estimates are then missing.",
        ),
        Column(
            "n_cases_changed",
            "bigint",
            "Cases linked differently than when the sample was drawn, those set by an override aside; missing where "
            "the links of that day are gone.",
        ),
        Column("drawn_on", "varchar", "Day the sample was drawn."),
        Column("last_reviewed_on", "varchar", "Day of the latest verdict."),
        OF_SOURCE,
        Column(
            "stratum",
            "varchar",
            "`all` for the estimate weighted to every eligible case. `tier:...` for links of that certainty, weighted "
            "likewise. `rule:...` for cases linked by that rule; for "
            "the others `ambiguous`, `near` (a record in the window was compared and refused), `loose` (one was "
            "found by looser comparisons only), `outside_window` (the person was found, no record in the window) or "
            "`nothing_found`.",
        ),
        Column(
            "measure",
            "varchar",
            "`precision`, `recall` or `f1`; in a stratum `precision`, `missed` (share of cases with a record of "
            "their person in the window) or `found_outside_window`.",
        ),
        Column("n_reviewed", "bigint", "Cases reviewed."),
        Column("n_unsure", "bigint", "Those of them for which an unsure verdict matters."),
        Column("n_open", "bigint", "Cases drawn whose verdicts are not complete."),
        Column("population", "bigint", "Eligible cases of the stratum."),
        Column(
            "value",
            "double",
            "Percent (0-100), unsure cases left out; missing where a stratum has no reviewed case.",
        ),
        Column("value_if_unsure_wrong", "double", "The same with every unsure verdict counted against the linkage."),
        Column("value_if_unsure_right", "double", "The same with every unsure verdict counted for the linkage."),
        Column("ci_low", "double", "Lower 95% limit, with unsure verdicts counted against the linkage."),
        Column("ci_high", "double", "Upper 95% limit, with unsure verdicts counted for the linkage."),
    ),
    leaving=Leaving(
        statistics={
            "value": 1,
            "value_if_unsure_wrong": 1,
            "value_if_unsure_right": 1,
            "ci_low": 1,
            "ci_high": 1,
        },
        words=("status", "drawn_on", "last_reviewed_on"),
        withheld=("n_cases_changed", "n_reviewed", "n_unsure", "n_open", "population"),
        only={"stratum": ("all",)},
    ),
)

LINKAGE_REVIEW_TABLES = by_name(LINKAGE_REVIEW)
