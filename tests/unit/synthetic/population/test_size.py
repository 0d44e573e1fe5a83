"""What an uncalibrated population may be asked for."""

from dataclasses import replace

import pytest

from orchestration.errors import PipelineError
from orchestration.synthetic.identities.shares import REOFFENDING
from orchestration.synthetic.population.size import DIRTIER, MOST_PEOPLE, NATIONAL, Population, require_drawable, scaled


def test_the_dirtier_population_has_three_times_the_blemishes_and_more_twins():
    usual = Population()
    for source in ("inspections", "terminations", "reoffending"):
        assert DIRTIER.faults(source).pnc_missing == pytest.approx(3 * usual.faults(source).pnc_missing)
        assert DIRTIER.faults(source).surname_wrong == pytest.approx(3 * usual.faults(source).surname_wrong)
    assert DIRTIER.twins == 3 * usual.twins
    assert (DIRTIER.n_cases, DIRTIER.n_terminations, DIRTIER.n_reoffending) == (3308, 60_000, 200_000)


def test_what_a_source_lacks_by_nature_is_not_scaled():
    assert scaled(REOFFENDING, 3.0).crn_missing == REOFFENDING.crn_missing


def test_no_share_passes_nine_in_ten_however_dirty():
    assert max(vars(scaled(REOFFENDING, 1000.0)).values()) <= 0.97


def test_no_blemishes_are_none():
    assert set(vars(Population(blemishes=0.0).faults("terminations")).values()) == {0.0}


HUNDRED_MILLION = replace(NATIONAL, n_reoffending=100_000_000, stranger_records=3.5)


@pytest.mark.parametrize(
    "population", [DIRTIER, NATIONAL, replace(NATIONAL, n_reoffending=20_000_000), HUNDRED_MILLION]
)
def test_presets_and_registers_of_twenty_and_a_hundred_million_can_be_drawn(population):
    require_drawable(population)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n_cases": 0}, "no case"),
        ({"n_reoffending": -1}, "negative size"),
        ({"n_reoffending": 3 * MOST_PEOPLE}, "more than there are distinct CRNs"),
        ({"twins": 1.2}, "twins is no share"),
        ({"blemishes": -1.0}, "blemishes is no share"),
        ({"stranger_records": 0.0}, "strangers have no records"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(changes, message):
    with pytest.raises(PipelineError, match=message):
        require_drawable(replace(Population(), **changes))
