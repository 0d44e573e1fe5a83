"""Names at national frequency, as numbers: the commonest at their real shares, then a long tail.

Belongs here: from a uniform draw to a name's number, and from numbers to names. The tail is long enough that
ten times the people have more different names. Not here: whose draw it is (`register.py`), nor how a name is
spelled in a row (`spelling.py`).
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from orchestration.synthetic.identities.counters import permuted
from orchestration.synthetic.identities.names import (
    DOUBLE_BARREL_SHARE,
    ORIGINS_BY_ETHNICITY,
    RARE_SHARE,
    ZIPF_OFFSET,
    name_lists,
)
from orchestration.synthetic.identities.people import ETHNIC_SHARES

SHARES_FILE = Path(__file__).with_name("national_names.toml")
BRITISH = "british"
ORIGINS = tuple(dict.fromkeys(origin for shares in ORIGINS_BY_ETHNICITY.values() for origin in shares))
LISTED_EXPONENT = 0.9  # listed names after the head: share falls as rank to this power
TAIL_OFFSET = 600.0  # the first rare surname is about as frequent as the last listed one
MOST_RARE_SURNAMES = 215_000  # of two stems, so that a quarter of a million surnames are borne at all
TAIL_KEY = 0x5DEECE66D  # order of the rare surnames
SEXES = ("male", "female")


@dataclass(frozen=True)
class NameTable:
    """Listed names from number `first` on with their cumulated shares; the rest is a tail from `tail_first` on."""

    first: int
    cumulated: np.ndarray
    tail_first: int
    tail_size: int

    def numbers(self, draws: np.ndarray) -> np.ndarray:
        """Numbers of the names that uniform draws give."""
        listed = float(self.cumulated[-1]) if self.tail_size else 1.0
        number = np.searchsorted(self.cumulated, draws, side="right")
        number = self.first + np.minimum(number, len(self.cumulated) - 1)
        if not self.tail_size:
            return number
        rest = (draws - listed) / (1.0 - listed)
        growth = (self.tail_size + TAIL_OFFSET) / TAIL_OFFSET
        rank = TAIL_OFFSET * growth ** np.clip(rest, 0.0, 1.0) - TAIL_OFFSET
        rank = np.minimum(rank.astype(np.int64), self.tail_size - 1)
        return np.where(draws < listed, number, self.tail_first + rank)


@dataclass(frozen=True)
class Names:
    """All surnames and forenames by number, and the tables they are drawn from."""

    surnames: dict[str, NameTable]  # by origin
    forenames: dict[tuple[str, str, int], NameTable]  # by origin, sex and cohort (position)
    cohorts: tuple[int, ...]  # last year of birth of each cohort
    surname_of: Callable[[np.ndarray], np.ndarray]
    forename_of: Callable[[np.ndarray], np.ndarray]


def _percentages(text: str) -> dict[str, float]:
    pairs = (pair.strip().rsplit(" ", 1) for pair in text.replace("\n", " ").split(",") if pair.strip())
    return {name: float(share) for name, share in pairs}


def origin_shares() -> dict[str, float]:
    """Share of people whose name is drawn from each origin's lists."""
    return {
        origin: sum(share * ORIGINS_BY_ETHNICITY[group].get(origin, 0.0) for group, share in ETHNIC_SHARES.items())
        for origin in ORIGINS
    }


def _british_surname_shares(national: dict[str, float]) -> dict[str, float]:
    """Shares among British surnames that give the national ones (percent) among everybody's.

    Williams and Campbell, say, are Caribbean names too: what other origins bring is taken off.
    """
    of_origin = origin_shares()
    brought = dict.fromkeys(national, 0.0)
    for origin in ORIGINS:
        if origin != BRITISH:
            names, shares = _shares_by_rank(name_lists()[origin]["surnames"], RARE_SHARE.get(origin, 0.0))
            for name, share in zip(names, shares.tolist(), strict=True):
                brought[name] = brought.get(name, 0.0) + of_origin[origin] * share
    among = of_origin[BRITISH] * (1.0 - DOUBLE_BARREL_SHARE)
    return {name: max(share / 100 - brought[name], 0.0) / among for name, share in national.items()}


def _with_listed(head: dict[str, float], section: dict[str, Any], others: list[str]) -> tuple[list[str], np.ndarray]:
    """Names and shares: the head as given, then the other listed names by rank; what is missing to 1 is rare."""
    shares = np.array(list(head.values()))
    rest = [name for name in dict.fromkeys(others) if name not in head]
    falling = 1.0 / (np.arange(len(rest)) + len(head)) ** LISTED_EXPONENT
    left = (1.0 - shares.sum()) * section["listed"] / (section["listed"] + section["rare"])
    return [*head, *rest], np.concatenate([shares, left * falling / falling.sum()])


