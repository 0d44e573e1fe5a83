"""Who is missing from the matched cases: they are compared, and being matched is modelled.

Belongs here: that comparison and that model. Not here: what its weights change (`linkage_bias.py`).
"""

from orchestration.tables.columns import OF_SOURCE
from orchestration.tables.table import Column, Leaving, Table

MATCH_BIAS = Table(
    "results",
    "match_bias",
    "One row a source, item and category: matched and unmatched eligible cases compared. Categories are percentages "
    "of cases whose item is known; the row `missing` is of all cases and has a test of its own.",
    key=("source", "item", "category"),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column("kind", "varchar", "`all_cases`, `characteristic`, `judgement` or `need`."),
        Column("item", "varchar", "Column of marts.cases; `all_cases` for the first row."),
        Column("category", "varchar", "Category of the item, `missing`, or `mean` and `median` of an interval item."),
        Column("unit", "varchar", "`percent`, `mean` or `median`: what the two group columns hold."),
        Column("n_matched", "bigint", "Matched cases of the category; of an interval item, those with a value."),
        Column(
            "n_unmatched",
            "bigint",
            "Unmatched eligible cases of the category; of an interval item, those with a value.",
        ),
        Column("percent_matched_group", "double", "Percent (0-100), mean or median within the matched cases."),
        Column("percent_unmatched_group", "double", "Percent (0-100), mean or median within the unmatched cases."),
        Column(
            "standardised_difference",
            "double",
            "Of this category or mean, matched minus unmatched, in standard deviations (Austin 2009).",
        ),
        Column(
            "item_standardised_difference",
            "double",
            "Of the item as a whole, never negative (Yang and Dalton 2012); the same on each of its categories.",
        ),
        Column(
            "test",
            "varchar",
            "`pearson`, `fisher_exact`, `pearson_monte_carlo`, `welch_t` or `mann_whitney`; null where there is "
            "nothing to test.",
        ),
        Column("statistic", "double", "Chi-square, t or U; null for Fisher's exact test."),
        Column("df", "double", "Degrees of freedom of `pearson` and `welch_t`."),
        Column("p_value", "double", "Two-sided p-value; the same on each category of an item."),
        Column("p_holm", "double", "p_value adjusted for all tests of the source (Holm 1979)."),
        Column("effect_measure", "varchar", "`cramers_v`, `cohens_d` or `rank_biserial`."),
        Column("effect_size", "double", "Size of the effect."),
        Column("effect_ci_low", "double", "Lower end of its interval at the significance level."),
        Column("effect_ci_high", "double", "Upper end of its interval."),
    ),
    stays="unmatched cases by answer: few, and with Annex B their answers",
)

