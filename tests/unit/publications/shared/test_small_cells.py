import pandas as pd

from orchestration.publications.shared.small_cells import small_cells


def test_cells_below_the_minimum_are_listed_and_no_other(tables: dict[str, pd.DataFrame]) -> None:
    annex_b = tables["annex_b"]
    listed = small_cells({"annex_b": annex_b}, 60)
    assert len(listed) == (annex_b["n"] < 60).sum() > 0
    assert (listed["cases"] < 60).all()


def test_a_cell_at_the_minimum_is_not_small() -> None:
    rates = pd.DataFrame(
        {
            "source": ["terminations"] * 2,
            "item": ["gender"] * 2,
            "category": ["male", "female"],
            "eligible": [10, 9],
        }
    )
    assert small_cells({"match_rates": rates}, 10)["cell"].tolist() == ["terminations / gender / female"]


def test_the_cell_outside_the_table_is_not_small(tables: dict[str, pd.DataFrame]) -> None:
    listed = small_cells({"annex_b": tables["annex_b"]}, 10_000)
    assert "B1 / case_type / post_release / termination_positive" not in set(listed["cell"])


def test_variants_of_a_model_are_not_listed_again() -> None:
    levels = pd.DataFrame(
        {
            "model_id": ["reoffences__prompts", "reoffences__prompts__ztnb"],
            "term": "gender",
            "level": "female",
            "n": [3, 3],
        }
    )
    assert len(small_cells({"model_levels": levels}, 10)) == 1


def test_a_minimum_of_zero_lists_nothing(tables: dict[str, pd.DataFrame]) -> None:
    assert small_cells(tables, 0).empty


def test_small_groups_of_matched_and_of_unmatched_cases_are_told_apart() -> None:
    bias = pd.DataFrame({"source": ["terminations"] * 2, "item": ["gender"] * 2, "category": ["male", "female"]})
    bias = bias.assign(n_matched=[9, 10], n_unmatched=[3, 9])
    listed = small_cells({"match_bias": bias}, 10)
    assert dict(zip(listed["cell"], listed["cases"], strict=True)) == {
        "terminations / gender / male / matched": 9,
        "terminations / gender / male / unmatched": 3,
        "terminations / gender / female / unmatched": 9,
    }


def test_of_the_measures_of_accuracy_precision_and_recall_are_listed_alone() -> None:
    measures = ["precision", "recall", "f1", "share_of_true_links"]
    quality = pd.DataFrame({"source": "terminations", "measure": measures, "item": "rule", "category": "crn", "n": 3})
    assert small_cells({"linkage_quality": quality}, 10)["cell"].tolist() == [
        "terminations / precision / rule / crn",
        "terminations / recall / rule / crn",
    ]


def test_no_cell_is_listed_twice(tables: dict[str, pd.DataFrame]) -> None:
    assert not small_cells(tables, 10_000).duplicated(["table", "cell"]).any()


def test_small_strata_of_a_caseload_are_listed():
    allocation = pd.DataFrame(
        {
            "provider": ["Wales", "Wales"], "provider_type": ["nps", "nps"], "gender": ["female", "male"],
            "case_type": ["community", "community"], "rosh_level": ["high", "low"], "caseload": [3, 40],
        }
    )  # fmt: skip
    found = small_cells({"sample_allocation": allocation}, 10)
    assert found.values.tolist() == [["sample_allocation", "Wales / nps / female / community / high / eligible", 3, 10]]
