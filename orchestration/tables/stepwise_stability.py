"""How stable the stepwise selections of Bulletin 2020/03 are.

Belongs here: selections among resamples, made when asked for. Not here: the selections themselves (`needs.py`).
"""

from orchestration.tables.table import Column, Leaving, Table, by_name

STEPWISE_INCLUSION = Table(
    "results",
    "stepwise_inclusion",
    "One row a stepwise model and candidate term: how often it is retained when the model's complete cases are drawn "
    "again with replacement and selected among again (bootstrap inclusion frequency).",
    key=("model_id", "term"),
    disclosure="aggregate",
    columns=(
        Column("model_id", "varchar", "`stepwise__<outcome>`."),
        Column("outcome", "varchar", "The need, strength, judgement or delivery item: its column in marts.cases."),
        Column("term", "varchar", "The candidate, by the item's name in Annex C."),
        Column("n_resamples", "bigint", "Resamples selected among."),
        Column("n_included", "bigint", "Resamples whose selection retained the term."),
        Column("frequency", "double", "n_included of n_resamples, percent (0-100), unrounded."),
        Column(
            "ci_low",
            "double",
            "Lower end of the 95% Wilson interval, percent; of the error of drawing so many resamples and no more.",
        ),
        Column("ci_high", "double", "Upper end of the 95% Wilson interval, percent."),
        Column("is_retained", "boolean", "Whether the published selection, on the cases themselves, retains the term."),
    ),
    leaving=Leaving(
        statistics={"frequency": 1, "ci_low": 1, "ci_high": 1},
        verdicts=("n_included",),
        words=("outcome", "n_resamples", "is_retained"),
    ),
)

STEPWISE_STABILITY_MODELS = Table(
    "results",
    "stepwise_stability_models",
    "One row a stepwise model: how often resampled cases lead to the same selection.",
    key=("model_id",),
    disclosure="aggregate",
    columns=(
        Column("model_id", "varchar", "`stepwise__<outcome>`."),
        Column("outcome", "varchar", "The need, strength, judgement or delivery item: its column in marts.cases."),
        Column("n", "bigint", "Complete cases of the model, and so cases of every resample."),
        Column("n_resamples", "bigint", "Resamples selected among."),
        Column("n_different_selections", "bigint", "Different sets of retained terms among them."),
        Column("n_same_selection", "bigint", "Resamples whose selection is the published one, term by term."),
        Column("share_same_selection", "double", "n_same_selection of n_resamples, percent (0-100), unrounded."),
        Column(
            "commonest_selection",
            "varchar",
            "The set of terms retained most often, in the order of Annex C; `none` for the empty one.",
        ),
        Column("n_commonest_selection", "bigint", "Resamples that retained exactly these terms."),
        Column("mean_terms", "double", "Mean number of terms retained."),
        Column("seed", "bigint", "The seed that, with the model and a resample's number, makes that resample again."),
    ),
    leaving=Leaving(
        bases=("n",),
        statistics={"share_same_selection": 1, "mean_terms": 1},
        verdicts=("n_different_selections", "n_same_selection", "commonest_selection", "n_commonest_selection"),
        words=("outcome", "n_resamples", "seed"),
    ),
)

STEPWISE_STABILITY_TABLES = by_name(STEPWISE_INCLUSION, STEPWISE_STABILITY_MODELS)
