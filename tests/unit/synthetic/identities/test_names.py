"""Names are varied, unevenly spread, and spelled in ways that do or do not survive normalising."""

import numpy as np
import pytest

from orchestration.synthetic.identities.names import (
    draw_names,
    nicknames,
    plain,
    plain_first,
    plain_surname,
    without_accents,
)
from orchestration.synthetic.identities.people import can_swap, draw_strangers, twins_of
from orchestration.synthetic.identities.spelling import (
    initials,
    is_near,
    other_forename_joints,
    other_joints,
    typing_fault,
    unlike_surname,
    wrong_first,
    wrong_surname,
)
from tests.unit.synthetic import short_linkage


@pytest.fixture(scope="module")
def names():
    rng = np.random.default_rng(1)
    size = 30_000
    gender = rng.choice(["male", "female"], size)
    ethnicity = rng.choice(
        ["white", "black", "asian", "mixed", "other", ""], size, p=[0.8, 0.05, 0.08, 0.03, 0.02, 0.02]
    )
    return draw_names(rng, gender, ethnicity)


def test_surnames_are_as_varied_as_in_a_large_population(names):
    surnames = names["surname"].map(plain_surname)
    assert surnames.nunique() > 5_000
    assert 0.005 < surnames.value_counts(normalize=True).iloc[0] < 0.03


def test_names_hold_no_digits_and_survive_as_names(names):
    for column in ("surname", "first"):
        distinct = names[column].drop_duplicates()
        assert not distinct.str.contains(r"\d").any()
        assert all(len(short_linkage.plain(name)) > 1 for name in distinct)


@pytest.mark.parametrize("mark", ["'", "-", " ", "ł", "é", "ó", "Ş"])
def test_names_hold_the_marks_that_systems_write_differently(names, mark):
    assert names["surname"].str.contains(mark).sum() + names["first"].str.contains(mark).sum() >= 3


def test_people_have_one_or_more_forenames(names):
    n_further = names["middle"].str.split().str.len()
    assert 0.15 < (n_further == 0).mean() < 0.35
    assert (n_further >= 2).mean() > 0.05


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("O'Brien", "OBRIEN"),
        ("O’Brien", "OBRIEN"),
        ("Łukasz Çelik", "LUKASZ CELIK"),
        ("Jørgensen-Smith", "JORGENSEN SMITH"),
        ("Weiß", "WEISS"),
        ("Yılmaz", "YILMAZ"),
        ("St. Louis", "ST LOUIS"),
    ],
)
def test_the_plain_form_is_what_linkage_compares(name, expected):
    assert plain(name) == expected == short_linkage.plain(name)


def test_other_joints_and_lost_accents_never_change_what_is_compared(names):
    rng = np.random.default_rng(2)
    for name in names["surname"].drop_duplicates():
        assert plain_surname(other_joints(name, rng)) == plain_surname(name)
        assert plain_surname(without_accents(name)) == plain_surname(name.upper()) == plain_surname(name)
    for name in names["first"].drop_duplicates():
        assert plain(other_forename_joints(name, rng)) == plain(name)


def test_faults_always_change_what_is_compared_and_leave_a_name(names):
    rng = np.random.default_rng(3)
    for name in names["surname"].drop_duplicates().iloc[:3000]:
        for faulty in (typing_fault(name, rng, plain_surname), wrong_surname(name, name, rng)):
            assert plain_surname(faulty) not in ("", plain_surname(name))
    for name in names["first"].drop_duplicates():
        assert plain_first(wrong_first(name, rng)) not in ("", plain_first(name))


def test_a_nickname_is_another_name():
    assert all(plain_first(name) != plain_first(familiar) for name, familiar in nicknames().items())


def test_initials_are_first_letters():
    assert initials("Łukasz Jean-Paul") == "L J"
    assert initials("") == ""


def test_names_are_near_where_plain_loops_find_them_near():
    names = ["TIM", "TOM", "ANNA", "ANNAS", "ANA", "NANA", "ANAN", "BANNA", "SMITH", "SMIHT", "SMITHJONES", "SMOTE"]
    for one in names:
        for other in names:
            is_near_here = is_near(one, other)
            assert is_near_here == is_near(other, one)
            # the generator keeps clear of short names too, in which the method sees no fault
            assert is_near_here or not short_linkage.near(one, other)
            if max(len(one), len(other)) >= 4:
                assert is_near_here == short_linkage.near(one, other)


def test_a_surname_unlike_the_persons_is_never_near_it():
    rng = np.random.default_rng(5)
    others = np.array(["Smith", "Smyth", "Smithson", "Smiht", "Taylor"], dtype=object)
    assert {unlike_surname("Smith", others, rng) for _ in range(50)} == {"Taylor"}


def test_twins_share_surname_and_birthday_but_no_forename():
    rng = np.random.default_rng(4)
    people = draw_strangers(rng, 500)
    twins = twins_of(rng, people, np.arange(300))
    assert (twins["plain_surname"] == people["plain_surname"].iloc[:300]).all()
    assert (twins["dob"] == people["dob"].iloc[:300]).all()
    pairs = list(zip(twins["plain_first"], people["plain_first"].iloc[:300], strict=True))
    assert all(one != other and not short_linkage.near(one, other) for one, other in pairs)


def test_only_single_words_can_be_swapped(names):
    swappable = names[can_swap(names)]
    assert 0.8 < len(swappable) / len(names) < 1
    words = swappable["surname"].map(plain).str.split().str.len()
    assert (words == 1).all()
