"""What Bulletin 2020/03 prints of needs and strengths, and the stepwise selections behind it.

Belongs here: Annex C, counts, co-occurrence, differences, ratings, stepwise steps and terms. Not here: its headlines
and figure data, which it shares (`annexes.py`), nor its models (`models.py`).
"""

from orchestration.tables.table import Column, Leaving, Table, by_name

STEPWISE_STEPS = Table(
    "results",
    "stepwise_steps",
    "One row a stepwise model, removal test, step and test made: the history of a selection. Within a step the rows "
    "stand in the order in which the tests were made.",
    key=("model_id", "removal_test", "step", "kind", "term"),
    disclosure="aggregate",
    columns=(
        Column("model_id", "varchar", "`stepwise__<outcome>`."),
        Column("outcome", "varchar", "The need, strength, judgement or delivery item: its column in marts.cases."),
        Column("removal_test", "varchar", "`likelihood_ratio` (the published selection), `conditional` or `wald`."),
        Column(
            "step",
            "bigint",
            "Number of the step (from 1); each begins with the entry tests, and the last enters nothing.",
        ),
        Column("kind", "varchar", "`entry` (score test of adding a term) or `removal` (test of taking one out)."),
        Column("term", "varchar", "The term tested, by the item's name in Annex C."),
        Column("chi2", "double", "The test statistic; null where the test could not be made."),
        Column("df", "bigint", "Degrees of freedom, the rank that the term adds or takes; 0 where it adds none."),
        Column("p_value", "double", "Of the chi-square distribution; null where the test could not be made."),
        Column(
            "action",
            "varchar",
            "`entered`, `removed`, or `kept_at_repeat` (would have left, but the model without it had been seen; the "
            "selection ends); null where the term stayed where it was.",
        ),
    ),
    # The first tests are of one characteristic and the measure alone: counts can be worked out from them.
    leaving=Leaving(words=("outcome", "df", "action"), withheld=("chi2", "p_value")),
)

STEPWISE_TERMS = Table(
    "results",
    "stepwise_terms",
    "One row a stepwise model, removal test and candidate term: the verdict on it.",
    key=("model_id", "removal_test", "term"),
    disclosure="aggregate",
    columns=(
        Column("model_id", "varchar", "`stepwise__<outcome>`."),
        Column("outcome", "varchar", "The need, strength, judgement or delivery item: its column in marts.cases."),
        Column("term", "varchar", "The candidate, by the item's name in Annex C."),
        Column("removal_test", "varchar", "`likelihood_ratio` (the published selection), `conditional` or `wald`."),
        Column("is_retained", "boolean", "Whether the term is in the last model; null where it could not be tested."),
        Column("p_value", "double", "Of its last removal test where it is retained, else of its last entry test."),
    ),
    leaving=Leaving(statistics={"p_value": 3}, words=("outcome", "is_retained")),
)

ANNEX_C = Table(
    "results",
    "annex_c",
    "One row a published cell of Tables C1 to C6 (2020/03, Annex C).",
    key=("table_id", "item", "category", "outcome"),
    disclosure="aggregate",
    columns=(
        Column("table_id", "varchar", "`C1` to `C6`."),
        Column("item", "varchar", "Characteristic, or `all_cases`."),
        Column("category", "varchar", "Its category, or `all`."),
        Column("outcome", "varchar", "The measure: a column of marts.cases, or `mean_needs` or `mean_strengths`."),
        Column(
            "n",
            "bigint",
            "C1 and C2: cases of the group. C3 to C6: cases answered yes or no, in C5 and C6 among those with the "
            "need or strength.",
        ),
        Column("value", "double", "Percentage of yes, or mean number; unrounded."),
        Column("value_published", "double", "Rounded half up to the decimal the bulletin prints."),
        Column(
            "p_value",
            "double",
            "The characteristic's deciding p in the measure's published selection, on every category; missing for "
            "all cases and means.",
        ),
        Column("significant", "boolean", "Shaded in the bulletin: the published selection retains the characteristic."),
    ),
    leaving=Leaving(people=("n", "value", "value_published"), statistics={"p_value": 3}, verdicts=("significant",)),
)

