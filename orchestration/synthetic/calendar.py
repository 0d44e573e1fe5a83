"""When things happen: fieldwork, starts of sentences, births and other sentences.

Belongs here: dates (numpy datetime64[D]) that keep to the bulletin's periods. Not here: how a date is
written in a file (`extracts/deliveries.py`).
"""

import numpy as np
import pandas as pd

from orchestration.errors import PipelineError

# 2023/04, Annex A (i): first fieldwork weeks of the round, as Mondays, leaving a week's margin for the window
FIRST_FIELDWORK, LAST_FIELDWORK = np.datetime64("2018-06-11"), np.datetime64("2019-06-17")
DAYS_FIELDWORK_TO_REPORT = (77, 105)
DAYS_UNDER_SUPERVISION = (183, 213)  # 2023/04, Annex A (i): six to seven months
# 2023/04, Annex A (iii): index dates from November 2017; they run on until the last start's follow-up
# year and six-month waiting period are over, so that no outcome is cut short
FIRST_INDEX, LAST_INDEX = np.datetime64("2017-11-01"), np.datetime64("2020-06-30")
# 2023/04, Annex A (ii): terminations recorded from November 2017 to the end of December 2021
FIRST_TERMINATION, LAST_TERMINATION = np.datetime64("2017-11-01"), np.datetime64("2021-12-31")
FIRST_SENTENCE, LAST_SENTENCE = np.datetime64("2016-01-04"), np.datetime64("2021-06-30")
CLEAR_OF_WINDOW = 30  # other sentences of a case's person are at least so many days from its start


def _monday(day: np.datetime64) -> np.datetime64:
    return day - np.timedelta64((int(day.astype("int64")) + 3) % 7, "D")  # 1970-01-01 was a Thursday


def fieldwork_dates(rng: np.random.Generator, cases: pd.DataFrame, report_months: pd.DataFrame) -> np.ndarray:
    """First fieldwork week of each case's inspection: a Monday about three months before the report.

    `cases` and `report_months` have provider and provider_type; report_month is YYYY-MM. Raises PipelineError
    where a provider has no report month.
    """
    months = {
        (provider.lower(), kind.lower()): np.datetime64(month, "M").astype("datetime64[D]")
        for provider, kind, month in report_months.itertuples(index=False)
    }
    fieldwork = {}
    for key in sorted(months):
        ahead = int(rng.integers(*DAYS_FIELDWORK_TO_REPORT, endpoint=True))
        day = months[key] + np.timedelta64(14 - ahead, "D")
        fieldwork[key] = _monday(min(max(day, FIRST_FIELDWORK), LAST_FIELDWORK))
    keys = list(zip(cases["provider"].str.lower(), cases["provider_type"].str.lower(), strict=True))
    if unknown := set(keys) - set(fieldwork):
        raise PipelineError(
            problem=f"{len(unknown)} providers of the profile have no month of report.",
            remedy="Add them to dbt_project/seeds/codes/report_months.csv, or correct the profile.",
            where="profile, columns provider and provider_type",
        )
    return np.array([fieldwork[key] for key in keys], dtype="datetime64[D]")


def start_dates(rng: np.random.Generator, fieldwork: np.ndarray) -> np.ndarray:
    """Sentence or release dates: six to seven months before fieldwork."""
    return fieldwork - rng.integers(*DAYS_UNDER_SUPERVISION, len(fieldwork), endpoint=True)


def _years_before(day: np.ndarray, years: np.ndarray) -> np.ndarray:
    """The same day of the year, `years` earlier; 29 February becomes 1 March in a common year."""
    month = day.astype("datetime64[M]")
    return (month - 12 * years).astype("datetime64[D]") + (day - month.astype("datetime64[D]"))


def births(rng: np.random.Generator, age: np.ndarray, on: np.ndarray) -> np.ndarray:
    """Dates of birth of people who are `age` whole years old on the day `on`."""
    latest = _years_before(on, age)
    earliest = _years_before(on, age + 1) + np.timedelta64(1, "D")
    span = (latest - earliest).astype(np.int64) + 1
    born = earliest + (rng.random(len(age)) * span).astype(np.int64)
    # a day that stands for an unknown one is nobody's birthday here: linkage could not tell
    is_placeholder = born == np.datetime64("1970-01-01")
    return np.where(is_placeholder, np.where(born < latest, born + 1, born - 1), born)


def date_differences(rng: np.random.Generator, size: int, exact_share: float) -> np.ndarray:
    """Days between a true record and its case: mostly 0, else 1 to 7 either side, small ones oftener."""
    days = rng.choice(np.arange(1, 8), size, p=np.array([30, 18, 14, 11, 9, 8, 10]) / 100)
    signed = days * rng.choice([-1, 1], size)
    return np.where(rng.random(size) < exact_share, 0, signed)


def near_misses(rng: np.random.Generator, size: int) -> np.ndarray:
    """Days just outside the window: 8 to 20, either side."""
    return rng.integers(8, 20, size, endpoint=True) * rng.choice([-1, 1], size)


def between(rng: np.random.Generator, first: np.datetime64, last: np.datetime64, size: int) -> np.ndarray:
    """Days drawn evenly from `first` to `last`, weekends moved to the Monday after (courts do not sit)."""
    span = int((last - first).astype(np.int64))
    day = first + rng.integers(0, span - 1, size)
    weekday = (day.astype(np.int64) + 3) % 7
    return day + np.where(weekday >= 5, 7 - weekday, 0)


def keep_clear(rng: np.random.Generator, day: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Days moved later where they fall within CLEAR_OF_WINDOW days of the person's inspected sentence."""
    is_close = np.abs((day - start).astype(np.int64)) < CLEAR_OF_WINDOW
    moved = start + rng.integers(CLEAR_OF_WINDOW, 300, len(day))
    return np.where(is_close, moved, day)