def _shares_by_rank(names: list[str], rare: float) -> tuple[list[str], np.ndarray]:
    weights = 1.0 / (np.arange(len(names)) + ZIPF_OFFSET)
    return names, (1.0 - rare) * weights / weights.sum()


class _Pool:
    """Names as numbers: listed ones first, tails after; grows while tables are made."""

    def __init__(self) -> None:
        self.listed: list[str] = []
        self.tails: list[tuple[int, int, Callable[[np.ndarray], np.ndarray]]] = []
        self.next_tail = 1_000_000

    def table(self, names: list[str], shares: np.ndarray, tail: tuple[int, Callable] | None) -> NameTable:
        first = len(self.listed)
        self.listed += names
        if tail is None:
            return NameTable(first, np.cumsum(shares), 0, 0)
        size, write = tail
        tail_first, self.next_tail = self.next_tail, self.next_tail + size
        self.tails.append((tail_first, size, write))
        return NameTable(first, np.cumsum(shares), tail_first, size)

    def names_of(self, numbers: np.ndarray) -> np.ndarray:
        """The names of numbers as texts; each distinct number is written once."""
        codes, distinct = pd.factorize(numbers)
        written = np.empty(len(distinct), dtype=object)
        is_listed = distinct < len(self.listed)
        written[is_listed] = np.array(self.listed, dtype=object)[distinct[is_listed]]
        for first, size, write in self.tails:
            at = np.flatnonzero((distinct >= first) & (distinct < first + size))
            written[at] = write(distinct[at] - first)
        return written[codes]


def _surname_tail(origin: str) -> tuple[int, Callable] | None:
    """Rare surnames of stem, link and ending; British ones go on with two stems."""
    if origin not in RARE_SHARE:
        return None
    lists = name_lists()[origin]
    stems, endings = (np.array(lists[part], dtype=object) for part in ("stems", "endings"))
    links = np.array(["", *lists.get("links", [])], dtype=object)
    n_short = len(stems) * len(links) * len(endings)
    n_long = len(stems) * len(stems) * len(endings) if origin == BRITISH else 0
    n_borne = n_short + min(n_long, MOST_RARE_SURNAMES)
    middle = np.concatenate([links, np.array([stem.lower() for stem in stems], dtype=object)])

    def write(rank: np.ndarray) -> np.ndarray:
        is_long = rank >= n_short
        short = permuted(TAIL_KEY, np.minimum(rank, n_short - 1), n_short)
        long = permuted(TAIL_KEY, np.maximum(rank - n_short, 0), n_long) if n_long else short
        index = np.where(is_long, long, short)
        index, ending = np.divmod(index, len(endings))
        stem, second = np.divmod(index, np.where(is_long, len(stems), len(links)))
        return stems[stem] + middle[second + np.where(is_long, len(links), 0)] + endings[ending]

    return n_borne, write


def _forename_tail(rare: dict[str, str], sex: str) -> tuple[int, Callable]:
    stems, endings = (
        np.array([part.strip() for part in rare[kind].replace("\n", " ").split(",") if part.strip()], dtype=object)
        for kind in ("stems", sex)
    )

    def write(rank: np.ndarray) -> np.ndarray:
        stem, ending = np.divmod(permuted(TAIL_KEY, rank, len(stems) * len(endings)), len(endings))
        return stems[stem] + endings[ending]

    return len(stems) * len(endings), write


@cache
def national_names() -> Names:
    """The tables of all origins, sexes and cohorts."""
    shares = tomllib.loads(SHARES_FILE.read_text(encoding="utf-8"))
    surname_pool, forename_pool = _Pool(), _Pool()
    surnames, forenames = {}, {}
    for origin in ORIGINS:
        lists = name_lists()[origin]
        drawn = _shares_by_rank(lists["surnames"], RARE_SHARE.get(origin, 0.0))
        if origin == BRITISH:
            head = _british_surname_shares(_percentages(shares["surnames"]["head"]))
            drawn = _with_listed(head, shares["surnames"], lists["surnames"])
        surnames[origin] = surname_pool.table(*drawn, _surname_tail(origin))
        for sex in SEXES:
            for position, cohort in enumerate(shares["forenames"]):
                drawn, tail = _shares_by_rank(lists[sex], 0.0), None
                if origin == BRITISH:
                    head = {name: share / 100 for name, share in _percentages(cohort[sex]).items()}
                    drawn, tail = _with_listed(head, cohort, lists[sex]), _forename_tail(shares["rare_forenames"], sex)
                forenames[origin, sex, position] = forename_pool.table(*drawn, tail)
    cohorts = tuple(cohort["born_until"] for cohort in shares["forenames"])
    return Names(surnames, forenames, cohorts, surname_pool.names_of, forename_pool.names_of)