NEEDS_COUNTS = Table(
    "results",
    "needs_counts",
    "One row a kind, sub-group and number: how many cases have so many needs or strengths (2020/03, 2.2).",
    key=("kind", "item", "category", "number"),
    disclosure="aggregate",
    columns=(
        Column("kind", "varchar", "`needs` or `strengths`."),
        Column("item", "varchar", "Characteristic, or `all_cases`."),
        Column("category", "varchar", "Its category, or `all`."),
        Column("number", "varchar", "0 to 8 needs or 0 to 5 strengths; `4+` needs and `2+` strengths are bands."),
        Column(
            "is_band",
            "boolean",
            "Whether the row repeats cases of the numbers that its band covers.",
            required=True,
        ),
        Column("n", "bigint", "Cases with so many; a missing answer counts as not identified."),
        Column("n_cases", "bigint", "Cases of the sub-group."),
        Column("percent", "double", "n as a percentage of n_cases, unrounded."),
    ),
    leaving=Leaving(people=("n", "n_cases", "percent"), words=("is_band",), only={"item": ("all_cases",)}),
)

NEEDS_COOCCURRENCE = Table(
    "results",
    "needs_cooccurrence",
    "One row a pair of needs (28) or of strengths (10): how often both are present, and how strongly they are related.",
    key=("kind", "first", "second"),
    disclosure="aggregate",
    columns=(
        Column("kind", "varchar", "`needs` or `strengths`; ranks run within it."),
        Column("first", "varchar", "The one: a column of marts.cases."),
        Column("second", "varchar", "The other."),
        Column("n", "bigint", "All cases."),
        Column("n_first", "bigint", "Cases with the first."),
        Column("n_second", "bigint", "Cases with the second."),
        Column("n_both", "bigint", "Cases with both."),
        Column("percent_both", "double", "Both, as a percentage of all cases."),
        Column("percent_of_first", "double", "Both, as a percentage of cases with the first."),
        Column("percent_of_second", "double", "Both, as a percentage of cases with the second."),
        Column(
            "phi",
            "double",
            "Correlation of the two yes/no answers: the measure by which a relationship is called the strongest (our "
            "choice).",
        ),
        Column("odds_ratio", "double", "Odds ratio; missing where one of the four cells is empty."),
        Column("ci_low", "double", "Lower end of the odds ratio's interval (Woolf)."),
        Column("ci_high", "double", "Upper end of the odds ratio's interval."),
        Column("lift", "double", "Cases with both, divided by those expected if the two were independent."),
        Column("jaccard", "double", "Cases with both, divided by those with either."),
        Column("rank_phi", "bigint", "Rank by phi, 1 the strongest."),
        Column("rank_odds_ratio", "bigint", "Rank by odds ratio."),
        Column("rank_lift", "bigint", "Rank by lift."),
        Column("rank_jaccard", "bigint", "Rank by Jaccard index."),
        Column("rank_percent_both", "bigint", "Rank by the percentage with both."),
    ),
    leaving=Leaving(
        people=(
            "n",
            "n_first",
            "n_second",
            "n_both",
            "percent_both",
            "percent_of_first",
            "percent_of_second",
            "phi",
            "odds_ratio",
            "ci_low",
            "ci_high",
            "lift",
            "jaccard",
            "rank_phi",
            "rank_odds_ratio",
            "rank_lift",
            "rank_jaccard",
            "rank_percent_both",
        )
    ),
)

