"""What Bulletin 2023/04 prints and the numbers behind its figures, with headlines and figure data, which are shared.

Belongs here: Annex B, match rates, headlines, figure data, how cases ended and by which rule. Not here: Annex C
(`needs.py`), and the models behind the tests (`models.py`).
"""

from orchestration.tables.columns import OF_BULLETIN, OF_SOURCE
from orchestration.tables.table import Column, Leaving, Table, by_name

ANNEX_B = Table(
    "results",
    "annex_b",
    "One row a published cell of Tables B1 to B3: item, category and outcome.",
    key=("table_id", "item", "category", "outcome"),
    disclosure="aggregate",
    columns=(
        Column("table_id", "varchar", "`B1`, `B2` or `B3`."),
        Column("item", "varchar", "The characteristic, key question or prompt; `all_cases` for the first row."),
        Column("category", "varchar", "Category of the item."),
        Column("outcome", "varchar", "`termination_positive`, `reoffended` or `reoffences`."),
        Column("n", "bigint", "Cases with the outcome and the item present; null where the bulletin has no figure."),
        Column("value", "double", "Percent (0-100), or the mean number of reoffences; unrounded."),
        Column("value_published", "double", "The value as printed: rounded half up from whole-number numerators."),
        Column(
            "p_value",
            "double",
            "Wald p of the term in the model that the table's note names; the same on every category of the item; "
            "null where there is no such term or it is not estimable.",
        ),
        Column("significant", "boolean", "Whether p_value is below the significance level: the shaded cells."),
    ),
    leaving=Leaving(people=("n", "value", "value_published"), statistics={"p_value": 3}, verdicts=("significant",)),
)

MATCH_RATES = Table(
    "results",
    "match_rates",
    "One row a source and sub-group: eligible, matched, rate, and test of matched against unmatched.",
    key=("source", "item", "category"),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column("item", "varchar", "Characteristic; `all_cases` for the whole."),
        Column(
            "category",
            "varchar",
            "Category of the characteristic; `low_medium` and `high_very_high` are sums of others.",
        ),
        Column("eligible", "bigint", "Cases that could be matched."),
        Column("matched", "bigint", "Cases that were matched."),
        Column("rate", "double", "Percent matched, unrounded."),
        Column(
            "chi2",
            "double",
            "Pearson chi-square of matched by category, without continuity correction, over the non-missing "
            "categories.",
        ),
        Column("df", "bigint", "Its degrees of freedom."),
        Column("p_value", "double", "Its p value, the same on every category of the item."),
    ),
    leaving=Leaving(people=("eligible", "matched", "rate", "chi2", "p_value"), words=("df",)),
)

HEADLINES = Table(
    "results",
    "headlines",
    "One row a bulletin and headline of its text.",
    key=("id",),
    disclosure="aggregate",
    columns=(
        OF_BULLETIN,
        Column("id", "varchar", "The headline."),
        Column("value", "double", "Unrounded."),
        Column("value_published", "double", "Rounded as the bulletin prints it."),
        Column("unit", "varchar", "`percent`, `percentage_points`, `count` or `mean_count`."),
        Column("n", "bigint", "Cases it rests on."),
        Column("description", "varchar", "The headline in words."),
    ),
    leaving=Leaving(people=("n", "value", "value_published"), words=("bulletin", "unit", "description")),
)

FIGURE_DATA = Table(
    "results",
    "figure_data",
    "One row a bulletin and bar (or square of a heat map) of a figure: the numbers behind it.",
    key=("figure_id", "series", "category"),
    disclosure="aggregate",
    columns=(
        OF_BULLETIN,
        Column(
            "figure_id",
            "varchar",
            "`figure_2` and so on, numbered as in Bulletin 2023/04; `figure_2020_1` to `figure_2020_11` and "
            "`figure_2020_heat_map` of 2020/03.",
        ),
        Column("series", "varchar", "What the colour shows."),
        Column("category", "varchar", "What the axis shows."),
        Column("n", "bigint", "Cases behind the bar."),
        Column("value", "double", "Its height, or the shade of a square; unrounded."),
        Column("unit", "varchar", "`percent`, `mean_count` or `correlation` (phi)."),
        Column("row_order", "bigint", "Order in which the bars are drawn."),
    ),
    leaving=Leaving(people=("n", "value"), words=("bulletin", "unit", "row_order")),
)

LINKAGE_STATUSES = Table(
    "results",
    "linkage_statuses",
    "One row a source and final status: how many eligible cases ended so.",
    key=("source", "status"),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column("status", "varchar", "`matched`, `ambiguous`, `no_record_in_window` or `no_person`."),
        Column("n", "bigint", "Cases that ended so; a source's four rows add up to its eligible cases."),
        Column("eligible", "bigint", "Eligible cases of the source."),
        Column("share", "double", "Percent of the eligible, unrounded."),
    ),
    leaving=Leaving(people=("n", "eligible", "share")),
)

LINKAGE_RULES = Table(
    "results",
    "linkage_rules",
    "One row a source and match rule: cases it was tried on, decided, and left ambiguous.",
    key=("source", "rule"),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column("rule_rank", "bigint", "The rule's rank; 0 is a reviewer's override."),
        Column("rule", "varchar", "The rule's name in the reference table `match_rules`."),
        Column("tier", "varchar", "How certain its links are (reference.match_tiers); `reviewed` for an override."),
        Column("tried", "bigint", "Cases that no rule before it had decided or left ambiguous."),
        Column("decided", "bigint", "Cases the rule decided."),
        Column("left_ambiguous", "bigint", "Cases in which the rule, marked unique, reached two people."),
        Column("share_of_matched", "double", "Percent of the source's matched cases that the rule decided, unrounded."),
    ),
    stays="counts the cases that each rule decided, few for many, and how they were found",
)

# Bulletin 2020/03 writes rows of its own into these.
SHARED_ANNEX_TABLES = by_name(HEADLINES, FIGURE_DATA)
ANNEX_TABLES = by_name(ANNEX_B, MATCH_RATES, HEADLINES, FIGURE_DATA, LINKAGE_STATUSES, LINKAGE_RULES)
