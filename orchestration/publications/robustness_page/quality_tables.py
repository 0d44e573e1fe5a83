"""The tables on how good the models are: calibration for other providers, and bends in the place of lines.

Belongs here: these results laid out for readers. Not here: the findings estimated otherwise (`refit_tables.py`).
"""

import pandas as pd

from orchestration.publications.robustness_page.tables import by_model, missing_text, percent, reasons
from orchestration.publications.robustness_page.words import MODEL_TITLES, SOURCE
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import (
    MISSING_TEXT,
    Column,
    PublishedTable,
    Tables,
    is_below,
)


def _titled(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with their models' titles; what has no numbers says why."""
    shown = frame.assign(label=[formatting.upper_first(MODEL_TITLES[model]) for model in frame["model_id"]])
    shown[MISSING_TEXT] = missing_text(frame)
    return shown.reset_index(drop=True)


def table_calibration(tables: Tables, level: float) -> PublishedTable:
    """Whether probabilities come true."""
    frame = tables["calibration"]
    frame = frame.assign(significant=is_below(frame["hosmer_lemeshow_p"], level))
    columns = (
        Column("label", "Model"),
        Column("intercept", "Intercept", decimals=3),
        Column("slope", "Slope", decimals=2, says_why=True),
        Column("slope_low", f"{percent(level)} low", "Slope", decimals=2),
        Column("slope_high", f"{percent(level)} high", "Slope", decimals=2),
        Column("brier", "Brier score", decimals=3),
        Column("brier_gain", "Gain", decimals=1, suffix="%"),
        Column("roc_area", "Area under ROC", decimals=3),
        Column("hosmer_lemeshow_p", "Hosmer-Lemeshow p", decimals=3, is_p_value=True, significant="significant"),
        Column("n", "n", decimals=0),
    )
    notes = (
        "Each provider's cases predicted by the model fitted to all others; Hosmer and Lemeshow's test is on the "
        "model's own cases. Intercept 0 and slope 1: what is predicted comes true. Gain: of the Brier score (mean "
        "squared difference) over predicting everybody the mean share.",
        *reasons(frame),
    )
    return PublishedTable("K16", "Do the models' probabilities come true?", SOURCE, columns, _titled(frame), notes)


def table_groups(tables: Tables, _level: float) -> PublishedTable:
    """Predicted and observed by tenths."""
    frame = tables["calibration_groups"]
    columns = (
        Column("label", "Tenth of the cases"),
        Column("n", "n", decimals=0),
        Column("predicted", "Predicted", decimals=1, suffix="%"),
        Column("observed", "Observed", decimals=1, suffix="%"),
    )
    shown = by_model(frame, [formatting.number(tenth) for tenth in frame["tenth"]])
    return PublishedTable("K17", "Predicted and observed, from the least likely", SOURCE, columns, shown)


def table_splines(tables: Tables, level: float) -> PublishedTable:
    """Bends in the place of lines."""
    frame = tables["spline_tests"]
    frame = frame.assign(significant=is_below(frame["lr_p"], level))
    columns = (
        Column("label", "Model"),
        Column("lr_chi2", "LR chi-square", decimals=2, says_why=True),
        Column("df", "df", decimals=0),
        Column("lr_p", "p", decimals=3, is_p_value=True, significant="significant"),
        Column("n", "n", decimals=0),
    )
    notes = (
        "Age, previous sanctions and score entered as restricted cubic splines with four knots, against lines.",
        *reasons(frame),
    )
    return PublishedTable("K18", "Are the lines straight?", SOURCE, columns, _titled(frame), notes)
