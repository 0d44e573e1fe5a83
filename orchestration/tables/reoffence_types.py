"""What reoffences were, how severe, and how many there are when they are measured otherwise.

Belongs here: tables that rest on offence-level records. Not here: the published outcomes (`annexes.py`, `models.py`).
Severity does not leave: its weights are public, so that a mean of them is one more equation between counts of people.
"""

from orchestration.tables.table import Column, Leaving, Table, by_name

_JUDGEMENT = Column("judgement", "varchar", "`all`, `engagement` or `desistance`.")
_ANSWER = Column("answer", "varchar", "`yes` or `no`; `all` for all cases.")
_WHY = Column("not_estimable_because", "varchar", "Why the row has no numbers; null where it has.")
_LOW = Column("ci_low", "double", "Lower end of its interval, at the significance level of the run.")
_HIGH = Column("ci_high", "double", "Upper end.")

REOFFENCE_TYPES = Table(
    "results",
    "reoffence_types",
    "One row a group of offences, key question and answer: who reoffended with one; none where the measure came "
    "ready-made.",
    key=("offence_group", "judgement", "answer"),
    disclosure="aggregate",
    columns=(
        Column("offence_group", "varchar", "Group of reference.offence_codes that any case reoffended with."),
        _JUDGEMENT,
        _ANSWER,
        Column("n", "bigint", "Matched cases with the answer."),
        Column("n_reoffended", "bigint", "Of them, with a reoffence of the group."),
        Column("percent", "double", "The same in percent."),
        Column("ci_low", "double", "Lower end of its interval (Wilson), at the significance level of the run."),
        _HIGH,
        Column("n_most_severe", "bigint", "Cases whose most severe reoffence is of the group."),
        _WHY,
    ),
    leaving=Leaving(
        people=("n", "n_reoffended", "percent", "ci_low", "ci_high"),
        words=("not_estimable_because",),
        # They add up to who reoffended, so that hardly a number of them could be told where some are small.
        withheld=("n_most_severe",),
    ),
)

REOFFENCE_SEVERITY = Table(
    "results",
    "reoffence_severity",
    "One row a key question and answer: severity of the reoffences of those who reoffended; none where the measure "
    "came ready-made.",
    key=("judgement", "answer"),
    disclosure="aggregate",
    stays="its weights are public, so that a mean is one more equation between counts",
    columns=(
        _JUDGEMENT,
        _ANSWER,
        Column("n", "bigint", "Matched cases with the answer that reoffended."),
        Column("mean_total", "double", "Mean of the sum of a case's severity weights."),
        Column("total_low", "double", "Lower end of its interval (t), at the significance level of the run."),
        Column("total_high", "double", "Upper end."),
        Column("mean_highest", "double", "Mean of a case's highest severity weight."),
        Column("highest_low", "double", "Lower end of its interval (t)."),
        Column("highest_high", "double", "Upper end."),
        _WHY,
    ),
)

REOFFENCE_MODELS = Table(
    "results",
    "reoffence_models",
    "One row a model of severity or of the rate of reoffences, and key question; none where the measure came "
    "ready-made.",
    key=("model", "coefficient"),
    disclosure="aggregate",
    columns=(
        Column(
            "model",
            "varchar",
            "`severity_highest` (least squares, of those who reoffended); `rate_year`, `rate_first_half`, "
            "`rate_second_half` (Poisson, recurrent events of all matched cases).",
        ),
        Column("coefficient", "varchar", "A key question's coefficient, as in model_coefficients."),
        Column("n", "bigint", "Complete cases."),
        Column("n_events", "bigint", "Reoffences among them in the period; of severity, cases that reoffended."),
        Column("estimate", "double", "Points of severity, or log rate ratio; controls and key questions are held."),
        Column("std_error", "double", "Robust (sandwich) standard error, by case."),
        Column("p", "double", "Two-sided p: t for severity, normal for rates."),
        Column("effect", "double", "Points of severity, or rate ratio."),
        _LOW,
        _HIGH,
        _WHY,
    ),
    leaving=Leaving(
        bases=("n",),
        statistics={"estimate": 3, "std_error": 3, "p": 3, "effect": 2, "ci_low": 2, "ci_high": 2},
        words=("not_estimable_because",),
        # Reoffences of the year less those of one half are those of the other.
        withheld=("n_events",),
    ),
)

REOFFENDING_MEASURES = Table(
    "results",
    "reoffending_measures",
    "One row a way to measure reoffending beside the published one, on the same cases; none where the measure came "
    "ready-made.",
    key=("measure",),
    disclosure="aggregate",
    columns=(
        Column("measure", "varchar", "`published`, `breaches_count`, `followup_24` or `waiting_9`."),
        Column("followup_months", "bigint", "Months in which an offence counts."),
        Column("waiting_months", "bigint", "Months more in which it must be proven."),
        Column("n", "bigint", "Matched cases whose windows the extract reaches."),
        Column("n_not_covered", "bigint", "Matched cases whose windows it does not reach."),
        Column("percent_published", "double", "Reoffending as published, of the n cases, in percent."),
        Column("published_low", "double", "Lower end of its interval (Wilson)."),
        Column("published_high", "double", "Upper end."),
        Column("percent", "double", "Reoffending measured this way, of the same cases, in percent."),
        Column("ci_low", "double", "Lower end of its interval (Wilson)."),
        _HIGH,
        Column("mean_published", "double", "Mean number of reoffences of those who reoffended, as published."),
        Column("mean_reoffences", "double", "The same measured this way."),
        _WHY,
    ),
    leaving=Leaving(
        people=(
            "n",
            "percent_published",
            "published_low",
            "published_high",
            "percent",
            "ci_low",
            "ci_high",
            "mean_published",
            "mean_reoffences",
        ),
        words=("followup_months", "waiting_months", "n_not_covered", "not_estimable_because"),
        # A way that leaves cases out would tell of the published outcomes of those.
        only={"n_not_covered": (0,)},
    ),
)

REOFFENCE_TYPE_TABLES = by_name(REOFFENCE_TYPES, REOFFENCE_SEVERITY, REOFFENCE_MODELS, REOFFENDING_MEASURES)
