"""Everybody by number: names at national frequency, identifiers of their own, namesakes by chance."""

import numpy as np
import pandas as pd
import pytest

from orchestration.synthetic.identities.identifiers import check_letter
from orchestration.synthetic.identities.people import LARGEST_SERIAL
from orchestration.synthetic.population.register import Register
from orchestration.synthetic.population.size import MOST_PEOPLE
from tests.unit.synthetic.short_linkage import plain, valid_pnc

N_PEOPLE = 300_000


def register(n_inspected: int = 0, n_strangers: int = N_PEOPLE, seed: int = 4) -> Register:
    rng = np.random.default_rng(seed)
    born = np.datetime64("1970-01-01") + rng.integers(0, 9000, n_inspected)
    return Register(seed, rng.random(n_inspected) < 0.15, np.zeros(n_inspected, dtype=int), born, n_strangers)


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return register().people(np.arange(N_PEOPLE))


@pytest.mark.parametrize(
    ("surname", "percent"),
    [
        ("Smith", 1.20),
        ("Jones", 0.90),
        ("Williams", 0.62),
        ("Brown", 0.58),
        ("Taylor", 0.56),
        ("Evans", 0.38),
        ("Davis", 0.16),
    ],
)
def test_the_commonest_surnames_have_their_national_shares(people, surname, percent):
    share = (people["surname"] == surname).mean() * 100
    assert share == pytest.approx(percent, abs=0.02 + 5 * (percent / 100 / N_PEOPLE) ** 0.5 * 100)


def test_the_commonest_surnames_cover_about_as_much_as_in_britain(people):
    shares = people["surname"].value_counts(normalize=True)
    assert 0.18 < shares.iloc[:100].sum() < 0.27
    assert 0.38 < shares.iloc[:500].sum() < 0.50


def test_ten_times_the_people_have_several_times_the_surnames(people):
    n_few, n_many = people["surname"].iloc[:30_000].nunique(), people["surname"].nunique()
    assert n_few > 10_000
    assert n_many > 3 * n_few


@pytest.mark.parametrize(
    ("first_year", "last_year", "name", "percent"),
    [
        pytest.param(1930, 1964, "David", 5.6, id="born before 1965"),
        pytest.param(1965, 1979, "Paul", 4.6, id="born 1965 to 1979"),
        pytest.param(1980, 1990, "Christopher", 3.9, id="born 1980 to 1990"),
        pytest.param(1991, 2000, "Thomas", 3.2, id="born since 1991"),
    ],
)
def test_the_commonest_forename_is_that_of_the_cohort(people, first_year, last_year, name, percent):
    cohort = people[people["dob"].dt.year.between(first_year, last_year)]
    share = (cohort["first"] == name).mean() * 100
    british_men = 0.733 * 0.85  # of everybody; other origins bear some of the names too
    assert percent * british_men - 0.3 < share < percent * british_men + 0.6


def test_no_name_holds_a_digit_and_all_survive_normalising(people):
    for column in ("surname", "first"):
        distinct = people[column].drop_duplicates()
        assert not distinct.str.contains(r"\d").any()
        assert distinct.map(lambda name: len(plain(name))).min() > 1
    assert not people["middle"].str.contains(r"\d").any()


def test_strangers_share_full_name_and_birthday_by_chance_about_as_often_as_expected(people):
    same = people.groupby(["surname", "first", "dob"]).size()
    pairs = (same * (same - 1) / 2).sum()
    names = people.groupby(["surname", "first"]).size()
    of_one_name = (names * (names - 1.0) / 2).sum()
    assert 0.3 * of_one_name / 15_000 < pairs < 3 * of_one_name / 15_000
    assert pairs >= 10


def test_nobody_shares_an_identifier_and_every_check_letter_is_right(people):
    assert not people.duplicated(["pnc_year", "pnc_serial"]).any()
    assert not people["crn"].duplicated().any()
    assert people["crn"].str.fullmatch(r"[A-Z]\d{6}").all()
    year, serial = people["pnc_year"].to_numpy()[:2000], people["pnc_serial"].to_numpy()[:2000]
    letters = check_letter(year, serial)
    written = [f"{y}/{s:07d}{a}" for y, s, a in zip(year, serial, letters, strict=True)]
    assert [valid_pnc(text) for text in written] == written


def test_identifiers_stay_distinct_where_serials_are_given_out_a_second_time():
    drawn = register(n_strangers=MOST_PEOPLE)
    people = drawn.people(np.unique(np.random.default_rng(1).integers(0, MOST_PEOPLE, 80_000)))
    assert people["pnc_serial"].between(1, LARGEST_SERIAL).all()
    assert people["pnc_serial"].duplicated().any()
    assert not people.duplicated(["pnc_year", "pnc_serial"]).any()
    assert not people["crn"].duplicated().any()


def test_a_person_is_the_same_in_whatever_company_asked_for():
    drawn = register(n_inspected=500)
    everybody = drawn.people(np.arange(5000))
    some = np.array([4999, 0, 700, 17, 700])
    pd.testing.assert_frame_equal(drawn.people(some), everybody.iloc[some].reset_index(drop=True))


def test_inspected_people_are_as_drawn_with_their_cases():
    drawn = register(n_inspected=400)
    is_kept = drawn.people(np.arange(400))["dob"].to_numpy().astype("datetime64[D]") == drawn.born
    assert is_kept.all()


def test_twins_share_surname_and_birthday_and_have_other_forenames_and_identifiers():
    drawn = register(n_inspected=3000)
    elder, younger = drawn.people(np.arange(3000)), drawn.people(np.arange(3000, 6000))
    assert (elder["surname"] == younger["surname"]).all()
    assert (elder["dob"] == younger["dob"]).all()
    assert (elder["first"] == younger["first"]).mean() < 0.005
    assert not (elder["crn"] == younger["crn"]).any()


def test_records_are_unevenly_spread_over_people():
    drawn = register(n_strangers=10_000)
    picked = drawn.pick_strangers(np.random.default_rng(1), 24_000) - drawn.first_stranger
    counts = np.bincount(picked, minlength=10_000)
    assert counts.mean() == 2.4
    assert 1.5 < counts.var() / counts.mean() < 4.5  # 1 + mean / 1.2 = 3: gamma mixed with Poisson
    assert counts.max() > 12
