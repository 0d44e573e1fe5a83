"""Types of offences differ by age and sex as the table says, and by nothing else."""

import csv

import numpy as np
import pytest

from orchestration.settings import CODES_DIR
from orchestration.synthetic.extracts.offence_kinds import TYPES, draw_codes, draw_proofs, groups_of_people

with TYPES.open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
AGES = {"under_25": 24.9, "from_40": 40.0, None: 25.0}


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("is_female", [False, True])
def test_each_group_of_people_draws_as_the_table_says(age, is_female):
    wanted = [
        float(row["share"]) * (float(row[age]) if age else 1) * (float(row["women"]) if is_female else 1)
        for row in ROWS
    ]
    size = 200_000
    people = groups_of_people(np.full(size, AGES[age]), np.full(size, is_female))
    drawn = draw_codes(np.random.default_rng(5), people)
    for row, share in zip(ROWS, wanted, strict=True):
        assert np.mean(drawn == row["offence_code"]) == pytest.approx(share / sum(wanted), abs=0.004)


def test_without_a_birthday_it_is_somebody_from_25_to_39():
    assert groups_of_people(np.array([np.nan, 30.0]), np.array([True, True])).tolist() == [3, 3]


def test_whose_offences_they_are_moves_no_day_of_proof():
    """The measure is the same by either road because days do not depend on types."""
    days = []
    for group in (0, 5):
        rng = np.random.default_rng(8)
        codes = draw_codes(rng, np.full(1_000, group))
        days.append(draw_proofs(rng, np.arange(1_000) % 300, codes)[0])
    assert (days[0] == days[1]).all()


def test_every_type_counts_and_is_called_what_the_reference_table_calls_it():
    with (CODES_DIR / "offence_codes.csv").open(encoding="utf-8") as file:
        known = {row["offence_code"]: row for row in csv.DictReader(file)}
    for row in ROWS:
        found = known.get(row["offence_code"]) or known[row["offence_code"][:3]]
        assert found["counts_as_reoffence"] == "true"
        assert found["offence_group"] != "unknown"
