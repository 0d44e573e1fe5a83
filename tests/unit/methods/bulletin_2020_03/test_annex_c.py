"""Annex C against plain loops over cases, and against the layout as it was printed."""

import csv
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pandas as pd
import pytest

from orchestration.methods.bulletin_2020_03.annex_c import annex_c
from orchestration.methods.layouts.layout_2020 import (
    GROUPS,
    MEASURE_BY_CODE,
    MODELLED,
    NEED_COLUMNS,
    STRENGTH_COLUMNS,
    rows,
)
from orchestration.methods.layouts.measures import cases_with_measure
from orchestration.methods.layouts.outcomes import OUTCOME
from orchestration.settings import PUBLISHED_FIGURES_DIR
from tests.made_up.needs import example_needs

PUBLISHED = PUBLISHED_FIGURES_DIR / "annex_c.csv"
ITEM_COLUMN = {"all_cases": None, **{item: item for item in ("provider_type", "gender", "ethnicity", "case_type")}}
ITEM_COLUMN |= {"age_group": "age_group_2020", "ogrs_group": "ogrs_group_2020", "rosh_group": "rosh_group"}
NO_VERDICTS = pd.DataFrame({"outcome": [], "term": [], "is_retained": [], "p_value": []})

Case = dict[str, str | None]


def published_rows() -> list[dict[str, str]]:
    with open(PUBLISHED, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def by_hand(cases: list[Case], table_id: str, item: str, category: str, outcome: str) -> tuple[int, Fraction | None]:
    """n and value of a cell, case by case, as the bulletin's tables and the data contract describe them."""
    column = ITEM_COLUMN[item]
    n, total = 0, 0
    for case in cases:
        if column is not None and case[column] != category:
            continue
        if outcome.startswith("mean_"):
            parts = NEED_COLUMNS if outcome == "mean_needs" else STRENGTH_COLUMNS
            n, total = n + 1, total + sum(case[part] == "yes" for part in parts)
        elif table_id in ("C1", "C2"):
            n, total = n + 1, total + (case[outcome] == "yes")
        else:
            kind, _, name = outcome.partition("_")
            needed = {"C5": f"need_{name}", "C6": f"strength_{name}"}.get(table_id)
            assert needed is None or kind == ("delivery" if table_id == "C5" else "building")
            if (needed is None or case[needed] == "yes") and case[outcome] in ("yes", "no"):
                n, total = n + 1, total + (case[outcome] == "yes")
    scale = 1 if outcome.startswith("mean_") else 100
    return n, Fraction(scale * total, n) if n else None


@pytest.fixture(scope="module")
def cases() -> pd.DataFrame:
    """Answers and characteristics are missing here and there, and delivery is judged for some absent needs too."""
    made = example_needs(n=700, seed=17, missing=0.08)
    made.loc[made.index[:40], "delivery_drugs"] = "yes"
    return made


@pytest.fixture(scope="module")
def annex(cases: pd.DataFrame) -> pd.DataFrame:
    return annex_c(cases, NO_VERDICTS)


def test_the_rows_are_the_published_ones_in_the_published_order(annex: pd.DataFrame) -> None:
    keys = ["table_id", "item", "category", "outcome"]
    assert [tuple(row) for row in annex[keys].to_numpy()] == [tuple(row[k] for k in keys) for row in published_rows()]
    assert len(annex) == 816


def test_units_are_the_published_ones() -> None:
    units = {row["outcome"]: row["unit"] for row in published_rows()}
    assert {measure.code: measure.unit for _, _, measure in rows()} == units


def test_every_cell_is_what_counting_case_by_case_gives(cases: pd.DataFrame, annex: pd.DataFrame) -> None:
    listed: list[Case] = [
        {str(column): None if pd.isna(value) else value for column, value in case.items()}
        for case in cases.to_dict("records")
    ]
    for found in annex.to_dict("records"):
        where = (found["table_id"], found["item"], found["category"], found["outcome"])
        n, value = by_hand(listed, *where)
        assert found["n"] == n, where
        if value is None:
            assert pd.isna(found["value"]), where
            assert pd.isna(found["value_published"]), where
            continue
        assert found["value"] == pytest.approx(float(value), rel=1e-14), where
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        assert found["value_published"] == float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP)), where


def few_cases(**answers: Sequence[str | None]) -> pd.DataFrame:
    """Cases of these answers, one a place in the lists; everything else is missing."""
    n = len(next(iter(answers.values())))
    columns = {group.column for group in GROUPS} | set(MEASURE_BY_CODE) - {"mean_needs", "mean_strengths"}
    empty = pd.DataFrame({column: pd.Series([None] * n, dtype="str") for column in sorted(columns)})
    return empty.assign(**{column: pd.Series(list(given), dtype="str") for column, given in answers.items()})


