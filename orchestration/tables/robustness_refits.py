"""The findings of Bulletin 2023/04 estimated otherwise: through time, with draws, weights and levels by provider.

Belongs here: the declarations of these checks, which are part of the study in `robustness.py`. Not here: other sizes,
errors and tests of the published estimates (there).
"""

from orchestration.tables.table import Column, Leaving, Table

_MODEL = Column("model_id", "varchar", "A published model, as in models.")
_COEFFICIENT = Column("coefficient", "varchar", "A judgement's coefficient, as in model_coefficients.")
_WHY = Column("not_estimable_because", "varchar", "Why the row has no numbers; null where it has.")
_N = Column("n", "bigint", "Complete cases of the model.")
_LOW = Column("ci_low", "double", "Lower end of its interval, at the significance level of the run.")
_HIGH = Column("ci_high", "double", "Upper end.")

REOFFENCE_HAZARDS = Table(
    "results",
    "reoffence_hazards",
    "One row a period, model of reoffending and judgement coefficient: Cox regression of days to the first reoffence.",
    key=("period", "model_id", "coefficient"),
    disclosure="aggregate",
    columns=(
        Column("period", "varchar", "`year` from the sentence, `before_fieldwork` or `after_fieldwork` of it."),
        _MODEL,
        _COEFFICIENT,
        Column("n", "bigint", "Complete cases followed; after fieldwork without those who had reoffended."),
        Column("n_events", "bigint", "First reoffences among them in the period."),
        Column("estimate", "double", "Log hazard ratio, the model's other terms accounted for."),
        Column("std_error", "double", "From the partial likelihood."),
        Column("p", "double", "Two-sided Wald p."),
        Column("exp_estimate", "double", "Hazard ratio."),
        _LOW,
        _HIGH,
        _WHY,
    ),
    leaving=Leaving(
        bases=("n", "n_events"),
        statistics={"estimate": 3, "std_error": 3, "p": 3, "exp_estimate": 3, "ci_low": 3, "ci_high": 3},
        verdicts=("not_estimable_because",),
        outcomes=("n_events",),
    ),
)

REOFFENCE_CURVES = Table(
    "results",
    "reoffence_curves",
    "One row a key question, answer and day after fieldwork: the share that has not reoffended (Kaplan-Meier).",
    key=("judgement", "answer", "day"),
    disclosure="aggregate",
    columns=(
        Column("judgement", "varchar", "`engagement` or `desistance`."),
        Column("answer", "varchar", "`yes` or `no`."),
        Column("day", "bigint", "Days after the first week of fieldwork."),
        Column("n", "bigint", "Matched cases with the answer that had not reoffended by fieldwork."),
        Column("n_followed", "bigint", "Of them, followed up to this day without a reoffence before it."),
        Column("n_events", "bigint", "First reoffences up to this day."),
        Column("percent_free", "double", "Without a reoffence up to this day, estimated; not adjusted for anything."),
        _LOW,
        _HIGH,
        _WHY,
    ),
    stays="the share on one day less that on the next tells of the few who reoffended in between",
)

_REFITTED = (
    Column("estimate", "double", "Log odds or log rate ratio."),
    Column("std_error", "double", "Its standard error."),
    Column("df", "double", "Degrees of freedom of its t test."),
    Column("p", "double", "Two-sided p of the t test."),
    Column("exp_estimate", "double", "Odds or rate ratio."),
    _LOW,
    _HIGH,
    Column("between_share", "double", "Share of its variance that comes of drawing: what the missing cost."),
    _WHY,
)

IMPUTED_ESTIMATES = Table(
    "results",
    "imputed_estimates",
    "One row a published model and judgement coefficient: with what is missing drawn from the other answers.",
    key=("model_id", "coefficient"),
    disclosure="aggregate",
    columns=(
        _MODEL,
        _COEFFICIENT,
        Column("n", "bigint", "Cases with the outcome, all of which count."),
        Column("n_complete", "bigint", "Of them complete, to which the published model is fitted."),
        Column("n_drawn", "bigint", "Completed frames whose estimates are pooled by Rubin's rules."),
        *_REFITTED,
    ),
    leaving=Leaving(
        bases=("n", "n_complete"),
        statistics={
            "estimate": 3,
            "std_error": 3,
            "p": 3,
            "exp_estimate": 3,
            "ci_low": 3,
            "ci_high": 3,
            "df": 1,
            "between_share": 3,
        },
        verdicts=("not_estimable_because",),
        words=("n_drawn",),
    ),
)

