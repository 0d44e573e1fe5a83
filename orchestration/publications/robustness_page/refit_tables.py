"""The tables of the findings estimated otherwise: through time, with draws, weights, levels by provider, other choices.

Belongs here: these results laid out for readers. Not here: other sizes, errors and tests (`tables.py`), how good the
models are (`quality_tables.py`).
"""

import pandas as pd

from orchestration.publications.robustness_page.tables import UNITS, by_model, interval, reasons
from orchestration.publications.robustness_page.words import MODEL_TITLES, PERIOD_LABELS, SOURCE, coefficient_name
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import ROW_GROUP, Column, PublishedTable, Tables, is_below


def _refitted(
    table_id: str, title: str, frame: pd.DataFrame, level: float, ratio: str, more: tuple[Column, ...], note: str
) -> PublishedTable:
    """Ratios with their intervals and p, a row a coefficient under its model; `more` columns behind."""
    frame = frame.assign(significant=is_below(frame["p"], level))
    columns = (
        Column("label", "Judgement"),
        Column("exp_estimate", ratio, decimals=2, significant="significant", says_why=True),
        *interval(level, 2),
        Column("p", "p", decimals=3, is_p_value=True),
        *more,
    )
    shown = by_model(frame, [coefficient_name(str(name)) for name in frame["coefficient"]])
    return PublishedTable(table_id, title, SOURCE, columns, shown, (note, *reasons(frame)))


def table_hazards(tables: Tables, level: float) -> PublishedTable:
    """Time to the first reoffence in the year, before and after fieldwork."""
    frame = tables["reoffence_hazards"]
    more = (Column("n", "n", decimals=0), Column("n_events", "First reoffences", decimals=0))
    note = (
        "Cox regression with the published models' terms. After fieldwork: cases that had not reoffended by then, and "
        "only what came later. Hazard ratio: of reoffending on a day, among those who have not yet."
    )
    made = _refitted("K9", "Time to the first reoffence", frame, level, "Hazard ratio", more, note)
    groups = [
        f"{PERIOD_LABELS[period]}: {MODEL_TITLES[model]}"
        for period, model in zip(frame["period"], frame["model_id"], strict=True)
    ]
    shown = made.frame.assign(**{ROW_GROUP: groups})
    return PublishedTable(made.table_id, made.title, SOURCE, made.columns, shown, made.notes)


def table_imputed(tables: Tables, level: float) -> PublishedTable:
    """Estimates with what is missing drawn."""
    more = (
        Column("n_complete", "Complete", "n", decimals=0),
        Column("n", "With outcome", "n", decimals=0),
        Column("between_share", "Share of the variance", decimals=3),
    )
    drawn = formatting.number(tables["imputed_estimates"]["n_drawn"].max())
    note = (
        f"Missing answers drawn {drawn} times from the other answers and the outcome (chained equations), estimates "
        "pooled by Rubin's rules. Share of the variance: what comes of drawing."
    )
    title = "With what is missing drawn"
    return _refitted("K10", title, tables["imputed_estimates"], level, "Ratio", more, note)


def table_relinked(tables: Tables, level: float) -> PublishedTable:
    """Estimates with links drawn to be false."""
    frame = tables["relinked_estimates"]
    more = (
        Column("n", "n", decimals=0),
        Column("mean_false", "Links set aside", decimals=1),
        Column("between_share", "Share of the variance", decimals=3),
    )
    share = formatting.number(100 * frame["false_share"].max(), 1, "%")
    note = (
        f"{share} of links taken to be another person's, likelier where the outcome is unlikely for the case; such a "
        "link tells nothing. Links set aside: on average over the draws."
    )
    return _refitted("K11", "With false links drawn", frame, level, "Ratio", more, note)


def table_intercepts(tables: Tables, level: float) -> PublishedTable:
    """Estimates with a level of its own for every provider."""
    more = (
        Column("spread", "Spread of providers", decimals=2),
        Column("n_providers", "Providers", decimals=0),
        Column("n", "n", decimals=0),
    )
    note = (
        "Random intercepts by CRC and NPS division. Spread: standard deviation of the providers' levels, log odds or "
        "log rate; 0.00 where they do not differ beyond chance, and the model is the published one."
    )
    title = "With a level for every provider"
    return _refitted("K12", title, tables["provider_intercepts"], level, "Ratio", more, note)