def cell(cases: pd.DataFrame, outcome: str, item: str = "all_cases", category: str = "all") -> pd.Series:
    table = annex_c(cases, NO_VERDICTS)
    (found,) = table[(table["outcome"] == outcome) & (table["item"] == item) & (table["category"] == category)].index
    return table.loc[found]


def test_prevalence_is_of_the_whole_group_answered_or_not() -> None:
    cases = few_cases(need_drugs=["yes", "no", None, None], gender=["male", "male", "male", None])
    assert (cell(cases, "need_drugs")["n"], cell(cases, "need_drugs")["value"]) == (4, 25.0)
    assert cell(cases, "need_drugs", "gender", "male")["n"] == 3


def test_a_mean_counts_the_needs_identified_over_all_cases() -> None:
    cases = few_cases(need_drugs=["yes", "yes", None], need_ete=["yes", "no", None])
    assert (cell(cases, "mean_needs")["n"], cell(cases, "mean_needs")["value"]) == (3, 1.0)
    assert cell(cases, "mean_strengths")["value"] == 0.0


def test_judgements_are_of_those_answered_and_none_present_is_no_answer() -> None:
    cases = few_cases(strengths_built_upon=["yes", "no", "no", "none_present", None])
    found = cell(cases, "strengths_built_upon")
    assert (found["n"], found["value_published"]) == (3, 33.3)


def test_delivery_is_judged_only_where_the_need_was_identified() -> None:
    cases = few_cases(need_ete=["yes", "yes", "yes", "no", None], delivery_ete=["yes", "no", None, "yes", "yes"])
    assert (cell(cases, "delivery_ete")["n"], cell(cases, "delivery_ete")["value"]) == (2, 50.0)


def test_halves_are_rounded_up() -> None:
    cases = few_cases(need_alcohol=["yes"] * 70 + ["no"] * 154)  # 31.25 per cent
    assert cell(cases, "need_alcohol")["value_published"] == 31.3


def test_no_case_at_all_gives_all_rows_without_values() -> None:
    table = annex_c(few_cases(need_ete=[]), NO_VERDICTS)
    assert len(table) == 816
    assert (table["n"] == 0).all()
    assert table["value"].isna().all()


def test_a_verdict_stands_on_every_category_of_its_item_and_on_no_other() -> None:
    verdicts = pd.DataFrame(
        {
            "outcome": ["need_drugs", "need_drugs", "delivery_ete"],
            "term": ["age_group", "gender", "ethnicity"],
            "is_retained": pd.array([True, False, pd.NA], dtype="boolean"),
            "p_value": [0.002, 0.4, float("nan")],
        }
    )
    table = annex_c(example_needs(n=200), verdicts)
    drugs = table[table["outcome"] == "need_drugs"]
    ages = drugs[drugs["item"] == "age_group"]
    assert len(ages) == 6
    assert set(ages["significant"]) == {True}
    assert set(ages["p_value"]) == {0.002}
    genders = drugs[drugs["item"] == "gender"]
    assert set(genders["significant"]) == {False}
    assert set(genders["p_value"]) == {0.4}
    left = table.drop(index=[*ages.index, *genders.index])
    assert left[["significant", "p_value"]].isna().all(axis=None)


def test_all_cases_and_means_have_no_verdict_whatever_the_models_say() -> None:
    everything = [(measure.code, group.item, True, 0.01) for measure in MODELLED for group in GROUPS]
    verdicts = pd.DataFrame(everything, columns=["outcome", "term", "is_retained", "p_value"])
    table = annex_c(example_needs(n=200), verdicts)
    without = (table["item"] == "all_cases") | table["outcome"].str.startswith("mean_")
    assert table.loc[without, ["significant", "p_value"]].isna().all(axis=None)
    assert table.loc[~without, ["significant", "p_value"]].notna().all(axis=None)


def test_a_model_rests_on_the_cases_of_its_column() -> None:
    cases = few_cases(need_ete=["yes", "no", "yes"], delivery_ete=["no", "yes", None])
    assert list(cases_with_measure(cases, MEASURE_BY_CODE["delivery_ete"])[OUTCOME]) == [0.0]
    assert list(cases_with_measure(cases, MEASURE_BY_CODE["need_ete"])[OUTCOME]) == [1.0, 0.0, 1.0]
