"""The regression models of both bulletins, which share these tables.

Belongs here: models, their terms, coefficients, levels, exclusions, tests and notes. Not here: stepwise selections
(`needs.py`), the model of being matched (`match_bias.py`).
"""

from orchestration.tables.columns import OF_BULLETIN
from orchestration.tables.table import Column, Leaving, Table, by_name

MODELS = Table(
    "results",
    "models",
    "One row a model and block entered: n and fit.",
    key=("model_id", "block"),
    disclosure="aggregate",
    columns=(
        OF_BULLETIN,
        Column(
            "model_id",
            "varchar",
            "2023/04: outcome and judgements; variants end in `__negbin1`, `__ztnb` or `__poisson`. "
            "2020/03: `stepwise__` and the measure, the last model of its selection; `__forced` holds all seven "
            "characteristics. Firth's model beside a logistic one with infinite estimates ends in `__firth`.",
        ),
        Column("outcome", "varchar", "`termination_positive`, `reoffended` or `reoffences`; in 2020/03 the measure."),
        Column("block", "varchar", "`controls`, then `judgements`; `all` where everything is entered at once."),
        Column("family", "varchar", "`logistic`, `negative_binomial`, `poisson` and so on."),
        Column(
            "is_published",
            "boolean",
            "Whether it is one of the bulletin's models (six in 2023/04, 32 in 2020/03); the others are for "
            "comparison.",
            required=True,
        ),
        Column("n", "bigint", "Complete cases."),
        Column("n_with_outcome", "bigint", "Cases with the outcome, before the incomplete were left out."),
        Column("n_separated", "bigint", "Cases left out because a category separates the outcome completely."),
        Column("minus_two_log_likelihood", "double", "-2 log-likelihood after the block."),
        Column("block_chi2", "double", "Likelihood-ratio chi-square of the block."),
        Column("block_df", "bigint", "Its degrees of freedom."),
        Column("block_p", "double", "Its p value."),
        Column("model_chi2", "double", "Likelihood-ratio chi-square of all blocks so far."),
        Column("model_df", "bigint", "Its degrees of freedom."),
        Column("model_p", "double", "Its p value."),
        Column("cox_snell_r2", "double", "Cox and Snell's R square (logistic)."),
        Column("nagelkerke_r2", "double", "Nagelkerke's R square (logistic)."),
        Column("hosmer_lemeshow_chi2", "double", "Hosmer-Lemeshow statistic (logistic)."),
        Column("hosmer_lemeshow_df", "bigint", "Its degrees of freedom."),
        Column("hosmer_lemeshow_p", "double", "Its p value."),
        Column("hosmer_lemeshow_groups", "bigint", "Groups formed by the rule named in docs/statistics.md."),
        Column("alpha", "double", "Dispersion of the negative binomial."),
        Column("aic", "double", "Akaike's criterion."),
        Column("bic", "double", "Bayesian criterion."),
        Column(
            "converged",
            "boolean",
            "Whether the score at the solution is near zero, whatever the optimiser said.",
            required=True,
        ),
        Column("distance_to_maximum", "double", "How far the solution is from the maximum, in standard errors."),
    ),
    leaving=Leaving(
        bases=("n", "n_with_outcome"),
        statistics={
            "minus_two_log_likelihood": 2,
            "block_chi2": 3,
            "block_p": 3,
            "model_chi2": 3,
            "model_p": 3,
            "cox_snell_r2": 3,
            "nagelkerke_r2": 3,
            "hosmer_lemeshow_chi2": 3,
            "hosmer_lemeshow_p": 3,
            "alpha": 3,
            "aic": 1,
            "bic": 1,
        },
        words=(
            "bulletin",
            "outcome",
            "family",
            "is_published",
            "block_df",
            "model_df",
            "hosmer_lemeshow_df",
            "hosmer_lemeshow_groups",
            "converged",
        ),
        withheld=("n_separated", "distance_to_maximum"),
        outcomes=("minus_two_log_likelihood", "nagelkerke_r2", "aic", "bic"),
    ),
)

MODEL_TERMS = Table(
    "results",
    "model_terms",
    "One row a model and term: likelihood-ratio and Wald tests.",
    key=("model_id", "term"),
    disclosure="aggregate",
    columns=(
        OF_BULLETIN,
        Column("model_id", "varchar", "As in models."),
        Column("term", "varchar", "Variable; a factor is one term."),
        Column("block", "varchar", "Block in which it was entered."),
        Column("df", "bigint", "Degrees of freedom."),
        Column("lr_chi2", "double", "Likelihood-ratio chi-square when the term leaves the model."),
        Column("lr_p", "double", "Its p value."),
        Column("wald_chi2", "double", "Wald chi-square of the term's coefficients together."),
        Column("wald_p", "double", "Its p value: in 2023/04 what decides significance."),
        Column(
            "estimable",
            "boolean",
            "False where the term is aliased, empty or separates the outcome; then it has no Wald test.",
            required=True,
        ),
    ),
    leaving=Leaving(
        statistics={"lr_chi2": 3, "lr_p": 3, "wald_chi2": 3, "wald_p": 3},
        verdicts=("estimable",),
        words=("bulletin", "block", "df"),
    ),
)

