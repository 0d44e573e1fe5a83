"""What a referee would ask of the findings of Bulletin 2023/04.

Belongs here: the declarations of the checks beside the published models; `ROBUSTNESS_TABLES` is the whole study. Not
here: the published models' own tables (`models.py`), the linkage studies.
"""

from orchestration.tables.robustness_refits import (
    CALIBRATION,
    CALIBRATION_GROUPS,
    DELIVERY_BALANCE,
    GOOD_DELIVERY,
    IMPUTED_ESTIMATES,
    PROVIDER_INTERCEPTS,
    RELINKED_ESTIMATES,
    REOFFENCE_CURVES,
    REOFFENCE_HAZARDS,
    SPECIFICATIONS,
    SPLINE_TESTS,
)
from orchestration.tables.table import Column, Leaving, Table, by_name

_MODEL = Column("model_id", "varchar", "A published model, as in models.")
_COEFFICIENT = Column("coefficient", "varchar", "A judgement's coefficient, as in model_coefficients.")
_WHY = Column("not_estimable_because", "varchar", "Why the row has no numbers; null where it has.")
_N = Column("n", "bigint", "Complete cases of the model.")
_LOW = Column("ci_low", "double", "Lower end of its interval, at the significance level of the run.")
_HIGH = Column("ci_high", "double", "Upper end.")

MARGINAL_EFFECTS = Table(
    "results",
    "marginal_effects",
    "One row a published model and judgement coefficient: its average marginal effect.",
    key=("model_id", "coefficient"),
    disclosure="aggregate",
    columns=(
        _MODEL,
        _COEFFICIENT,
        Column("unit", "varchar", "`percentage_points`, or `reoffences` in the models of counts."),
        Column("n", "bigint", "Complete cases of the model, over which the effect is averaged."),
        Column("effect", "double", "Mean difference of the predictions with this answer and with the reference."),
        Column("std_error", "double", "By the delta method."),
        _LOW,
        _HIGH,
        Column("p", "double", "Two-sided normal p of the effect."),
        _WHY,
    ),
    leaving=Leaving(
        bases=("n",),
        statistics={"effect": 2, "std_error": 2, "ci_low": 2, "ci_high": 2, "p": 3},
        verdicts=("not_estimable_because",),
        words=("unit",),
    ),
)

CLUSTERED_ERRORS = Table(
    "results",
    "clustered_errors",
    "One row a published model and judgement coefficient: its test with errors clustered by provider.",
    key=("model_id", "coefficient"),
    disclosure="aggregate",
    columns=(
        _MODEL,
        _COEFFICIENT,
        _N,
        Column("n_clusters", "bigint", "Providers they are of: CRCs and NPS divisions."),
        Column("estimate", "double", "As published, on the scale of the log odds or the log rate."),
        Column("published_std_error", "double", "The model's own, which takes cases as independent."),
        Column("std_error", "double", "Bias-reduced cluster-robust (CR2)."),
        Column("df", "double", "Satterthwaite degrees of freedom of its t test."),
        Column("p", "double", "Two-sided p of the t test."),
        Column("exp_estimate", "double", "Odds or rate ratio, as published."),
        _LOW,
        _HIGH,
        _WHY,
    ),
    leaving=Leaving(
        bases=("n",),
        statistics={
            "estimate": 3,
            "published_std_error": 3,
            "std_error": 3,
            "df": 1,
            "p": 3,
            "exp_estimate": 3,
            "ci_low": 3,
            "ci_high": 3,
        },
        verdicts=("not_estimable_because",),
        words=("n_clusters",),
    ),
)

MULTIPLICITY = Table(
    "results",
    "multiplicity",
    "One row a published model and judgement term: its p-value with allowance for the number of tests.",
    key=("model_id", "term"),
    disclosure="aggregate",
    columns=(
        _MODEL,
        Column("term", "varchar", "A judgement, as in model_terms."),
        Column("p", "double", "Wald p, as published."),
        Column("n_tests", "bigint", "Terms tested, over which the p-values are adjusted."),
        Column("p_holm", "double", "Holm's: bounds the chance of any false finding."),
        Column("p_bh", "double", "Benjamini and Hochberg's: bounds the expected share of false findings."),
        Column("is_significant", "boolean", "Whether p is below the significance level."),
        Column("is_significant_holm", "boolean", "Whether p_holm is."),
        Column("is_significant_bh", "boolean", "Whether p_bh is."),
        _WHY,
    ),
    leaving=Leaving(
        statistics={"p": 3, "p_holm": 3, "p_bh": 3},
        verdicts=("is_significant", "is_significant_holm", "is_significant_bh", "not_estimable_because"),
        words=("n_tests",),
    ),
)

LIKELIHOOD_INTERACTIONS = Table(
    "results",
    "likelihood_interactions",
    "One row an outcome and key question: whether its association depends on the likelihood of reoffending.",
    key=("model_id", "term"),
    disclosure="aggregate",
    columns=(
        _MODEL,
        Column("term", "varchar", "A key question."),
        _N,
        Column("df", "bigint", "Degrees of freedom the products add."),
        Column("lr_chi2", "double", "Likelihood ratio of the products of the judgement and the group of likelihood."),
        Column("lr_p", "double", "Its p."),
        _WHY,
    ),
    leaving=Leaving(
        bases=("n",), statistics={"lr_chi2": 3, "lr_p": 3}, verdicts=("not_estimable_because",), words=("df",)
    ),
)