MATCH_MODELS = Table(
    "results",
    "match_models",
    "One row a source: logistic regression of being matched on characteristics and judgements, over all eligible "
    "cases.",
    key=("source",),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column("n", "bigint", "Eligible cases."),
        Column("n_matched", "bigint", "Matched cases."),
        Column("n_unmatched", "bigint", "Unmatched cases."),
        Column("n_coefficients", "bigint", "Rank of the model, intercept counted."),
        Column(
            "unmatched_per_coefficient",
            "double",
            "Unmatched cases for each coefficient; below about 10 the coefficients are noisy and the c-statistic "
            "flatters.",
        ),
        Column(
            "n_missing_pooled",
            "bigint",
            "Missing values that joined their item's largest category: too few for a category of their own.",
        ),
        Column(
            "n_always_matched",
            "bigint",
            "Matched cases the model predicts perfectly (separation); their probability is 1.",
        ),
        Column(
            "n_never_matched",
            "bigint",
            "Unmatched cases the model predicts perfectly; no weight can stand for them.",
        ),
        Column("minus_two_log_likelihood", "double", "-2 log-likelihood."),
        Column("model_chi2", "double", "Likelihood-ratio chi-square against the intercept alone."),
        Column("model_df", "bigint", "Its degrees of freedom."),
        Column("model_p", "double", "Its p-value."),
        Column("cox_snell_r2", "double", "Cox and Snell's R-squared."),
        Column("nagelkerke_r2", "double", "Nagelkerke's R-squared."),
        Column(
            "hosmer_lemeshow_chi2",
            "double",
            "Hosmer and Lemeshow's chi-square over deciles of the predicted probability.",
        ),
        Column("hosmer_lemeshow_df", "bigint", "Its degrees of freedom."),
        Column("hosmer_lemeshow_p", "double", "Its p-value."),
        Column("c_statistic", "double", "Area under the ROC curve on the cases the model was fitted to."),
        Column("c_ci_low", "double", "Lower end of its interval (DeLong 1988)."),
        Column("c_ci_high", "double", "Upper end of its interval."),
        Column("converged", "boolean", "Whether there is a maximum.", required=True),
        Column("failure", "varchar", "Why there is none; all weights are then 1."),
    ),
    leaving=Leaving(
        bases=("n",),
        statistics={
            "unmatched_per_coefficient": 1,
            "minus_two_log_likelihood": 2,
            "model_chi2": 3,
            "model_p": 3,
            "cox_snell_r2": 3,
            "nagelkerke_r2": 3,
            "hosmer_lemeshow_chi2": 3,
            "hosmer_lemeshow_p": 3,
            "c_statistic": 3,
            "c_ci_low": 3,
            "c_ci_high": 3,
        },
        words=("n_coefficients", "model_df", "hosmer_lemeshow_df", "converged", "failure"),
        # Match rates tell how many were matched, each as far as it may be told.
        withheld=("n_matched", "n_unmatched", "n_missing_pooled", "n_always_matched", "n_never_matched"),
    ),
)

MATCH_MODEL_TERMS = Table(
    "results",
    "match_model_terms",
    "One row a source and term of the model of being matched: both tests of the term.",
    key=("source", "term"),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column("term", "varchar", "The characteristic, provider type or judgement."),
        Column("df", "bigint", "Coefficients of the term."),
        Column("lr_chi2", "double", "Likelihood-ratio chi-square against the model without the term."),
        Column("lr_p", "double", "Its p-value."),
        Column("wald_chi2", "double", "Wald chi-square."),
        Column("wald_p", "double", "Its p-value."),
        Column(
            "estimable",
            "boolean",
            "False where a coefficient of the term is infinite or cannot be told; no test then.",
            required=True,
        ),
    ),
    leaving=Leaving(
        statistics={"lr_chi2": 3, "lr_p": 3},
        words=("df",),
        # A term without Wald's test has a level of which all are matched, or none.
        withheld=("wald_chi2", "wald_p", "estimable"),
    ),
)

MATCH_MODEL_COEFFICIENTS = Table(
    "results",
    "match_model_coefficients",
    "One row a source and coefficient of the model of being matched: the odds of being matched against the reference.",
    key=("source", "coefficient"),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column("coefficient", "varchar", "`intercept`, or term and level as `gender=female`."),
        Column("term", "varchar", "The characteristic, provider type or judgement."),
        Column("level", "varchar", "The level compared with the reference; `missing` where missing stands alone."),
        Column("n", "bigint", "Eligible cases of the level."),
        Column("n_matched", "bigint", "Matched cases among them."),
        Column("estimate", "double", "Log odds ratio."),
        Column("std_error", "double", "Its standard error."),
        Column("z", "double", "Estimate over standard error."),
        Column("p", "double", "Wald p-value."),
        Column("exp_estimate", "double", "Odds ratio of being matched."),
        Column("ci_low", "double", "Lower end of its interval."),
        Column("ci_high", "double", "Upper end of its interval."),
        Column("estimable", "boolean", "Whether there is a finite estimate.", required=True),
        Column(
            "not_estimable_because",
            "varchar",
            "`infinite` (all or none of the level matched), `aliased`, `empty`, `constant_outcome` or "
            "`too_few_cases`; else null.",
        ),
    ),
    stays="levels of the unmatched, of whom there are few",
)