SUBGROUP_DIFFERENCES = Table(
    "results",
    "subgroup_differences",
    "One row a measure and characteristic: whether its groups differ, by every selection and with all "
    "characteristics in the model, and how (2020/03, 2.2 and 2.3).",
    key=("outcome", "item"),
    disclosure="aggregate",
    columns=(
        Column("table_id", "varchar", "`C1` to `C6`."),
        Column("outcome", "varchar", "The measure: a column of marts.cases."),
        Column("item", "varchar", "The characteristic."),
        Column("is_retained", "boolean", "Whether the published selection (removal by likelihood ratio) retains it."),
        Column("p_value", "double", "Its deciding p there."),
        Column(
            "is_retained_conditional",
            "boolean",
            "Whether selection with removal by the conditional statistic retains it.",
        ),
        Column("is_retained_wald", "boolean", "Whether selection with removal by the Wald test retains it."),
        Column("forced_lr_p", "double", "Likelihood-ratio p of the term with all seven characteristics in the model."),
        Column("forced_wald_p", "double", "Wald p of the term with all seven characteristics in the model."),
        Column("lowest_category", "varchar", "Category with the lowest percentage, among those with cases."),
        Column("lowest_value", "double", "That percentage, unrounded."),
        Column("highest_category", "varchar", "Category with the highest percentage."),
        Column("highest_value", "double", "That percentage, unrounded."),
        Column(
            "last_less_first",
            "double",
            "Last published category less the first, percentage points: NPS less CRC, women less men, oldest less "
            "youngest, highest less lowest risk; missing for ethnic group, which has no order.",
        ),
    ),
    leaving=Leaving(
        people=("lowest_value", "highest_value", "last_less_first"),
        statistics={"p_value": 3, "forced_lr_p": 3, "forced_wald_p": 3},
        verdicts=("lowest_category", "highest_category"),
        words=(
            "table_id",
            "is_retained",
            "is_retained_conditional",
            "is_retained_wald",
        ),
    ),
)

PROVIDER_RATINGS = Table(
    "results",
    "provider_ratings",
    "One row a provider type, standard and rating: how many providers were rated so (2020/03, 2.1). No rows where no "
    "ratings were delivered.",
    key=("provider_type", "standard", "rating"),
    disclosure="aggregate",
    columns=(
        Column("provider_type", "varchar", "`crc` or `nps`."),
        Column("standard", "varchar", "The inspection standard, such as `services`."),
        Column("rating", "varchar", "`outstanding`, `good`, `requires_improvement` or `inadequate`."),
        Column("n", "bigint", "Providers rated so."),
        Column("n_providers", "bigint", "Providers of the type rated on the standard."),
        Column("percent", "double", "n as a percentage of n_providers, unrounded."),
    ),
    leaving=Leaving(words=("n", "n_providers", "percent")),
)

STATED_DIFFERENCES = Table(
    "results",
    "stated_differences",
    "One row a difference that the text states and no table holds (2020/03, 2.2.2 and 2.3.1): delivery by likelihood "
    "of reoffending within CRC and NPS cases, strengths of Asian against White people.",
    key=("outcome", "item", "provider_type"),
    disclosure="aggregate",
    columns=(
        Column("outcome", "varchar", "The measure: a column of marts.cases."),
        Column("item", "varchar", "The characteristic."),
        Column("provider_type", "varchar", "Whose cases: `all`, `crc` or `nps`."),
        Column("first_category", "varchar", "The category compared with."),
        Column("second_category", "varchar", "The category compared."),
        Column("n_first", "bigint", "Cases of the first with the measure."),
        Column("percent_first", "double", "With yes among them."),
        Column("n_second", "bigint", "Cases of the second with the measure."),
        Column("percent_second", "double", "With yes among them."),
        Column("gap", "double", "The second less the first, in percentage points; not adjusted for anything."),
        Column("n", "bigint", "Complete cases of the model of the odds ratio."),
        Column("odds_ratio", "double", "Of the second against the first, the other characteristics accounted for."),
        Column("ci_low", "double", "Lower end of its interval, at the significance level of the run."),
        Column("ci_high", "double", "Upper end."),
        Column("p_value", "double", "Its Wald p."),
        Column("not_estimable_because", "varchar", "Why there is no odds ratio; null where there is."),
    ),
    leaving=Leaving(
        bases=("n",),
        statistics={"odds_ratio": 3, "ci_low": 3, "ci_high": 3, "p_value": 3},
        verdicts=("not_estimable_because",),
        words=("first_category", "second_category"),
        withheld=("n_first", "percent_first", "n_second", "percent_second", "gap"),
    ),
)

NEEDS_MODEL_TABLES = by_name(STEPWISE_STEPS, STEPWISE_TERMS)
NEEDS_TABLES = by_name(
    ANNEX_C, NEEDS_COUNTS, NEEDS_COOCCURRENCE, SUBGROUP_DIFFERENCES, PROVIDER_RATINGS, STATED_DIFFERENCES
)
