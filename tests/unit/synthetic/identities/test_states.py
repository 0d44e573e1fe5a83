"""The generator's idea of what links agrees with what the written rows link to."""

import numpy as np
import pandas as pd
import pytest

from orchestration.synthetic.extracts.planning import draw_states
from orchestration.synthetic.identities.people import can_swap, draw_strangers, with_identifiers
from orchestration.synthetic.identities.rendering import render
from orchestration.synthetic.identities.shares import RowFaults, Writing
from orchestration.synthetic.identities.states import FIELDS, RULES, WRONG, clean_states, deciding_rule
from tests.unit.synthetic.short_linkage import compare, normalised

FAULTY = RowFaults(*[0.12, 0.08, 0.08] * 2, *[0.12, 0.06, 0.15] * 2, 0.06, 0.2, 0.15, 0.15)
SIZE = 6_000


@pytest.fixture(scope="module")
def pairs():
    """Case and record states of the same people, heavily spoiled, and the first exact rule their text satisfies."""
    rng = np.random.default_rng(5)
    people = with_identifiers(rng, draw_strangers(rng, 2 * SIZE))
    swappable = can_swap(people)[:SIZE]
    sides = [draw_states(rng, SIZE, FAULTY) for _ in range(2)]
    sides[0]["swapped"] &= swappable
    sides[1]["swapped"] &= swappable & ~sides[0]["swapped"]
    text = []
    for source, states, donor in zip(("inspections", "reoffending"), sides, (SIZE, SIZE + 1), strict=True):
        # people 0 to SIZE-1; their identifiers are mistaken for the next thousands', another's on either side
        rows = states.assign(person=np.arange(SIZE), donor=donor + (np.arange(SIZE) % (SIZE - 1)))
        written = render(rng, source, rows, people, Writing())
        written["date_of_birth"] = written["date_of_birth"].dt.strftime("%Y-%m-%d").fillna("")
        written["start_date"] = written["index_date"] = "2018-05-01"
        text.append([normalised(row, source) for row in written.to_dict("records")])
    satisfied = [compare(case, record)[0] for case, record in zip(*text, strict=True)]
    return sides, np.array([min(ranks & set(range(1, len(RULES) + 1)), default=0) for ranks in satisfied])


def test_a_pair_said_to_link_links_by_that_rule_or_a_better_one(pairs):
    (case, record), found = pairs
    said = deciding_rule(case, record)
    assert (said > 0).mean() > 0.4
    linked = said > 0
    assert ((found[linked] > 0) & (found[linked] <= said[linked])).all()


def test_a_pair_said_not_to_link_does_not(pairs):
    (case, record), found = pairs
    # two rows wrong in the same field may by chance be wrong alike
    both_wrong = np.logical_or.reduce([(case[f] == WRONG) & (record[f] == WRONG) for f in FIELDS])
    unlinked = (deciding_rule(case, record) == 0) & ~both_wrong
    assert unlinked.sum() > 300
    assert (found[unlinked] == 0).all()


@pytest.mark.parametrize(
    ("case", "record", "rule"),
    [
        pytest.param({}, {}, "pnc_dob_surname", id="nothing wrong"),
        pytest.param({}, {"surname": 3}, "pnc_dob", id="another surname"),
        pytest.param({"dob": 0}, {}, "pnc_surname", id="no birthday"),
        pytest.param({"pnc": 0}, {}, "crn_dob", id="no PNC identifier"),
        pytest.param({"pnc": 1, "dob": 0}, {}, "crn_surname", id="PNC identifier malformed, no birthday"),
        pytest.param({"pnc": 0}, {"crn": 0}, "surname_forenames_dob", id="names and birthday only"),
        pytest.param({"pnc": 0, "forenames": 4}, {"crn": 0}, "surname_forename_dob", id="middle names lost"),
        pytest.param({"pnc": 0, "crn": 0}, {"swapped": True}, "swapped_names_dob", id="swapped"),
        pytest.param({"dob": 0}, {"surname": 3}, "pnc", id="first forename agrees"),
        pytest.param({"dob": 0, "pnc": 0}, {"surname": 3}, "crn", id="CRN and first forename"),
        pytest.param({"pnc": 3}, {}, "crn_dob", id="veto lifted by CRN and birthday"),
        pytest.param({"pnc": 3, "crn": 0}, {}, None, id="vetoed"),
        pytest.param({"dob": 0}, {"surname": 3, "forenames": 3}, None, id="contradicted"),
    ],
)
def test_the_deciding_rule_of_one_fault(case, record, rule):
    sides = [pd.concat([clean_states(1)]).assign(**states) for states in (case, record)]
    rank = deciding_rule(*sides)[0]
    assert (RULES[rank - 1][0] if rank else None) == rule
