"""The sample design as tables: statuses, edge cases, and what is left without a caseload."""

import numpy as np
import pytest

from orchestration.methods.sampling.allocation import CELL
from orchestration.methods.sampling.sample_design import contradictions, sample_tables
from orchestration.methods.sampling.sample_size import Precision, required_sample
from orchestration.tables.sample_design import SAMPLE_TABLES
from tests.made_up.caseloads import CASELOAD, judged, listed

SAMPLE = {key: max(n // 3, 1) for key, n in CASELOAD.items()}


@pytest.fixture(scope="module")
def tables():
    return sample_tables(listed(CASELOAD), judged(listed(SAMPLE)))


def _design(population, sample):
    return sample_tables(listed(population), judged(listed(sample)))["sample_design"].set_index("provider")


def test_each_provider_is_required_allocated_and_achieved(tables):
    design = tables["sample_design"].set_index("provider")
    assert design.loc["Essex", ["caseload", "required", "achieved", "shortfall"]].tolist() == [355, 113, 118, 0]
    assert design.loc["Merseyside", ["caseload", "required", "achieved", "shortfall"]].tolist() == [116, 69, 38, 31]
    assert design["status"].to_dict() == {"Essex": "met", "Merseyside": "short"}
    assert design.loc["Essex", "margin_achieved"] < 5 < design.loc["Merseyside", "margin_achieved"]


def test_allocations_add_up_to_what_is_required(tables):
    allocated = tables["sample_allocation"].groupby("provider")["allocated"].sum()
    required = tables["sample_design"].set_index("provider")["required"]
    assert allocated.to_dict() == required.to_dict()


def test_margins_of_the_allocation_are_those_of_its_strata(tables):
    by_gender = tables["sample_allocation"].groupby(["provider", "gender"])[["caseload", "allocated", "achieved"]].sum()
    shown = tables["sample_representativeness"].query("item == 'gender' and provider != 'all'")
    shown = shown.set_index(["provider", "category"])[["caseload", "allocated", "achieved"]]
    assert shown.sort_index().to_numpy().tolist() == by_gender.sort_index().to_numpy().tolist()


@pytest.mark.parametrize(
    ("population", "sample", "status"),
    [
        pytest.param({}, {("Essex", "male", "community", "low"): 2}, "not_in_caseload", id="not-in-caseload"),
        pytest.param({("Essex", "male", "community", "low"): 2}, {}, "not_inspected", id="not-inspected"),
        pytest.param(
            {("Essex", "male", "community", "low"): 2},
            {("Essex", "male", "community", "low"): 3},
            "achieved_exceeds_caseload",
            id="exceeds",
        ),
        pytest.param(
            {("Essex", "male", "community", "low"): 1}, {("Essex", "male", "community", "low"): 1}, "met", id="one-case"
        ),
        pytest.param(
            {("Essex", "male", "community", "low"): 3},
            {("Essex", "male", "community", "low"): 2},
            "short",
            id="caseload-smaller-than-any-sample",
        ),
    ],
)
def test_odd_providers_are_named_by_their_status_and_stop_nothing(population, sample, status):
    beside = {("Merseyside", "male", "community", "low"): 300}
    design = _design(population | beside, sample | {key: 120 for key in beside})
    assert design.loc["Essex", "status"] == status
    assert design.loc["Merseyside", "status"] == "met"


def test_contradictions_are_told_in_a_sentence_each():
    population = {("Essex", "male", "community", "low"): 2, ("Kent", "male", "community", "low"): 9}
    sample = {("Essex", "male", "community", "low"): 3, ("Wales", "male", "community", "low"): 4}
    tables = sample_tables(listed(population), judged(listed(sample)))
    assert contradictions(tables["sample_design"]) == [
        "Essex (CRC) has more cases inspected than its caseload holds.",
        "Kent (CRC) has a caseload but no inspected case.",
        "Wales (CRC) was inspected but has no caseload.",
    ]
    assert len(tables["design_weights"]) == 0
    assert len(tables["weighted_judgements"]) == 0


def test_a_whole_caseload_inspected_is_exact(tables):
    whole = _design(CASELOAD, CASELOAD)
    assert (whole["margin_achieved"] == 0).all()
    assert whole["r_indicator"].tolist() == pytest.approx([1, 1])
    assert (whole["dissimilarity"] == 0).all()


def test_another_precision_asks_for_another_sample():
    precision = Precision(0.95, 0.03)
    tables = sample_tables(listed(CASELOAD), judged(listed(SAMPLE)), precision)
    design = tables["sample_design"].set_index("provider")
    assert design.loc["Essex", "required"] == required_sample(355, precision) > 113
    assert (design.loc["Essex", "confidence"], design.loc["Essex", "margin_wanted"]) == (95, 3)


def test_without_a_caseload_every_table_is_empty_with_its_columns_and_types(tables):
    empty = sample_tables(listed({}), judged(listed(SAMPLE)))
    for name, table in empty.items():
        assert len(table) == 0
        assert table.dtypes.to_dict() == tables[name].dtypes.to_dict()


def test_the_order_of_cases_changes_nothing(tables):
    shuffled = sample_tables(
        listed(CASELOAD).sample(frac=1, random_state=1), judged(listed(SAMPLE)).sample(frac=1, random_state=2)
    )
    for name, table in tables.items():
        for column in table:
            expected, found = table[column], shuffled[name][column]
            if table[column].dtype == "float64":
                assert np.allclose(found, expected, rtol=1e-12, equal_nan=True)
            else:
                assert found.tolist() == expected.tolist() or found.equals(expected)


def test_the_tables_are_the_declared_ones(tables):
    expected = {name: table.names for name, table in SAMPLE_TABLES.items()}
    assert {name: list(table.columns) for name, table in tables.items()} == expected


def test_weights_join_to_the_cases_by_provider_and_stratum(tables):
    cases = listed(SAMPLE).fillna("missing")
    joined = cases.merge(tables["sample_allocation"], on=list(CELL), how="left", validate="m:1")
    assert joined.groupby("provider")["weight"].sum().to_dict() == pytest.approx({"Essex": 355, "Merseyside": 116})
