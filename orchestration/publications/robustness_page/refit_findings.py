"""The findings estimated otherwise, in words: one or two sentences a check.

Belongs here: sentences whose every figure is looked up. Not here: what remains of each finding, other sizes and errors
(`findings.py`), tables (`refit_tables.py`, `quality_tables.py`).
"""

from collections.abc import Iterator

import pandas as pd

from orchestration.publications.robustness_page.refit_tables import summary_of
from orchestration.publications.robustness_page.words import MODEL_TITLES, coefficient_name
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import Tables
from orchestration.publications.shared.records import Record, records

_PERIODS = {"before_fieldwork": "before the inspection", "after_fieldwork": "after it"}
_KEY = "__key_questions"


def _told(frame: pd.DataFrame) -> list[Record]:
    """The key questions' rows that have numbers."""
    own = frame[frame["model_id"].str.endswith(_KEY) & frame["not_estimable_because"].isna()]
    return records(own)


def _name(row: Record) -> str:
    return formatting.upper_first(coefficient_name(str(row["coefficient"])))


def _ratio(row: Record, key: str = "exp_estimate", decimals: int = 2) -> str:
    value, low, high = (formatting.number(row[name], decimals) for name in (key, "ci_low", "ci_high"))
    return f"{value} ({low} to {high})"


def through_time(tables: Tables) -> list[str]:
    """How many had reoffended by the inspection, and the key questions' hazard ratios before and after it."""
    found = tables["reoffence_hazards"]
    counts = {
        period: rows["n_events"].max() for period, rows in found[found["model_id"].str.endswith(_KEY)].groupby("period")
    }
    year, before = (counts.get(period) for period in ("year", "before_fieldwork"))
    if not year:
        return ["Nobody in the models reoffended, so that no time could be told."]
    share = formatting.number(100 * float(before or 0) / float(year), 0, "%")
    opening = (
        f"Of {formatting.number(year)} people in the model of key questions who reoffended in the year, "
        f"{formatting.number(before)} ({share}) had done so before the fieldwork in which their case was judged: an "
        "association with these cannot have come of what was judged."
    )
    by_name: dict[str, list[str]] = {}
    for row in _told(found[found["period"].isin(list(_PERIODS))]):
        by_name.setdefault(_name(row), []).append(f"{_ratio(row)} {_PERIODS[str(row['period'])]}")
    return [opening, *(f"{name}: hazard ratio {', '.join(parts)}." for name, parts in by_name.items())]


def missing(tables: Tables) -> list[str]:
    """The key questions' ratios with what is missing drawn."""
    return list(_ratios(tables["imputed_estimates"])) or ["Nothing that is missing was drawn."]


def links(tables: Tables) -> list[str]:
    """The key questions' ratios with false links drawn."""
    return list(_ratios(tables["relinked_estimates"])) or ["No links were drawn."]


def levels(tables: Tables) -> list[str]:
    """How far providers differ beyond chance."""
    found = tables["provider_intercepts"]
    spreads = found.drop_duplicates("model_id").set_index("model_id")["spread"].dropna()
    if spreads.empty:
        return ["Levels by provider could not be had."]
    parts = [f"{MODEL_TITLES[str(model)]} {formatting.number(value, 2)}" for model, value in spreads.items()]
    return [
        f"With a level for every provider, the providers' levels spread by (log odds or log rate): {'; '.join(parts)}."
    ]


def _ratios(frame: pd.DataFrame) -> Iterator[str]:
    for row in _told(frame):
        p = formatting.p_phrase(row["p"])
        yield f"{_name(row)}, {MODEL_TITLES[str(row['model_id'])]}: ratio {_ratio(row)}, {p}."


def choices(tables: Tables, level: float) -> list[str]:
    """How many specifications agree with the published one."""
    sentences = []
    for (model, name), own in tables["specifications"].groupby(["model_id", "coefficient"], sort=False):
        found = summary_of(own, level)
        if formatting.is_missing(found["published"]):
            continue
        n, alike, significant = (formatting.number(found[key]) for key in ("n", "alike", "significant"))
        sentences.append(
            f"{formatting.upper_first(coefficient_name(str(name)))}, {MODEL_TITLES[str(model)].partition(' by ')[0]}: "
            f"of {n} specifications {alike} have the published sign, {significant} of them significant."
        )
    return sentences or ["No specification could be fitted."]


def delivery(tables: Tables) -> list[str]:
    """The doubly robust differences."""
    units = {"percentage_points": "percentage points", "reoffences": "reoffences"}
    return [
        f"{_name(row)}, {MODEL_TITLES[str(row['model_id'])].partition(' by ')[0]}: {_ratio(row, 'effect', 1)} "
        f"{units[str(row['unit'])]}."
        for row in _told(tables["good_delivery"])
    ] or ["No doubly robust estimate could be had."]


def calibration(tables: Tables, level: float) -> list[str]:
    """Slopes, Hosmer and Lemeshow's test where it speaks, and the splines."""
    found = tables["calibration"]
    slopes = [row for row in records(found) if not formatting.is_missing(row["slope"])]
    sentences = []
    if slopes:
        parts = [f"{MODEL_TITLES[str(row['model_id'])]} {formatting.number(row['slope'], 2)}" for row in slopes]
        sentences.append(
            "For providers that a model was not fitted to, its predictions come true with a slope (1: exactly, below: "
            f"too extreme) of {'; '.join(parts)}."
        )
    for row in records(found):
        if not formatting.is_missing(row["hosmer_lemeshow_p"]) and float(row["hosmer_lemeshow_p"]) < level:
            sentences.append(
                f"In {MODEL_TITLES[str(row['model_id'])]}, predicted and observed shares differ beyond chance (Hosmer "
                f"and Lemeshow, {formatting.p_phrase(row['hosmer_lemeshow_p'])}), which the bulletin does not say."
            )
    bent = [row for row in records(tables["spline_tests"]) if not formatting.is_missing(row["lr_p"])]
    clear = [
        f"{MODEL_TITLES[str(row['model_id'])]} ({formatting.p_phrase(row['lr_p'])})"
        for row in bent
        if row["lr_p"] < level
    ]
    if clear:
        sentences.append(f"Age, sanctions and score are not straight lines in: {'; '.join(clear)}.")
    return sentences or ["The models' predictions could not be tried."]
