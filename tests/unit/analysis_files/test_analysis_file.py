"""Codes as SPSS's numbers with labels, and the codebook that says which."""

import pandas as pd
import pytest

from orchestration.analysis_files.analysis_file import analysis_file, codebook

CASES = pd.DataFrame(
    {
        "case_key": ["a", "b", "c", "d"],
        "age": pd.array([20, 30, None, 50], dtype="Int64"),
        "engagement": ["yes", "no", None, "yes"],
        "contact_sufficient": ["no_non_compliance", "yes", "no", None],
        "ogrs_group": ["low", "very_high", "medium", None],
        "termination_matched": pd.array([True, False, None, True], dtype="boolean"),
        "reoffended": pd.array([1, 0, None, 1], dtype="Int64"),
        "termination_tier": ["near", "by_hand", None, "near"],
    }
)


@pytest.mark.parametrize(
    ("column", "numbers", "labels"),
    [
        ("engagement", [1, 0, None, 1], {0: "No", 1: "Yes"}),
        (
            "contact_sufficient",
            [2, 1, 0, None],
            {0: "No", 1: "Yes", 2: "No, mostly due to non-compliance of the individual"},
        ),
        ("ogrs_group", [1, 4, 2, None], {1: "Low", 2: "Medium", 3: "High", 4: "Very high"}),
        ("termination_matched", [1, 0, None, 1], {0: "No", 1: "Yes"}),
        ("reoffended", [1, 0, None, 1], {0: "No", 1: "Yes"}),
    ],
)
def test_a_code_is_a_number_with_the_words_of_the_codebook(column, numbers, labels):
    made = analysis_file(CASES)
    assert [None if pd.isna(value) else value for value in made.frame[column]] == numbers
    assert made.values[column] == labels


def test_numbers_and_keys_stay_as_they_are():
    made = analysis_file(CASES)
    pd.testing.assert_series_equal(made.frame["age"], CASES["age"])
    assert list(made.frame["case_key"]) == ["a", "b", "c", "d"]
    assert {"age", "case_key"}.isdisjoint(made.values)
    assert made.labels["age"] == "Age (years)"


def test_a_code_that_an_analyst_added_follows_the_known_ones_in_its_own_words():
    made = analysis_file(CASES)
    assert made.values["termination_tier"] | {7: "by_hand"} == made.values["termination_tier"]
    assert list(made.frame["termination_tier"].dropna()) == [5, 7, 5]


def test_the_codebook_says_what_every_code_means_and_how_many_cases_have_it():
    rows = codebook(CASES)
    asked = rows[rows["column"] == "contact_sufficient"]
    assert asked[["code", "number", "n"]].values.tolist() == [["no", 0, 1], ["yes", 1, 1], ["no_non_compliance", 2, 1]]
    assert rows[rows["column"] == "age"][["kind", "n"]].values.tolist() == [["number", 3]]
    assert rows[rows["column"] == "reoffended"][["code", "n"]].values.tolist() == [["0", 1], ["1", 2]]