RELINKED_ESTIMATES = Table(
    "results",
    "relinked_estimates",
    "One row a published model and judgement coefficient: with links drawn to be another person's.",
    key=("model_id", "coefficient"),
    disclosure="aggregate",
    columns=(
        _MODEL,
        _COEFFICIENT,
        _N,
        Column("false_share", "double", "The probability that a link is another person's, a parameter of the run."),
        Column("n_drawn", "bigint", "Draws of links whose estimates are pooled by Rubin's rules."),
        Column("mean_false", "double", "Links drawn to be false, on average; their cases count as not linked."),
        *_REFITTED,
    ),
    leaving=Leaving(
        bases=("n",),
        statistics={
            "estimate": 3,
            "std_error": 3,
            "p": 3,
            "exp_estimate": 3,
            "ci_low": 3,
            "ci_high": 3,
            "df": 1,
            "between_share": 3,
            "mean_false": 0,
        },
        verdicts=("not_estimable_because",),
        words=("false_share", "n_drawn"),
    ),
)

PROVIDER_INTERCEPTS = Table(
    "results",
    "provider_intercepts",
    "One row a published model and judgement coefficient: with a level of its own for every provider.",
    key=("model_id", "coefficient"),
    disclosure="aggregate",
    columns=(
        _MODEL,
        _COEFFICIENT,
        _N,
        Column("n_providers", "bigint", "Providers they are of: CRCs and NPS divisions."),
        Column("spread", "double", "Standard deviation of the providers' levels, log odds or log rate; 0: none found."),
        Column("estimate", "double", "Log odds or log rate ratio within a provider."),
        Column("std_error", "double", "From the marginal likelihood."),
        Column("p", "double", "Two-sided Wald p."),
        Column("exp_estimate", "double", "Odds or rate ratio within a provider."),
        _LOW,
        _HIGH,
        _WHY,
    ),
    leaving=Leaving(
        bases=("n",),
        statistics={"estimate": 3, "std_error": 3, "p": 3, "exp_estimate": 3, "ci_low": 3, "ci_high": 3, "spread": 3},
        verdicts=("not_estimable_because",),
        words=("n_providers",),
    ),
)

CALIBRATION = Table(
    "results",
    "calibration",
    "One row a logistic model: whether its probabilities come true for providers it was not fitted to.",
    key=("model_id",),
    disclosure="aggregate",
    columns=(
        _MODEL,
        _N,
        Column("n_providers", "bigint", "Providers, each predicted by the model fitted to all others."),
        Column("brier", "double", "Mean squared difference of predicted probability and outcome."),
        Column("brier_gain", "double", "Its reduction against predicting everybody the mean share, in per cent."),
        Column("roc_area", "double", "Area under the ROC curve of the predictions."),
        Column("intercept", "double", "What happens beyond what is predicted, in log odds; 0 where it comes true."),
        Column(
            "slope", "double", "Of the outcome on the predicted log odds; 1 where it comes true, less: too extreme."
        ),
        Column("slope_low", "double", "Lower end of its interval, at the significance level of the run."),
        Column("slope_high", "double", "Upper end."),
        Column("hosmer_lemeshow_chi2", "double", "On the model's own cases, as in models."),
        Column("hosmer_lemeshow_df", "bigint", "Its degrees of freedom."),
        Column("hosmer_lemeshow_p", "double", "Its p: small where probabilities and shares differ."),
        _WHY,
    ),
    leaving=Leaving(
        bases=("n",),
        statistics={
            "brier": 3,
            "brier_gain": 1,
            "roc_area": 3,
            "intercept": 3,
            "slope": 3,
            "slope_low": 3,
            "slope_high": 3,
            "hosmer_lemeshow_chi2": 3,
            "hosmer_lemeshow_p": 3,
        },
        verdicts=("not_estimable_because",),
        words=("n_providers", "hosmer_lemeshow_df"),
        outcomes=("brier",),
    ),
)

CALIBRATION_GROUPS = Table(
    "results",
    "calibration_groups",
    "One row a logistic model and tenth of its cases by predicted probability. No rows where none could be predicted.",
    key=("model_id", "tenth"),
    disclosure="aggregate",
    columns=(
        _MODEL,
        Column("tenth", "bigint", "1, the least likely, to 10."),
        Column("n", "bigint", "Cases."),
        Column("predicted", "double", "Mean predicted probability, in per cent."),
        Column("observed", "double", "With the outcome, in per cent."),
    ),
    stays="counts of complete cases with the outcome: less Annex B, of the few that are not complete",
)

