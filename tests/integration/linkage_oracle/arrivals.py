"""Worlds that arrive in parts: additions, corrections, withdrawals, in any order.

Belongs here: what the warehouse holds after each delivery. Not here: what should become of it.
"""

import datetime
import random
from dataclasses import replace

from tests.integration.linkage_oracle.oracle import Override, Row
from tests.integration.linkage_oracle.worlds import World, overrides_of, world

SOURCES = ("cases", "terminations", "reoffending")
IDENTIFIERS = ("pnc_id", "crn", "surname", "forenames", "date_of_birth")
N_DELIVERIES = 4

Delivery = dict[str, list[Row]]


def _miswritten(rng: random.Random, row: Row, others: list[Row]) -> Row:
    """Another version of a row: somebody else's identifiers, another date, another sentence, or only other facts."""
    other = rng.choice(others)
    for name in rng.sample(IDENTIFIERS, rng.randint(0, 3)):
        row = replace(row, **{name: getattr(other, name)})
    if rng.random() < 0.4:
        row = replace(row, own_date=row.own_date + datetime.timedelta(days=rng.choice((-9, -1, 1, 8))))
    if rng.random() < 0.3:
        row = replace(row, case_type=other.case_type)
    if rng.random() < 0.3:
        row = replace(row, reoffended=1, reoffences=row.reoffences + 1)
    return row


def deliveries(seed: int, worlds: list[World]) -> list[Delivery]:
    """The rows of the worlds in parts: most rows once, some first in another version."""
    rng = random.Random(f"deliveries {seed}")
    parts: list[Delivery] = [{source: [] for source in SOURCES} for _ in range(N_DELIVERIES)]
    for w in worlds:
        everybody = [*w.cases, *w.terminations, *w.reoffending]
        for source in SOURCES:
            for row in getattr(w, source):
                first = rng.choices(range(N_DELIVERIES), (8, 1, 1, 1))[0]
                parts[first][source].append(row)
                if rng.random() < 0.3:
                    rng.choice(parts)[source].append(_miswritten(rng, row, everybody))
    return parts


def states(seed: int, n_worlds: int, order: tuple[int, ...]) -> tuple[list[World], list[Override]]:
    """What stands in the warehouse after each delivery of `order`, the latest version of a row counting.

    After each delivery but the first a few rows are withdrawn. Also the reviewers' overrides, the same throughout.
    """
    worlds = [world(seed, number) for number in range(n_worlds)]
    parts = deliveries(seed, worlds)
    rng = random.Random(f"withdrawn {seed}")
    current: dict[str, dict[str, Row]] = {source: {} for source in SOURCES}
    found = []
    for step, part in enumerate(order):
        for source in SOURCES:
            current[source] |= {row.id: row for row in parts[part][source]}
            gone = {row_id for row_id in sorted(current[source]) if step and rng.random() < 0.02}
            current[source] = {row_id: row for row_id, row in current[source].items() if row_id not in gone}
        found.append(World(*(list(current[source].values()) for source in SOURCES)))
    return found, [override for w in worlds for override in overrides_of(w, seed)]
