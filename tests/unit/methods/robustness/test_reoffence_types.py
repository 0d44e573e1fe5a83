"""Type, severity, models and other measures of reoffences, against plain loops on the example cases."""

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.robustness.reoffence_models import reoffence_models
from orchestration.methods.robustness.reoffence_types import severity_table, type_table
from orchestration.methods.robustness.reoffending_measures import NOT_COVERED, measures_table

GROUPS = ("drugs", "theft", "violence")


@pytest.fixture(scope="module")
def told(cases: pd.DataFrame) -> pd.DataFrame:
    """The matched example cases, each reoffender with made-up types, weights and quarters."""
    rng = np.random.default_rng(5)
    own = cases[cases["reoffended"].notna()].copy()
    hit = own["reoffended"].astype(int).to_numpy() == 1
    chosen = [sorted(rng.choice(GROUPS, rng.integers(1, 4), replace=False)) for _ in hit]
    own["offence_groups"] = [" ".join(names) if is_hit else None for names, is_hit in zip(chosen, hit, strict=True)]
    own["most_severe_group"] = [names[-1] if is_hit else None for names, is_hit in zip(chosen, hit, strict=True)]
    own["severity_highest"] = np.where(hit, rng.integers(3, 60, len(own)), 0)
    own["severity_total"] = own["severity_highest"] * 2
    for quarter in range(1, 5):
        own[f"reoffences_quarter_{quarter}"] = np.where(hit, rng.integers(0, 3, len(own)), 0)
    return own


def test_types_are_counted_as_loops_count_them(told):
    found = type_table(told).set_index(["offence_group", "judgement", "answer"])
    assert len(found) == len(GROUPS) * 5
    rows = told.to_dict("records")
    for group in GROUPS:
        for judgement, answer in (("all", "all"), ("engagement", "yes"), ("desistance", "no")):
            own = [row for row in rows if judgement == "all" or row[judgement] == answer]
            hits = sum(isinstance(row["offence_groups"], str) and group in row["offence_groups"] for row in own)
            row = found.loc[(group, judgement, answer)]
            assert (row["n"], row["n_reoffended"]) == (len(own), hits)
            assert row["percent"] == pytest.approx(100 * hits / len(own))
            assert row["ci_low"] < row["percent"] < row["ci_high"]


def test_severity_is_of_those_who_reoffended(told):
    found = severity_table(told).set_index(["judgement", "answer"])
    values = [row["severity_highest"] for row in told.to_dict("records") if row["reoffended"] == 1]
    assert found.loc[("all", "all"), "n"] == len(values)
    assert found.loc[("all", "all"), "mean_highest"] == pytest.approx(sum(values) / len(values))
    assert found.loc[("all", "all"), "mean_total"] == pytest.approx(2 * sum(values) / len(values))


def test_the_halves_of_the_year_add_up_to_its_events(told):
    found = reoffence_models(told).set_index(["model", "coefficient"])
    events = {name: found.loc[(name, "engagement=yes"), "n_events"] for name in found.index.levels[0]}
    assert events["rate_year"] == events["rate_first_half"] + events["rate_second_half"] > 0
    told_ones = found[found["not_estimable_because"].isna()]
    assert len(told_ones)
    assert ((told_ones["ci_low"] < told_ones["effect"]) & (told_ones["effect"] < told_ones["ci_high"])).all()


def test_a_longer_measure_is_compared_on_the_cases_it_covers():
    numbers = {
        "published": [0, 1, 2, 0], "breaches_count": [1, 1, 3, 0],
        "followup_24": [None] * 4, "waiting_9": [0, 2, 2, None],
    }  # fmt: skip
    measured = pd.DataFrame(
        [
            {"case_key": str(case), "measure": way, "followup_months": 12, "waiting_months": 6, "reoffences": number}
            for way, values in numbers.items()
            for case, number in enumerate(values)
        ]
    ).astype({"reoffences": "Int64"})
    found = measures_table(measured).set_index("measure")
    assert found.loc["breaches_count", ["n", "percent_published", "percent"]].tolist() == [4, 50, 75]
    assert found.loc["followup_24", "not_estimable_because"] == NOT_COVERED
    assert found.loc["waiting_9", ["n", "n_not_covered"]].tolist() == [3, 1]
    assert found.loc["waiting_9", "percent_published"] == pytest.approx(200 / 3)
    assert found.loc["waiting_9", ["mean_published", "mean_reoffences"]].tolist() == [1.5, 2]


def test_without_offences_no_table_has_a_row(told):
    none = told.head(0)
    measured = pd.DataFrame(columns=["case_key", "measure", "followup_months", "waiting_months", "reoffences"])
    made = (type_table(none), severity_table(none), reoffence_models(none), measures_table(measured))
    assert [len(table) for table in made] == [0, 0, 0, 0]
