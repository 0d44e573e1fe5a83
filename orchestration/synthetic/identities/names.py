"""Names of invented people, as varied and as unevenly spread as real ones.

Belongs here: drawing surnames and forenames by origin and gender, and the plain form two names are compared
in. Not here: faults and differences of spelling (`spelling.py`), nor who the people are (`people.py`).
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

NAME_LISTS = Path(__file__).with_name("name_lists.toml")
ORIGINS_BY_ETHNICITY: dict[str, dict[str, float]] = {
    "white": {"british": 0.86, "irish": 0.06, "eastern_european": 0.05, "western_european": 0.03},
    "black": {"west_african": 0.40, "caribbean": 0.48, "east_african_arab": 0.12},
    "asian": {"south_asian_muslim": 0.58, "south_asian_other": 0.36, "turkish_chinese": 0.06},
    "mixed": {"british": 0.62, "caribbean": 0.24, "south_asian_muslim": 0.08, "west_african": 0.06},
    "other": {"east_african_arab": 0.50, "turkish_chinese": 0.35, "western_european": 0.15},
}
RARE_SHARE = {"british": 0.45, "eastern_european": 0.35, "west_african": 0.30}
LINKED_SHARE = 0.35  # of rare surnames: a syllable between stem and ending
DOUBLE_BARREL_SHARE = 0.03
N_FORENAMES = (0.25, 0.60, 0.13, 0.02)  # shares of people with 1, 2, 3 and 4 forenames
ZIPF_OFFSET = 15.0  # flattens the head: about 1 in 100 bear the commonest surname
LETTER_FOLDS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ı": "i"}
    | {"Ø": "o", "Ł": "l", "Đ": "d", "Ð": "d", "Æ": "ae", "Œ": "oe", "Þ": "th"}
)
NO_APOSTROPHES = str.maketrans("", "", "'‘’‛`´ʹʼ′＇")
JOINTS = frozenset("-' ")
NOT_LETTERS = re.compile("[^A-Z]+")


@cache
def name_lists() -> dict[str, dict[str, list[str]]]:
    """Origin -> kind (`surnames`, `male`, `female`, `stems` ...) -> names, commonest first."""
    content = tomllib.loads(NAME_LISTS.read_text(encoding="utf-8"))
    return {
        origin: {kind: [name.strip() for name in text.split(",") if name.strip()] for kind, text in kinds.items()}
        for origin, kinds in content.items()
    }


@cache
def nicknames() -> dict[str, str]:
    """Forename -> the familiar form an officer may have recorded in its place."""
    return dict(pair.split(" ") for pair in name_lists()["nicknames"]["pairs"])


def _by_frequency(rng: np.random.Generator, names: list[str], size: int) -> np.ndarray:
    weights = 1.0 / (np.arange(len(names)) + ZIPF_OFFSET)
    return np.array(names, dtype=object)[rng.choice(len(names), size, p=weights / weights.sum())]


def _rare_surnames(rng: np.random.Generator, origin: str, size: int) -> np.ndarray:
    stems, links, endings = (
        np.array(name_lists()[origin].get(part, [""]), dtype=object) for part in ("stems", "links", "endings")
    )
    link = np.where(rng.random(size) < LINKED_SHARE, links[rng.integers(0, len(links), size)], "")
    return stems[rng.integers(0, len(stems), size)] + link + endings[rng.integers(0, len(endings), size)]


def _surnames(rng: np.random.Generator, origin: str, size: int) -> np.ndarray:
    common = _by_frequency(rng, name_lists()[origin]["surnames"], size)
    is_rare = rng.random(size) < RARE_SHARE.get(origin, 0.0)
    if is_rare.any():
        common[is_rare] = _rare_surnames(rng, origin, int(is_rare.sum()))
    return common


def _forenames(rng: np.random.Generator, origin: str, is_female: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First forenames, and the further ones (blank-separated, "" where there are none)."""
    lists, size = name_lists()[origin], len(is_female)

    def draw() -> np.ndarray:
        male, female = (_by_frequency(rng, lists[kind], size) for kind in ("male", "female"))
        return np.where(is_female, female, male)

    first, middle = draw(), np.full(size, "", dtype=object)
    n_further = rng.choice(len(N_FORENAMES), size, p=N_FORENAMES)
    for position in range(1, len(N_FORENAMES)):
        further = draw()
        # a forename is not given twice: "John John" would hide what a lost middle name does
        is_given = (n_further >= position) & (further != first)
        middle = np.where(is_given, middle + np.where(middle == "", "", " ") + further, middle)
    return first, middle