def table_specifications(tables: Tables, level: float) -> PublishedTable:
    """Where the published estimate lies among those of all specifications."""
    frame = pd.DataFrame(
        [
            summary_of(own, level)
            for _, own in tables["specifications"].groupby(["model_id", "coefficient"], sort=False)
        ],
        columns=["model_id", "coefficient", "n", "lowest", "median", "highest", "published", "alike", "significant"],
    )
    columns = (
        Column("label", "Judgement"),
        Column("n", "Specifications", decimals=0),
        *(
            Column(name, formatting.upper_first(name), "Log ratio", decimals=2)
            for name in ("lowest", "median", "highest")
        ),
        Column("published", "Published", "Log ratio", decimals=2),
        Column("alike", "Of the same sign", decimals=0),
        Column("significant", "Of them significant", decimals=0),
    )
    notes = (
        "Crossed: five sets of controls, the judgement alone, with the other key question or with all prompts too, two "
        "sets of cases, and for counts three distributions.",
        *reasons(tables["specifications"]),
    )
    shown = by_model(frame, [coefficient_name(str(name)) for name in frame["coefficient"]])
    return PublishedTable("K13", "Every defensible specification", SOURCE, columns, shown, notes)


def summary_of(own: pd.DataFrame, level: float) -> dict[str, object]:
    """One finding's specifications in a row."""
    told = own[own["estimate"].notna()]
    published = told.loc[told["is_published"], "estimate"]
    alike = told[told["estimate"] * published.iloc[0] > 0] if len(published) else told.head(0)
    return {
        "model_id": own["model_id"].iloc[0],
        "coefficient": own["coefficient"].iloc[0],
        "n": len(told),
        "lowest": told["estimate"].min(),
        "median": told["estimate"].median(),
        "highest": told["estimate"].max(),
        "published": published.iloc[0] if len(published) else None,
        "alike": len(alike),
        "significant": int((alike["p"] < level).sum()),
    }


def table_good_delivery(tables: Tables, level: float) -> PublishedTable:
    """Weighted and doubly robust estimates of good delivery."""
    frame = tables["good_delivery"]
    frame = frame.assign(significant=is_below(frame["p"], level), unit=frame["unit"].map(UNITS))
    columns = (
        Column("label", "Key question"),
        Column("unadjusted", "Raw", "Difference", decimals=1),
        Column("weighted", "Weighted", "Difference", decimals=1),
        Column("effect", "Doubly robust", "Difference", decimals=1, significant="significant", says_why=True),
        Column("unit", "In"),
        *interval(level, 1),
        Column("p", "p", decimals=3, is_p_value=True),
        Column("n_yes", "Yes", "n", decimals=0),
        Column("n_no", "No", "n", decimals=0),
        Column("smallest_propensity", "Least probability of the answer", decimals=3),
    )
    notes = (
        "Weighted: by one over the probability of the answer, given the model's other terms. Doubly robust: right "
        "where either the model of the answer or that of the outcome is. Judgement and controls were recorded at one "
        "time.",
        *reasons(frame),
    )
    shown = by_model(frame, [coefficient_name(str(name)) for name in frame["coefficient"]])
    return PublishedTable("K14", "What good delivery would do", SOURCE, columns, shown, notes)


def table_balance(tables: Tables, _level: float) -> PublishedTable:
    """How far the cases of the two answers differ, and weighted: the farthest of each contrast."""
    frame = tables["delivery_balance"]
    grouped = frame.groupby(["model_id", "coefficient"], sort=False)
    rows = [
        {
            "model_id": model,
            "coefficient": name,
            "largest": own["difference"].abs().max(),
            "largest_weighted": own["difference_weighted"].abs().max(),
            "beyond": int((own["difference"].abs() > 0.1).sum()),
            "beyond_weighted": int((own["difference_weighted"].abs() > 0.1).sum()),
        }
        for (model, name), own in grouped
    ]
    named = ["model_id", "coefficient", "largest", "largest_weighted", "beyond", "beyond_weighted"]
    shown = pd.DataFrame(rows, columns=named)
    columns = (
        Column("label", "Key question"),
        Column("largest", "As it is", "Largest difference", decimals=2),
        Column("largest_weighted", "Weighted", "Largest difference", decimals=2),
        Column("beyond", "As it is", "Terms beyond 0.1", decimals=0),
        Column("beyond_weighted", "Weighted", "Terms beyond 0.1", decimals=0),
    )
    notes = ("Differences in standard deviations; every term of every contrast is in results.delivery_balance.",)
    labelled = by_model(shown, [coefficient_name(str(name)) for name in shown["coefficient"]])
    return PublishedTable("K15", "How alike the weighted cases are", SOURCE, columns, labelled, notes)