SPLINE_TESTS = Table(
    "results",
    "spline_tests",
    "One row a published model: bends in the place of the lines of age, previous sanctions and score.",
    key=("model_id",),
    disclosure="aggregate",
    columns=(
        _MODEL,
        _N,
        Column("df", "bigint", "Degrees of freedom that the bends add."),
        Column("lr_chi2", "double", "Likelihood ratio of all bends at once."),
        Column("lr_p", "double", "Its p."),
        _WHY,
    ),
    leaving=Leaving(
        bases=("n",), statistics={"lr_chi2": 3, "lr_p": 3}, verdicts=("not_estimable_because",), words=("df",)
    ),
)

GOOD_DELIVERY = Table(
    "results",
    "good_delivery",
    "One row a model of key questions and key question: weighted and doubly robust estimates of good delivery.",
    key=("model_id", "coefficient"),
    disclosure="aggregate",
    columns=(
        _MODEL,
        _COEFFICIENT,
        Column("unit", "varchar", "`percentage_points`, or `reoffences` in the models of counts."),
        Column("n_yes", "bigint", "Complete cases with the good answer."),
        Column("n_no", "bigint", "Complete cases with the other."),
        Column("unadjusted", "double", "Difference of the outcome between the answers."),
        Column("weighted", "double", "The same with cases weighted by one over the probability of their answer."),
        Column("effect", "double", "The doubly robust difference."),
        Column("std_error", "double", "From its influence function."),
        _LOW,
        _HIGH,
        Column("p", "double", "Two-sided normal p."),
        Column("smallest_propensity", "double", "The least probability of the answer that a case had."),
        _WHY,
    ),
    leaving=Leaving(
        statistics={"effect": 1, "std_error": 1, "ci_low": 1, "ci_high": 1, "p": 3},
        verdicts=("not_estimable_because",),
        words=("unit",),
        withheld=("n_yes", "n_no", "unadjusted", "weighted", "smallest_propensity"),
    ),
)

DELIVERY_BALANCE = Table(
    "results",
    "delivery_balance",
    "One row a model, key question and other coefficient of it: how far the answers' cases differ, and weighted.",
    key=("model_id", "coefficient", "other"),
    disclosure="aggregate",
    columns=(
        _MODEL,
        _COEFFICIENT,
        Column("other", "varchar", "Another coefficient of the model."),
        Column("mean_yes", "double", "Its column's mean among cases with the good answer."),
        Column("mean_no", "double", "Among the others."),
        Column("difference", "double", "Their difference in standard deviations."),
        Column("difference_weighted", "double", "The same, weighted."),
        _WHY,
    ),
    stays="shares of complete cases by answer and characteristic, small groups among them",
)

SPECIFICATIONS = Table(
    "results",
    "specifications",
    "One row a model of key questions, key question and specification: every defensible choice, crossed.",
    key=("model_id", "coefficient", "controls", "judgements", "cases", "distribution"),
    disclosure="aggregate",
    columns=(
        _MODEL,
        _COEFFICIENT,
        Column("controls", "varchar", "`published`, `none`, `without_score`, `groups` or `with_provider_type`."),
        Column("judgements", "varchar", "`published` (both key questions), `alone` or `with_prompts`."),
        Column(
            "cases", "varchar", "`published` (complete in the model), or `complete_in_both` (with all prompts too)."
        ),
        Column("distribution", "varchar", "`published`; of counts also `negbin1` and `ztnb`."),
        Column("is_published", "boolean", "Whether it is the published one."),
        _N,
        Column("estimate", "double", "Log odds or log rate ratio."),
        Column("std_error", "double", "Its standard error."),
        Column("p", "double", "Two-sided Wald p."),
        Column("exp_estimate", "double", "Odds or rate ratio."),
        _LOW,
        _HIGH,
        _WHY,
    ),
    leaving=Leaving(
        bases=("n",),
        statistics={"estimate": 3, "std_error": 3, "p": 3, "exp_estimate": 3, "ci_low": 3, "ci_high": 3},
        verdicts=("not_estimable_because",),
        words=("is_published",),
    ),
)