def draw_names(rng: np.random.Generator, gender: np.ndarray, ethnicity: np.ndarray) -> pd.DataFrame:
    """One name a person: surname, first (forename), middle (further forenames), text.

    `gender` and `ethnicity` hold the stored codes; anything else is drawn as the commonest.
    """
    size = len(gender)
    names = pd.DataFrame({column: np.full(size, "", dtype=object) for column in ("surname", "first", "middle")})
    origin = _origins(rng, ethnicity)
    for name in sorted(set(origin)):
        rows = np.flatnonzero(origin == name)
        first, middle = _forenames(rng, name, gender[rows] == "female")
        names.loc[rows, "surname"] = _surnames(rng, name, len(rows))
        names.loc[rows, "first"] = first
        names.loc[rows, "middle"] = middle
    doubled = np.flatnonzero((rng.random(size) < DOUBLE_BARREL_SHARE) & (origin == "british"))
    joiner = np.where(rng.random(len(doubled)) < 0.8, "-", " ")
    second = _surnames(rng, "british", len(doubled))
    names.loc[doubled, "surname"] = names.loc[doubled, "surname"].to_numpy(dtype=object) + joiner + second
    return names


def _origins(rng: np.random.Generator, ethnicity: np.ndarray) -> np.ndarray:
    origin = np.full(len(ethnicity), "", dtype=object)
    known = np.where(np.isin(ethnicity, list(ORIGINS_BY_ETHNICITY)), ethnicity, "white")
    for group, shares in ORIGINS_BY_ETHNICITY.items():
        rows = np.flatnonzero(known == group)
        origin[rows] = rng.choice(np.array(list(shares), dtype=object), len(rows), p=list(shares.values()))
    return origin


def without_accents(name: str) -> str:
    """The name in plain letters, as an older system stores it; case, hyphens and apostrophes stay."""
    if name.isascii():
        return name
    decomposed = unicodedata.normalize("NFKD", name.translate(LETTER_FOLDS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def plain(name: str) -> str:
    """A name as linkage compares it: folded, without accents, A-Z and single blanks only, upper case."""
    if name.isascii() and name.isalpha():
        return name.upper()
    letters = without_accents(name.translate(NO_APOSTROPHES)).upper()
    return letters if letters.isalpha() and letters.isascii() else NOT_LETTERS.sub(" ", letters).strip()


def plain_surname(name: str) -> str:
    """A surname as compared: plain, without blanks."""
    return plain(name).replace(" ", "")


def plain_first(name: str) -> str:
    """A first forename as compared: the first word of the plain form."""
    return plain(name).split(" ")[0]


def each_distinct(function: Callable[[str], str], values: Iterable[str]) -> np.ndarray:
    """`function` of every value, worked out once a distinct value."""
    codes, distinct = pd.factorize(np.asarray(values, dtype=object))
    return np.array([function(value) for value in distinct], dtype=object)[codes]


def without_accents_each(values: np.ndarray) -> np.ndarray:
    """`without_accents` of every name; those in plain letters, most of them, are passed by."""
    written = values.copy()
    marked = np.flatnonzero(~np.fromiter(map(str.isascii, values), dtype=bool, count=len(values)))
    written[marked] = each_distinct(without_accents, values[marked])
    return written


def upper_each(values: np.ndarray) -> np.ndarray:
    """Every name in capitals."""
    written = np.empty(len(values), dtype=object)
    written[:] = list(map(str.upper, values))
    return written


def with_joints(values: np.ndarray) -> np.ndarray:
    """Whether each name holds a hyphen, a blank or an apostrophe."""
    other = np.flatnonzero(~np.fromiter(map(str.isalpha, values), dtype=bool, count=len(values)))
    is_jointed = np.zeros(len(values), dtype=bool)
    is_jointed[other] = [not JOINTS.isdisjoint(name) for name in values[other]]
    return is_jointed
