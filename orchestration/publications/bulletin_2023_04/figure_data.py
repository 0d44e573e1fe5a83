"""The numbers behind Figures 2, 3, 5 to 8 and 10 to 15, and behind the combined finding.

Belongs here: results.figure_data from marts.cases. Not here: counting rules (`orchestration/methods/bulletin_2023_04`),
titles and labels (`figure_catalogue.py`), drawing (`publications/drawing`)."""

import pandas as pd

from orchestration.methods.bulletin_2023_04.annex_b import outcome_by
from orchestration.publications.bulletin_2023_04.figure_catalogue import (
    ALL_CASES,
    BOTH,
    COMBINED,
    COMPLETION,
    DESISTANCE,
    ENGAGEMENT,
    FIGURES,
    LIKELIHOOD_LEVELS,
    OUTCOME_UNITS,
    REASON_SERIES,
    REOFFENDED,
    Figure,
)
from orchestration.publications.shared.figure_rows import COLUMNS
from orchestration.publications.shared.records import records
from orchestration.publications.shared.words import JUDGEMENT_LABELS

MOST_REOFFENCES = 10  # this many or more stand in one last bar of Figure 3
LIKELIHOOD = "ogrs_group_2020"  # low, medium, high or very high: the three levels the bulletin's figures show


def figure_data(cases: pd.DataFrame) -> pd.DataFrame:
    """One row a bar: figure_id, series, category, n, value, unit, row_order (2023/04, sections 2 to 2.2).

    `cases`: marts.cases. Figures 2 and 3: n is the cases in the bar, value their percentage. Other figures: n
    is the cases the percentage or mean rests on. `value` is unrounded and null where n is 0.
    """
    bars = [*(_bars(cases, figure) for figure in FIGURES), _combined(cases)]
    frame = pd.concat(bars, ignore_index=True)
    frame["row_order"] = pd.Series(range(1, len(frame) + 1), dtype="Int64")
    return frame[COLUMNS].astype(
        {"n": "Int64", "value": "Float64", "figure_id": "str", "series": "str", "category": "str"}
    )


def _bars(cases: pd.DataFrame, figure: Figure) -> pd.DataFrame:
    if figure.number == 2:
        rows = _termination_reasons(cases)
    elif figure.number == 3:
        rows = _reoffence_counts(cases)
    else:
        rows = _judgement_bars(cases, figure)
    frame = pd.DataFrame(rows, columns=["series", "category", "n", "value"])
    unit = "percent" if figure.number in (2, 3) else OUTCOME_UNITS[figure.outcome]
    return frame.assign(figure_id=figure.figure_id, unit=unit)


def _combined(cases: pd.DataFrame) -> pd.DataFrame:
    """The combined finding: both key questions positive against both negative (2023/04, Key findings)."""
    rows = []
    for outcome in (COMPLETION, REOFFENDED):
        cells = _cells(outcome_by(cases, [ENGAGEMENT, DESISTANCE], outcome), [ENGAGEMENT, DESISTANCE])
        rows += [(series, outcome, *cells.get((answer, answer), (0, None))) for series, answer in BOTH.items()]
    frame = pd.DataFrame(rows, columns=["series", "category", "n", "value"])
    return frame.assign(figure_id=COMBINED, unit="percent")


def _termination_reasons(cases: pd.DataFrame) -> list[tuple[str, str, int, float | None]]:
    """Figure 2: the four reasons that count as positive or negative, as shares of both together."""
    reasons = cases.loc[cases["termination_outcome"].isin(["positive", "negative"]), "termination_reason"]
    counts = reasons.value_counts()
    return [
        (series, reason, int(counts.get(reason, 0)), _percent(int(counts.get(reason, 0)), len(reasons)))
        for reason, series in REASON_SERIES.items()
    ]


def _reoffence_counts(cases: pd.DataFrame) -> list[tuple[str, str, int, float | None]]:
    """Figure 3: reoffenders by number of reoffences, the long tail in one bar."""
    reoffenders = cases.loc[(cases["reoffended"] == 1).fillna(False), "reoffences"].astype("int64")
    counts = reoffenders.clip(upper=MOST_REOFFENCES).value_counts()
    return [
        (
            "reoffenders",
            f"{count}+" if count == MOST_REOFFENCES else str(count),
            int(counts.get(count, 0)),
            _percent(int(counts.get(count, 0)), len(reoffenders)),
        )
        for count in range(1, MOST_REOFFENCES + 1)
    ]


def _judgement_bars(cases: pd.DataFrame, figure: Figure) -> list[tuple[str, str, int, float | None]]:
    judgements = JUDGEMENT_LABELS[figure.judgement]
    overall = _cells(outcome_by(cases, [figure.judgement], figure.outcome), [figure.judgement])
    rows = [(judgement, ALL_CASES, *overall.get((judgement,), (0, None))) for judgement in judgements]
    if not figure.by_likelihood:
        return rows
    by = [LIKELIHOOD, figure.judgement]
    cells = _cells(outcome_by(cases, by, figure.outcome), by)
    levels = [
        (judgement, level, *cells.get((level, judgement), (0, None)))
        for level in LIKELIHOOD_LEVELS
        for judgement in judgements
    ]
    return levels + rows


def _cells(frame: pd.DataFrame, by: list[str]) -> dict[tuple[str, ...], tuple[int, float | None]]:
    return {
        tuple(str(row[column]) for column in by): (
            int(row["n"]),
            None if pd.isna(row["value"]) else float(row["value"]),
        )
        for row in records(frame)
    }


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
