"""Whether match bias matters: linkage weights, and the published numbers with them.

Belongs here: weights, balance, weighted annex and models, and the summary; `LINKAGE_BIAS_TABLES` is the whole study.
Not here: the comparison and the model of being matched (`match_bias.py`).
"""

from orchestration.tables.columns import OF_SOURCE
from orchestration.tables.match_bias import MATCH_BIAS, MATCH_MODEL_COEFFICIENTS, MATCH_MODEL_TERMS, MATCH_MODELS
from orchestration.tables.table import Column, Leaving, Table, by_name

LINKAGE_WEIGHTS = Table(
    "results",
    "linkage_weights",
    "One row a source and version: inverse-probability-of-linkage weights of the matched cases, summed up.",
    key=("source", "version"),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column("version", "varchar", "`untruncated` or `truncated`."),
        Column("is_used", "boolean", "Whether the weighted tables use this version.", required=True),
        Column(
            "low_percentile",
            "double",
            "Percentile of the weights below which they are raised to it; null untruncated.",
        ),
        Column("high_percentile", "double", "Percentile above which they are lowered to it; null untruncated."),
        Column("n_eligible", "bigint", "Eligible cases, which the weighted matched cases stand for."),
        Column("n", "bigint", "Matched cases."),
        Column("min", "double", "Smallest weight."),
        Column("median", "double", "Median weight."),
        Column("mean", "double", "Mean weight; about 1 where the model describes matching."),
        Column("max", "double", "Largest weight."),
        Column("cv", "double", "Standard deviation over mean."),
        Column("effective_n", "double", "Kish's effective sample size: as many unweighted cases would be as precise."),
        Column("effective_percent", "double", "effective_n in percent of n."),
        Column("n_raised", "bigint", "Weights raised to the lower percentile."),
        Column("n_lowered", "bigint", "Weights lowered to the upper percentile."),
        Column("truncated", "double", "Percent of the weights that truncation changed."),
        Column("smallest_probability", "double", "Smallest probability of being matched among the matched cases."),
        Column(
            "n_never_matched",
            "bigint",
            "Eligible cases of a kind that is never matched; no weight stands for them.",
        ),
    ),
    leaving=Leaving(
        bases=("n_eligible", "n"),
        statistics={"median": 3, "mean": 3, "cv": 3, "effective_n": 0, "effective_percent": 1},
        words=("is_used", "low_percentile", "high_percentile"),
        # The ends are weights of single cases.
        withheld=("min", "max", "n_raised", "n_lowered", "truncated", "smallest_probability", "n_never_matched"),
    ),
)

LINKAGE_BALANCE = Table(
    "results",
    "linkage_balance",
    "One row a source, item and category: all eligible cases beside the matched, unweighted and weighted.",
    key=("source", "item", "category"),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column(
            "kind",
            "varchar",
            "`characteristic`, `judgement` or `need`; needs are not in the model, so they check it.",
        ),
        Column("item", "varchar", "Column of marts.cases."),
        Column("category", "varchar", "Category of the item, `missing`, or `mean`."),
        Column("unit", "varchar", "`percent` (of all cases, missing counted) or `mean`."),
        Column("value_eligible", "double", "Among all eligible cases."),
        Column("value_matched", "double", "Among matched cases."),
        Column("value_weighted", "double", "Among matched cases with truncated weights."),
        Column("difference_matched", "double", "Standardised difference, matched minus eligible (Austin 2009)."),
        Column("difference_weighted", "double", "Standardised difference, weighted matched minus eligible."),
        Column(
            "item_difference_matched",
            "double",
            "Of the item as a whole (Yang and Dalton 2012), matched against eligible.",
        ),
        Column(
            "item_difference_weighted",
            "double",
            "Of the item as a whole, weighted matched against eligible; 0.1 and more is usually called an imbalance.",
        ),
    ),
    stays="eligible and matched cases by answer: their difference are the few unmatched",
)

ANNEX_B_WEIGHTED = Table(
    "results",
    "annex_b_weighted",
    "One row a cell of Annex B: as published, and with truncated linkage weights.",
    key=("table_id", "item", "category", "outcome"),
    disclosure="aggregate",
    columns=(
        Column("table_id", "varchar", "`B1`, `B2` or `B3`."),
        Column("item", "varchar", "As in results.annex_b."),
        Column("category", "varchar", "As in results.annex_b."),
        Column("outcome", "varchar", "`termination_positive`, `reoffended` or `reoffences`."),
        Column("n", "bigint", "Cases, as published."),
        Column("effective_n", "double", "Kish's effective number of the cell's cases."),
        Column("value", "double", "Percent or mean as published, unrounded."),
        Column("value_weighted", "double", "The same with weights."),
        Column("difference", "double", "value_weighted minus value: percentage points or reoffences."),
        Column("p_value", "double", "As published."),
        Column("p_value_weighted", "double", "Robust Wald p of the same term in the same model with weights."),
        Column("significant", "boolean", "As published."),
        Column("significant_weighted", "boolean", "Whether p_value_weighted is below the significance level."),
    ),
    stays="weighted shares add up too: a second set of sums, which the proof does not know",
)