JUDGEMENT_GAPS = Table(
    "results",
    "judgement_gaps",
    "One row an outcome, contrast and group of cases: the raw gap between answers, with its interval.",
    key=("outcome", "contrast", "likelihood"),
    disclosure="aggregate",
    columns=(
        Column("outcome", "varchar", "`termination_positive` or `reoffended`."),
        Column("contrast", "varchar", "`engagement`, `desistance` (yes less no) or `both` (both yes less both no)."),
        Column("likelihood", "varchar", "`all`, or the group of the likelihood of reoffending."),
        Column("n_yes", "bigint", "Cases with the good answer."),
        Column("n_no", "bigint", "Cases with the other."),
        Column("percent_yes", "double", "With the outcome among the first."),
        Column("percent_no", "double", "With the outcome among the second."),
        Column("gap", "double", "The first less the second, in percentage points; not adjusted for anything."),
        _LOW,
        _HIGH,
        _WHY,
    ),
    leaving=Leaving(
        people=("n_yes", "n_no", "percent_yes", "percent_no", "gap", "ci_low", "ci_high"),
        verdicts=("not_estimable_because",),
        # The figures tell of high and very high together; apart, both would cost the figures' bars.
        only={"likelihood": ("all", "low", "medium")},
    ),
)

STRENGTH_CONTRASTS = Table(
    "results",
    "strength_contrasts",
    "One row a prompts model: building upon strengths against having none.",
    key=("model_id",),
    disclosure="aggregate",
    columns=(
        _MODEL,
        _N,
        Column("estimate", "double", "The coefficient of `yes` less that of `none_present`."),
        Column("std_error", "double", "From the model's covariance."),
        Column("exp_estimate", "double", "Odds or rate ratio of `yes` against `none_present`."),
        _LOW,
        _HIGH,
        Column("p", "double", "Two-sided Wald p."),
        _WHY,
    ),
    leaving=Leaving(
        bases=("n",),
        statistics={"estimate": 3, "std_error": 3, "exp_estimate": 3, "ci_low": 3, "ci_high": 3, "p": 3},
        verdicts=("not_estimable_because",),
    ),
)

E_VALUES = Table(
    "results",
    "e_values",
    "One row a published model and judgement coefficient: how strong an unmeasured confounder would have to be.",
    key=("model_id", "coefficient"),
    disclosure="aggregate",
    columns=(
        _MODEL,
        _COEFFICIENT,
        _N,
        Column("risk_ratio", "double", "The published ratio as a risk ratio: an odds ratio by its square root."),
        Column("e_value", "double", "Risk ratio with judgement and outcome both that would explain the estimate away."),
        Column("e_value_bound", "double", "The same for the end of its interval nearer to 1; 1 where that holds 1."),
        _WHY,
    ),
    leaving=Leaving(
        bases=("n",),
        statistics={"risk_ratio": 3, "e_value": 2, "e_value_bound": 2},
        verdicts=("not_estimable_because",),
    ),
)

FINDING_CHECKS = Table(
    "results",
    "finding_checks",
    "One row a judgement coefficient found significant in a published model, and check: what remains of it.",
    key=("model_id", "coefficient", "check_name"),
    disclosure="aggregate",
    columns=(
        _MODEL,
        _COEFFICIENT,
        Column(
            "check_name",
            "varchar",
            "`published`, `points`, `clustered`, `intercepts`, `imputed`, `relinked`, `weighted` (for being linked), "
            "`bh`, `holm`; of reoffending `after_fieldwork`, of key questions `doubly_robust`, of counts `negbin1` and "
            "`ztnb`.",
        ),
        Column("sign", "bigint", "1 where the check finds more of the outcome, -1 where less; null without estimate."),
        Column("p", "double", "The check's p; of `bh` and `holm` that of the judgement's term."),
        Column("holds", "boolean", "Whether the sign is the published one and p below the level; null where not told."),
    ),
    leaving=Leaving(statistics={"p": 3}, verdicts=("sign", "holds")),
)

ROBUSTNESS_TABLES = by_name(
    MARGINAL_EFFECTS, CLUSTERED_ERRORS, MULTIPLICITY, LIKELIHOOD_INTERACTIONS, JUDGEMENT_GAPS, STRENGTH_CONTRASTS,
    E_VALUES, REOFFENCE_HAZARDS, REOFFENCE_CURVES,
    IMPUTED_ESTIMATES, RELINKED_ESTIMATES, SPECIFICATIONS, CALIBRATION, CALIBRATION_GROUPS, SPLINE_TESTS, GOOD_DELIVERY,
    DELIVERY_BALANCE, PROVIDER_INTERCEPTS, FINDING_CHECKS,
)  # fmt: skip
