"""Households: relatives of one surname, and the numbers that are typed on another's file."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from orchestration.synthetic.identities.states import MISSING, RIGHT, WRONG
from orchestration.synthetic.population.households import exchange_numbers, n_relatives
from orchestration.synthetic.population.register import MOST_RELATIVES, Register
from orchestration.synthetic.population.size import DIRTIER, NATIONAL, Population

N_INSPECTED = 3000
HALF = Population(households=0.5, household_numbers=0.2)
INSPECTED = np.arange(N_INSPECTED)


@pytest.fixture(scope="module")
def register() -> Register:
    rng = np.random.default_rng(4)
    born = np.datetime64("1970-01-01") + rng.integers(0, 9000, N_INSPECTED)
    british = np.zeros(N_INSPECTED, dtype=int)
    return Register(4, rng.random(N_INSPECTED) < 0.15, british, born, n_strangers=5000)


def rows(person: np.ndarray) -> pd.DataFrame:
    clean = pd.DataFrame({"person": person, "donor": -1, "pnc": RIGHT, "crn": RIGHT})
    return clean.assign(crn=np.where(np.arange(len(person)) % 3 == 0, MISSING, RIGHT))


def test_the_dirtier_population_has_households_and_no_other():
    assert DIRTIER.households > 0
    assert Population().households == NATIONAL.households == 0


def test_relatives_share_the_surname_and_neither_forename_birthday_nor_number(register):
    own = register.people(INSPECTED)
    for member in range(1, 1 + MOST_RELATIVES):
        relatives = register.people(register.in_household(INSPECTED, member))
        assert (relatives["surname"] == own["surname"]).all()
        assert (relatives["first"] == own["first"]).mean() < 0.005
        # two of whom nothing but the year is on paper can both be recorded as born on 1 January of one year
        assert (relatives["dob"] == own["dob"]).mean() < 0.005
        assert not relatives["crn"].isin(own["crn"]).any()
        assert relatives["dob"].between("1928-01-01", "2000-06-01").all()


def test_whose_household_somebody_is_of_is_told_by_the_number(register):
    for member in range(1 + MOST_RELATIVES):
        numbers = register.in_household(INSPECTED, member)
        assert (register.member_of_household(numbers) == member).all()
        assert (register.family(numbers) == INSPECTED).all()
    others = np.arange(N_INSPECTED, register.first_relative)  # twins' places and strangers
    assert (register.member_of_household(others) == -1).all()


def test_a_number_of_another_of_the_household_stands_in_the_share_asked_for(register):
    has_some = INSPECTED[n_relatives(register, INSPECTED, HALF) > 0]
    assert len(has_some) / N_INSPECTED == pytest.approx(0.5, abs=0.04)
    given = rows(np.concatenate([register.in_household(has_some, member) for member in (0, 1)]))
    found = exchange_numbers(np.random.default_rng(1), given, register, HALF)
    wrong = found[(found["pnc"] == WRONG) | (found["crn"] == WRONG)]
    assert len(wrong) / len(found) == pytest.approx(HALF.household_numbers, abs=0.03)
    assert ((wrong["pnc"] == WRONG) ^ (wrong["crn"] == WRONG)).all()
    assert (found["crn"][given["crn"] == MISSING] == MISSING).all()
    assert (register.family(wrong["donor"].to_numpy()) == register.family(wrong["person"].to_numpy())).all()
    assert (wrong["donor"] != wrong["person"]).all()
    pd.testing.assert_frame_equal(found.drop(index=wrong.index), given.drop(index=wrong.index))


@pytest.mark.parametrize("population", [replace(HALF, households=0.0), replace(HALF, household_numbers=0.0)])
def test_without_households_or_errors_every_row_stays_as_it_was(register, population):
    given = rows(np.arange(register.n_people))
    pd.testing.assert_frame_equal(exchange_numbers(np.random.default_rng(1), given, register, population), given)


def test_without_households_nothing_is_drawn(register):
    rng, untouched = np.random.default_rng(1), np.random.default_rng(1)
    exchange_numbers(rng, rows(INSPECTED), register, Population())
    assert rng.random() == untouched.random()
