"""Everybody of an uncalibrated population by number: who they are is worked out from the number when needed.

Belongs here: identities. Numbers from 0 are inspected people, then as many places for their twins, then strangers,
then MOST_RELATIVES places for each inspected person's relatives; identifiers are permutations of the numbers, so that
no two people share one, whatever part of the population is drawn. Names and birthdays are drawn: strangers share them
by chance, as in life. Not here: which records people have (`records.py`), nor what stands in the rows
(`identities/rendering.py`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import gammainc, gammaincinv

from orchestration.synthetic.identities.counters import key_of, permuted, uniforms
from orchestration.synthetic.identities.identifiers import CRN_LETTERS, write_crn_number
from orchestration.synthetic.identities.names import DOUBLE_BARREL_SHARE, N_FORENAMES, ORIGINS_BY_ETHNICITY
from orchestration.synthetic.identities.people import (
    ETHNIC_SHARES,
    FEMALE_SHARE,
    LARGEST_SERIAL,
    PNC_YEARS,
    POPULATION_DATE,
)
from orchestration.synthetic.population.national_names import BRITISH, ORIGINS, SEXES, national_names

ETHNICITIES = tuple(ETHNIC_SHARES)
SAME_SEX_TWINS = 0.65
MOST_RELATIVES = 2  # of an inspected person, in the registers
A_GENERATION_APART = 0.4  # of relatives: a parent or child; the others are siblings
YEARS_APART = {"generation": (20, 35), "siblings": (1, 12)}
# of people whose papers gave a year of birth only, recorded as 1 January of it
FIRST_OF_JANUARY = {"east_african_arab": 0.08, "south_asian_muslim": 0.04, "turkish_chinese": 0.03}
HYPHEN_SHARE = 0.8  # of double-barrelled names, the others are joined by a blank
AGE_SHAPE, AGE_SCALE, YOUNGEST, OLDEST = 2.0, 8.0, 18, 88
ACTIVITY_SHAPE = 1.2  # of the gamma distribution of records a person
GRID = np.linspace(0.0, 1.0, 8193)
AGES = AGE_SCALE * gammaincinv(AGE_SHAPE, np.minimum(GRID, 1 - 1e-9))
CUMULATED_ACTIVITY = gammainc(ACTIVITY_SHAPE + 1, gammaincinv(ACTIVITY_SHAPE, np.minimum(GRID, 1 - 1e-12)))


@dataclass(frozen=True)
class Register:
    """Everybody: inspected people as drawn with their cases, and how many others there are.

    `female` (bool), `ethnicity` (position in ETHNICITIES) and `born` (datetime64[D]) are of the inspected people.
    """

    seed: int
    female: np.ndarray
    ethnicity: np.ndarray
    born: np.ndarray
    n_strangers: int

    @property
    def n_inspected(self) -> int:
        """How many people were inspected."""
        return len(self.born)

    @property
    def first_stranger(self) -> int:
        """Number of the first person who is neither inspected nor such a one's twin."""
        return 2 * self.n_inspected

    @property
    def n_people(self) -> int:
        """Numbers in use, those of twins and relatives that are not there included."""
        return self.first_relative + MOST_RELATIVES * self.n_inspected

    @property
    def first_relative(self) -> int:
        """Number of the first relative: those of the inspected people in their order, then their second ones."""
        return self.first_stranger + self.n_strangers

    def is_stranger(self, numbers: np.ndarray) -> np.ndarray:
        """Whether people are neither inspected nor kin of such a one."""
        return (numbers >= self.first_stranger) & (numbers < self.first_relative)

    def member_of_household(self, numbers: np.ndarray) -> np.ndarray:
        """0 for inspected people, from 1 for their relatives; -1 for everybody else."""
        relative = 1 + (numbers - self.first_relative) // max(self.n_inspected, 1)
        return np.where(numbers < self.n_inspected, 0, np.where(numbers >= self.first_relative, relative, -1))

    def in_household(self, family: np.ndarray, member: np.ndarray | int) -> np.ndarray:
        """The number of a member of the household of inspected people: 0 themselves, from 1 their relatives."""
        return np.where(member == 0, family, self.first_relative + (member - 1) * self.n_inspected + family)

    def family(self, numbers: np.ndarray) -> np.ndarray:
        """The inspected person whose twin or relative somebody is; everybody else themselves."""
        is_twin, is_relative = self._is_twin(numbers), numbers >= self.first_relative
        relative_of = (numbers - self.first_relative) % max(self.n_inspected, 1)
        return np.where(is_twin, numbers - self.n_inspected, np.where(is_relative, relative_of, numbers))

    def _is_twin(self, numbers: np.ndarray) -> np.ndarray:
        return (numbers >= self.n_inspected) & (numbers < self.first_stranger)

    def draw(self, purpose: str, numbers: np.ndarray) -> np.ndarray:
        """One uniform draw a person for a purpose."""
        return uniforms(key_of(self.seed, purpose), numbers)

    def pick_strangers(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """People who were not inspected, each as often as active: most have one or two records, some many."""
        rank = np.interp(rng.random(size), CUMULATED_ACTIVITY, GRID)
        return self.first_stranger + np.minimum((rank * self.n_strangers).astype(np.int64), self.n_strangers - 1)

    def people(self, numbers: np.ndarray) -> pd.DataFrame:
        """Identities in the order of `numbers`: surname, first, middle, dob, pnc_year, pnc_serial, crn."""
        family = self.family(numbers)
        elder_female, ethnicity, elder_born = self._attributes(family)
        female, born = self._of_kin(numbers, family, elder_female, elder_born)
        origin = self._origins(family, ethnicity)
        born = self._as_recorded(family, origin, born)
        elder_female = np.where(self._is_twin(numbers), female, elder_female)
        first = self._first_forenames(numbers, family, origin, (female, born), (elder_female, elder_born))
        names = self._names(numbers, family, origin, female, _cohort(born), first)
        year, serial = self._pncs(numbers, born)
        crn = write_crn_number(permuted(key_of(self.seed, "crn"), numbers, len(CRN_LETTERS) * 1_000_000))
        texts = {name: pd.Series(text, dtype=object) for name, text in (names | {"crn": crn}).items()}
        return pd.DataFrame({**texts, "dob": born.astype("datetime64[s]"), "pnc_year": year, "pnc_serial": serial})

    def _attributes(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Sex, ethnicity and birth: drawn with the case for inspected people, else from the number."""
        female = self.draw("sex", numbers) < FEMALE_SHARE
        edges = np.cumsum(list(ETHNIC_SHARES.values()))[:-1]
        ethnicity = np.searchsorted(edges, self.draw("ethnicity", numbers), side="right")
        age = np.minimum(YOUNGEST + np.interp(self.draw("age", numbers), GRID, AGES), OLDEST)
        born = POPULATION_DATE - (age * 365.2425).astype(np.int64)
        known = np.flatnonzero(numbers < self.n_inspected)
        case = numbers[known]
        female[known], ethnicity[known], born[known] = self.female[case], self.ethnicity[case], self.born[case]
        return female, ethnicity, born

    def _of_kin(
        self, numbers: np.ndarray, family: np.ndarray, female: np.ndarray, born: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Sex and birth, from those of the family's inspected person: twins share the birthday, relatives neither."""
        changes_sex = self._is_twin(numbers) & (self.draw("twin of other sex", family) >= SAME_SEX_TWINS)
        female, born = female ^ changes_sex, born.copy()
        at = np.flatnonzero(numbers >= self.first_relative)
        female[at] = self.draw("sex", numbers[at]) < FEMALE_SHARE
        born[at] = self._births_of_relatives(numbers[at], born[at])
        return female, born

    def _births_of_relatives(self, numbers: np.ndarray, born: np.ndarray) -> np.ndarray:
        """A generation or some years before or after the other's birth: no child's, and nobody's past OLDEST."""
        is_generation = self.draw("a generation apart", numbers) < A_GENERATION_APART
        fewest, most = (np.where(is_generation, *years) for years in zip(*YEARS_APART.values(), strict=True))
        years = fewest + self.draw("years apart", numbers) * (most - fewest)
        apart = np.maximum(years * 365.2425, 1).astype(np.int64)
        younger, older = born + apart, born - apart
        youngest = POPULATION_DATE - round(YOUNGEST * 365.2425)
        oldest = POPULATION_DATE - round(OLDEST * 365.2425)
        is_younger = (self.draw("younger relative", numbers) < 0.5) | (older < oldest)
        return np.where(is_younger & (younger <= youngest), younger, older)

    def _origins(self, numbers: np.ndarray, ethnicity: np.ndarray) -> np.ndarray:
        """Origin of the name (position in ORIGINS)."""
        draw, origin = self.draw("origin", numbers), np.zeros(len(numbers), dtype=np.int64)
        for position, group in enumerate(ETHNICITIES):
            shares = ORIGINS_BY_ETHNICITY[group]
            of = np.array([ORIGINS.index(name) for name in shares])
            rows = np.flatnonzero(ethnicity == position)
            origin[rows] = of[np.searchsorted(np.cumsum(list(shares.values()))[:-1], draw[rows], side="right")]
        return origin

    def _as_recorded(self, numbers: np.ndarray, origin: np.ndarray, born: np.ndarray) -> np.ndarray:
        share = np.array([FIRST_OF_JANUARY.get(name, 0.0) for name in ORIGINS])[origin]
        is_year_only = self.draw("year of birth only", numbers) < share
        return np.where(is_year_only, born.astype("datetime64[Y]").astype("datetime64[D]"), born)

    def _names(
        self,
        numbers: np.ndarray,
        family: np.ndarray,
        origin: np.ndarray,
        female: np.ndarray,
        cohort: np.ndarray,
        first: np.ndarray,
    ) -> dict[str, np.ndarray]:
        tables = national_names()
        surname = tables.surname_of(self._surnames("surname", family, origin))
        doubled = np.flatnonzero(
            (origin == ORIGINS.index(BRITISH)) & (self.draw("double name", family) < DOUBLE_BARREL_SHARE)
        )
        second = tables.surname_of(self._surnames("second surname", family[doubled], origin[doubled]))
        joiner = np.where(self.draw("joiner", family[doubled]) < HYPHEN_SHARE, "-", " ").astype(object)
        surname[doubled] = surname[doubled] + joiner + second
        middle = self._further(numbers, first, origin, female, cohort)
        return {"surname": surname, "first": tables.forename_of(first), "middle": middle}

    def _first_forenames(
        self,
        numbers: np.ndarray,
        family: np.ndarray,
        origin: np.ndarray,
        own: tuple[np.ndarray, np.ndarray],
        elder: tuple[np.ndarray, np.ndarray],
    ) -> np.ndarray:
        """First forenames by sex and birth (`own`); kin who drew the inspected person's (`elder`) draw again."""
        female, cohort = own[0], _cohort(own[1])
        first = self._forenames("first", numbers, origin, female, cohort)
        kin = np.flatnonzero(family != numbers)
        elder_first = self._forenames("first", family[kin], origin[kin], elder[0][kin], _cohort(elder[1][kin]))
        # a name of two cohorts has two numbers
        again = kin[national_names().forename_of(first[kin]) == national_names().forename_of(elder_first)]
        first[again] = self._forenames("first of twin", numbers[again], origin[again], female[again], cohort[again])
        return first

    def _surnames(self, purpose: str, numbers: np.ndarray, origin: np.ndarray) -> np.ndarray:
        draw, name = self.draw(purpose, numbers), np.zeros(len(numbers), dtype=np.int64)
        for position, known in enumerate(ORIGINS):
            rows = np.flatnonzero(origin == position)
            name[rows] = national_names().surnames[known].numbers(draw[rows])
        return name

    def _forenames(
        self, purpose: str, numbers: np.ndarray, origin: np.ndarray, female: np.ndarray, cohort: np.ndarray
    ) -> np.ndarray:
        draw, name = self.draw(purpose, numbers), np.zeros(len(numbers), dtype=np.int64)
        n_cohorts = len(national_names().cohorts)
        group = (origin * 2 + female) * n_cohorts + cohort
        for (known, sex, position), table in national_names().forenames.items():
            wanted = (ORIGINS.index(known) * 2 + SEXES.index(sex)) * n_cohorts + position
            rows = np.flatnonzero(group == wanted)
            name[rows] = table.numbers(draw[rows])
        return name

    def _further(
        self, numbers: np.ndarray, first: np.ndarray, origin: np.ndarray, female: np.ndarray, cohort: np.ndarray
    ) -> np.ndarray:
        """Further forenames, blank-separated; a forename is not given twice."""
        edges = np.cumsum(N_FORENAMES)[:-1]
        n_further = np.searchsorted(edges, self.draw("number of forenames", numbers), side="right")
        middle = np.full(len(numbers), "", dtype=object)
        for position in range(1, len(N_FORENAMES)):
            rows = np.flatnonzero(n_further >= position)
            name = self._forenames(f"forename {position}", numbers[rows], origin[rows], female[rows], cohort[rows])
            is_new = name != first[rows]
            rows, given = rows[is_new], national_names().forename_of(name[is_new])
            joiner = np.where(middle[rows] == "", "", " ").astype(object)
            middle[rows] = middle[rows] + joiner + given
        return middle

    def _pncs(self, numbers: np.ndarray, born: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Year and serial: serials are given out twice, in years that differ in being even or odd."""
        shuffled = permuted(key_of(self.seed, "pnc"), numbers, 2 * LARGEST_SERIAL)
        serial, is_odd = shuffled // 2 + 1, shuffled % 2
        first_arrest = born.astype("datetime64[Y]").astype(np.int64) + 1970 + 13
        first_arrest = first_arrest - (7.0 * np.log1p(-self.draw("first arrest", numbers))).astype(np.int64)
        year = np.clip(first_arrest, *PNC_YEARS)
        year = np.where(year % 2 == is_odd, year, np.where(year == PNC_YEARS[0], year + 1, year - 1))
        return year, serial


def _cohort(born: np.ndarray) -> np.ndarray:
    """The cohort of births whose forenames somebody has."""
    return np.searchsorted(national_names().cohorts, born.astype("datetime64[Y]").astype(np.int64) + 1970)