MODEL_COEFFICIENTS = Table(
    "results",
    "model_coefficients",
    "One row a model and coefficient: estimate, standard error, odds or rate ratio, interval.",
    key=("model_id", "coefficient"),
    disclosure="aggregate",
    columns=(
        OF_BULLETIN,
        Column("model_id", "varchar", "As in models."),
        Column("coefficient", "varchar", "`intercept`, `age`, `gender=female`, `alpha` and so on."),
        Column("term", "varchar", "Variable it belongs to."),
        Column("level", "varchar", "Category it stands for, against the reference."),
        Column("estimate", "double", "On the scale of the log odds or the log rate."),
        Column("std_error", "double", "From the observed information."),
        Column("z", "double", "Estimate over standard error."),
        Column("p", "double", "Two-sided Wald p."),
        Column("exp_estimate", "double", "Odds ratio or incidence rate ratio."),
        Column("ci_low", "double", "Lower end of its interval, by the same method as p."),
        Column("ci_high", "double", "Upper end."),
        Column("estimable", "boolean", "As in model_terms.", required=True),
    ),
    leaving=Leaving(
        statistics={"estimate": 3, "std_error": 3, "z": 3, "p": 3, "exp_estimate": 3, "ci_low": 3, "ci_high": 3},
        verdicts=("estimable",),
        words=("bulletin", "term", "level"),
    ),
)

MODEL_LEVELS = Table(
    "results",
    "model_levels",
    "One row a model, term and level, reference levels too: n and events behind each coefficient.",
    key=("model_id", "term", "level"),
    disclosure="aggregate",
    columns=(
        OF_BULLETIN,
        Column("model_id", "varchar", "As in models."),
        Column("term", "varchar", "Factor."),
        Column("level", "varchar", "Category."),
        Column("is_reference", "boolean", "Whether it is the category the others are compared with.", required=True),
        Column("n", "bigint", "Complete cases in it."),
        Column("events", "bigint", "Those with the outcome; for counts, their reoffences."),
    ),
    leaving=Leaving(words=("bulletin", "is_reference"), withheld=("n", "events")),
)

MODEL_EXCLUSIONS = Table(
    "results",
    "model_exclusions",
    "One row a model and variable: what missing values cost.",
    key=("model_id", "variable"),
    disclosure="aggregate",
    columns=(
        OF_BULLETIN,
        Column("model_id", "varchar", "As in models."),
        Column("variable", "varchar", "Variable of the model."),
        Column("n_missing", "bigint", "Cases with the outcome in which it is missing."),
        Column(
            "n_lost",
            "bigint",
            "Cases lost at this variable: each lost case counts once, at the first variable of the model that is "
            "missing in it.",
        ),
    ),
    stays="counts cases by the answer they lack: less Annex B and C, single ones",
)

OVERDISPERSION_TESTS = Table(
    "results",
    "overdispersion_tests",
    "One row a model and test of the reoffence counts against a Poisson distribution.",
    key=("model_id", "test"),
    disclosure="aggregate",
    columns=(
        OF_BULLETIN,
        Column("model_id", "varchar", "As in models."),
        Column("test", "varchar", "Name of the test."),
        Column("statistic", "double", "Its statistic."),
        Column("df", "double", "Its degrees of freedom, where it has any."),
        Column("p_value", "double", "Its p value."),
        Column("n", "bigint", "Cases."),
    ),
    leaving=Leaving(bases=("n",), statistics={"statistic": 3, "p_value": 3}, words=("bulletin", "df")),
)

MODEL_NOTES = Table(
    "results",
    "model_notes",
    "One row a remark on a model or term, such as why a term is not estimable.",
    key=("model_id", "term"),
    disclosure="aggregate",
    columns=(
        OF_BULLETIN,
        Column("model_id", "varchar", "As in models."),
        Column("term", "varchar", "Term concerned, or empty for the model."),
        Column("note", "varchar", "The remark, such as why a term is not estimable."),
    ),
    leaving=Leaving(words=("bulletin", "note")),
)

MODEL_TABLES = by_name(
    MODELS, MODEL_TERMS, MODEL_COEFFICIENTS, MODEL_LEVELS, MODEL_EXCLUSIONS, OVERDISPERSION_TESTS, MODEL_NOTES
)