MODEL_COEFFICIENTS_WEIGHTED = Table(
    "results",
    "model_coefficients_weighted",
    "One row a published model and coefficient: with truncated linkage weights and robust errors, beside the "
    "published.",
    key=("model_id", "coefficient"),
    disclosure="aggregate",
    columns=(
        Column("model_id", "varchar", "As in results.model_coefficients."),
        Column("coefficient", "varchar", "As in results.model_coefficients; the dispersion is left out."),
        Column("term", "varchar", "Its term."),
        Column("level", "varchar", "Its level; null for interval terms and the intercept."),
        Column("block", "varchar", "`controls` or `judgements`; null for the intercept."),
        Column(
            "family",
            "varchar",
            "`logistic`, `negative_binomial`, or `poisson` where the weighted counts show no over-dispersion.",
        ),
        Column("n", "bigint", "Complete cases: those of the published model."),
        Column("estimate", "double", "Weighted pseudo-likelihood estimate."),
        Column("std_error", "double", "Huber and White's sandwich standard error; weights count as known."),
        Column("z", "double", "Estimate over standard error."),
        Column("p", "double", "Two-sided p-value."),
        Column("exp_estimate", "double", "Odds ratio or rate ratio."),
        Column("ci_low", "double", "Lower end of its interval."),
        Column("ci_high", "double", "Upper end of its interval."),
        Column("published_exp_estimate", "double", "Odds ratio or rate ratio as published."),
        Column("published_ci_low", "double", "Lower end of the published interval."),
        Column("published_ci_high", "double", "Upper end of the published interval."),
        Column("change_percent", "double", "Change of the ratio in percent of the published one."),
        Column("published_std_error", "double", "Published, model-based standard error."),
        Column(
            "unweighted_robust_std_error",
            "double",
            "Sandwich standard error of the unweighted model: what robust errors alone change.",
        ),
        Column("exp_estimate_untruncated", "double", "Odds ratio or rate ratio with untruncated weights."),
        Column("estimable", "boolean", "Whether there is a finite estimate.", required=True),
    ),
    leaving=Leaving(
        bases=("n",),
        statistics={
            "estimate": 3,
            "std_error": 3,
            "z": 3,
            "p": 3,
            "exp_estimate": 3,
            "ci_low": 3,
            "ci_high": 3,
            "published_exp_estimate": 3,
            "published_ci_low": 3,
            "published_ci_high": 3,
            "change_percent": 1,
            "published_std_error": 3,
            "unweighted_robust_std_error": 3,
            "exp_estimate_untruncated": 3,
        },
        verdicts=("estimable",),
        words=("term", "level", "block", "family"),
    ),
)

MODEL_TERMS_WEIGHTED = Table(
    "results",
    "model_terms_weighted",
    "One row a published model and term: whether its significance stands with linkage weights.",
    key=("model_id", "term"),
    disclosure="aggregate",
    columns=(
        Column("model_id", "varchar", "As in results.model_terms."),
        Column("term", "varchar", "As in results.model_terms."),
        Column("block", "varchar", "`controls` or `judgements`."),
        Column("df", "bigint", "Coefficients of the term."),
        Column("wald_chi2", "double", "Robust Wald chi-square with weights."),
        Column("wald_p", "double", "Its p-value."),
        Column("published_wald_p", "double", "Wald p as published."),
        Column("unweighted_robust_wald_p", "double", "Robust Wald p without weights."),
        Column("significant", "boolean", "Whether wald_p is below the significance level."),
        Column("published_significant", "boolean", "Whether published_wald_p is."),
        Column(
            "unweighted_robust_significant",
            "boolean",
            "Whether unweighted_robust_wald_p is: if it differs from the published, robust errors do it, not weights.",
        ),
        Column(
            "changes",
            "boolean",
            "Whether significant differs from published_significant; null where either is unknown.",
        ),
        Column("estimable", "boolean", "Whether the term can be tested.", required=True),
    ),
    leaving=Leaving(
        statistics={"wald_chi2": 3, "wald_p": 3, "published_wald_p": 3, "unweighted_robust_wald_p": 3},
        verdicts=("significant", "published_significant", "unweighted_robust_significant", "changes", "estimable"),
        words=("block", "df"),
    ),
)

MATCH_BIAS_SUMMARY = Table(
    "results",
    "match_bias_summary",
    "One row a number that says whether match bias matters, taken from the other tables of the study.",
    key=("source", "subject", "measure", "item"),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column(
            "subject",
            "varchar",
            "What it is about: a kind of item, `matched` or `weighted` (balance), an outcome, or a model_id.",
        ),
        Column(
            "measure",
            "varchar",
            "`largest_standardised_difference`, `tests`, `tests_significant_after_holm`, `largest_imbalance`, "
            "`all_cases_change`, `largest_cell_change`, `largest_ratio_change` (judgements), "
            "`terms_changing_significance`, `significance_changed`.",
        ),
        Column("item", "varchar", "The item, coefficient or term where it is found."),
        Column("category", "varchar", "The category where it is found; null where value is of the item as a whole."),
        Column(
            "value",
            "double",
            "The difference, count, percentage points, reoffences, percent of the published ratio, or change of the "
            "p-value.",
        ),
        Column("before", "double", "The published value, where value is a change."),
        Column("after", "double", "The weighted value, where value is a change."),
    ),
    stays="names the cells that change most, small ones among them",
)

LINKAGE_BIAS_TABLES = by_name(
    MATCH_BIAS,
    MATCH_MODELS,
    MATCH_MODEL_TERMS,
    MATCH_MODEL_COEFFICIENTS,
    LINKAGE_WEIGHTS,
    LINKAGE_BALANCE,
    ANNEX_B_WEIGHTED,
    MODEL_COEFFICIENTS_WEIGHTED,
    MODEL_TERMS_WEIGHTED,
    MATCH_BIAS_SUMMARY,
)
