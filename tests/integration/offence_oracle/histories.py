"""Made-up histories that lie on the boundaries of the measure on purpose.

Belongs here: drawing rows. Not here: what should become of them (`oracle.py`).
"""

import datetime
import random
from dataclasses import replace

from tests.integration.offence_oracle.oracle import Result, months_later

INDEX_DAYS = [
    datetime.date(2018, 8, 31), datetime.date(2019, 2, 28), datetime.date(2020, 2, 29), datetime.date(2019, 3, 1),
    datetime.date(2018, 3, 31), datetime.date(2018, 12, 30), datetime.date(2019, 1, 29), datetime.date(2018, 6, 15),
]  # fmt: skip
CODES = ("04600", "046", "09205", "09260", "08401", "03400", " 10501 ", "99999", None, "14100", "082")
PROVEN = ("conviction", "caution", "Final warning", "reprimand", "Conviction")
OTHERS = ("not_guilty", "quashed", "withdrawn", "appeal_dismissed", "pending", "odd", None, "no_further_action")
COUNTRIES = (None, None, None, "england_and_wales", "scotland", "elsewhere")
BLANKS = ("", " ", "\u00a0", "\t", "\u3000 ")
PARENTHESES = (-400, -1, 0, 0, 1, 30, 200, 330)


def draw_history(rng: random.Random, number: int) -> list[Result]:
    """The rows of one person: one to three index events, offences around their edges, some told by several courts."""
    person, rows = f"{number:06d}", []
    first = rng.choice(INDEX_DAYS) + datetime.timedelta(days=rng.randrange(0, 3))
    index_dates = [first, *(_near(rng, first) for _ in range(rng.choice((0, 0, 1, 2))))]
    for index_date in index_dates:
        for _ in range(rng.choice((1, 1, 2))):
            rows += _told(rng, person, len(rows), _committed(rng, index_date, early=True), index_date, index_date)
    for _ in range(rng.randrange(0, 7)):
        index_date = rng.choice(index_dates)
        rows += _told(rng, person, len(rows), _committed(rng, index_date), index_date, None)
        if rng.random() < 0.15:  # the same row under another id, or from a system that gives no references
            reference = rows[-1].reference if rng.random() < 0.5 else None
            rows.append(replace(rows[-1], record_id=f"{person}-{len(rows):02d}", reference=reference))
    rng.shuffle(rows)
    return rows


def _near(rng: random.Random, day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=rng.choice((1, 5, 40, 200, 364, 365, 366, 500)))


def _committed(rng: random.Random, index_date: datetime.date, early: bool = False) -> datetime.date:
    if early:
        return index_date - datetime.timedelta(days=rng.choice((0, 1, 20, 100, 300)))
    edges = [months_later(index_date, months) for months in (0, 3, 6, 9, 12, 12, 24)]
    if rng.random() < 0.6:
        return rng.choice(edges) + datetime.timedelta(days=rng.randrange(-1, 2))
    return index_date + datetime.timedelta(days=rng.choice(PARENTHESES))


def _untidy(rng: random.Random, text: str) -> str:
    """White space around a text, as pasted from a page: blanks that do not break among it."""
    return rng.choice(BLANKS) + text + rng.choice(BLANKS) if text and rng.random() < 0.2 else text


def _told(
    rng: random.Random,
    person: str,
    number: int,
    committed: datetime.date,
    index_date: datetime.date,
    led_to: datetime.date | None,
) -> list[Result]:
    reference = f"{person}/{number}" if rng.random() < 0.6 else None
    code, country = rng.choice(CODES), rng.choice(COUNTRIES)
    end = committed + datetime.timedelta(days=rng.randrange(0, 9)) if rng.random() < 0.2 else None
    rows = []
    for place in range(rng.choice((1, 1, 1, 2, 3))):
        committed += datetime.timedelta(days=int(bool(place and reference) and rng.random() < 0.2))  # courts differ
        results = PROVEN if rng.random() < 0.75 else OTHERS
        rows.append(
            Result(
                record_id=f"{person}-{number + place:02d}",
                person=person,
                offence_date=committed,
                code=_untidy(rng, code if rng.random() < 0.9 else rng.choice(CODES)),
                disposal_date=_result_day(rng, committed, index_date),
                disposal=_untidy(rng, rng.choice(results)),
                country=country,
                reference=reference,
                end_date=end,
                index_date=led_to,
            )
        )
    return rows


def _result_day(rng: random.Random, committed: datetime.date, index_date: datetime.date) -> datetime.date | None:
    if rng.random() < 0.1:
        return None
    if rng.random() < 0.5:
        day = months_later(index_date, rng.choice((0, 12, 18, 18, 21))) + datetime.timedelta(days=rng.randrange(-1, 2))
        return max(day, committed)
    return committed + datetime.timedelta(days=rng.choice((0, 0, 1, 60, 200)))


def worked_by_hand() -> tuple[list[Result], dict[str, tuple]]:
    """The history of docs/offence-records.md, and what it comes to."""
    day = datetime.date
    index_date = day(2018, 8, 31)
    rows = [
        Result("a00", "h", day(2018, 6, 10), "04600", index_date, "conviction", index_date=index_date),
        Result("a01", "h", day(2018, 8, 20), "10501", day(2018, 11, 5), "conviction"),
        Result("a02", "h", day(2018, 10, 1), "08401", day(2018, 10, 20), "conviction"),
        Result("a03", "h", day(2018, 12, 24), "04600", day(2018, 12, 24), "caution"),
        Result("a04", "h", day(2019, 1, 15), "00806", day(2019, 3, 1), "conviction", "scotland"),
        Result("a05", "h", day(2019, 2, 2), "14100", None, "pending"),
        Result("a06", "h", day(2019, 3, 3), "03000", day(2019, 5, 1), "conviction"),
        Result("a07", "h", day(2019, 3, 3), "03000", day(2019, 9, 1), "quashed"),
        Result("a08", "h", day(2019, 8, 31), "14900", day(2020, 2, 29), "conviction"),
        Result("a09", "h", day(2019, 8, 31), "09260", day(2020, 3, 1), "conviction"),
        Result("a10", "h", day(2019, 9, 1), "12509", day(2019, 10, 1), "conviction"),
    ]
    return rows, {"a00": (1, 2, 115, "criminal_damage theft", "theft", 8, 14, 0, 1, 0, 1)}
