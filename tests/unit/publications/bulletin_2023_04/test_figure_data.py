import pandas as pd
import pytest

from orchestration.publications.bulletin_2023_04.figure_catalogue import FIGURES
from orchestration.publications.bulletin_2023_04.figure_data import figure_data
from orchestration.publications.shared.words import JUDGEMENT_LABELS
from tests.made_up.results import independent_cell, make_cases


def bar(data: pd.DataFrame, figure_id: str, series: str, category: str) -> pd.Series:
    found = data.loc[(data["figure_id"] == figure_id) & (data["series"] == series) & (data["category"] == category)]
    assert len(found) == 1
    return found.iloc[0]


@pytest.fixture(scope="module")
def cases() -> pd.DataFrame:
    return make_cases()


@pytest.fixture(scope="module")
def data(cases: pd.DataFrame) -> pd.DataFrame:
    return figure_data(cases)


def test_every_figure_of_the_bulletin_with_data_is_there() -> None:
    assert [figure.number for figure in FIGURES] == [2, 3, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15]


@pytest.mark.parametrize("figure", [f for f in FIGURES if f.judgement], ids=lambda f: f.figure_id)
def test_bars_of_all_cases_equal_an_independent_count(data: pd.DataFrame, cases: pd.DataFrame, figure) -> None:
    for answer in JUDGEMENT_LABELS[figure.judgement]:
        n, value = independent_cell(cases.loc[cases[figure.judgement].eq(answer).fillna(False)], figure.outcome)
        drawn = bar(data, figure.figure_id, answer, "all")
        assert (drawn["n"], drawn["value"]) == (n, pytest.approx(value))


@pytest.mark.parametrize("figure", [f for f in FIGURES if f.by_likelihood], ids=lambda f: f.figure_id)
@pytest.mark.parametrize("level", ["low", "medium", "high_very_high"])
def test_bars_within_a_level_of_likelihood_equal_an_independent_count(
    data: pd.DataFrame, cases: pd.DataFrame, figure, level: str
) -> None:
    chosen = cases[figure.judgement].eq("yes").fillna(False) & cases["ogrs_group_2020"].eq(level).fillna(False)
    n, value = independent_cell(cases.loc[chosen], figure.outcome)
    drawn = bar(data, figure.figure_id, "yes", level)
    assert (drawn["n"], drawn["value"]) == (n, pytest.approx(value))


def test_termination_reasons_share_out_the_positive_and_negative_terminations(
    data: pd.DataFrame, cases: pd.DataFrame
) -> None:
    reasons = data.loc[data["figure_id"] == "figure_2"]
    assert reasons["n"].sum() == cases["termination_outcome"].isin(["positive", "negative"]).sum()
    assert reasons["value"].sum() == pytest.approx(100)
    assert (
        bar(data, "figure_2", "negative", "early_conviction")["n"]
        == (cases["termination_reason"] == "early_conviction").sum()
    )


def test_the_last_bar_of_the_reoffences_holds_the_whole_tail(data: pd.DataFrame, cases: pd.DataFrame) -> None:
    counts = cases.loc[cases["reoffended"].eq(1).fillna(False), "reoffences"]
    assert bar(data, "figure_3", "reoffenders", "10+")["n"] == (counts >= 10).sum()
    assert bar(data, "figure_3", "reoffenders", "2")["n"] == (counts == 2).sum()
    assert data.loc[data["figure_id"] == "figure_3", "n"].sum() == len(counts)


def test_the_combined_finding_compares_both_yes_with_both_no(data: pd.DataFrame, cases: pd.DataFrame) -> None:
    both = (cases["engagement"].eq("no") & cases["desistance"].eq("no")).fillna(False)
    n, value = independent_cell(cases.loc[both], "reoffended")
    drawn = bar(data, "combined", "both_no", "reoffended")
    assert (drawn["n"], drawn["value"]) == (n, pytest.approx(value))


def test_a_group_without_cases_keeps_its_bar_without_a_value(cases: pd.DataFrame) -> None:
    nobody = cases.assign(engagement=cases["engagement"].mask(cases["ogrs_group_2020"].eq("low").fillna(False)))
    drawn = bar(figure_data(nobody), "figure_6", "yes", "low")
    assert drawn["n"] == 0
    assert pd.isna(drawn["value"])


def test_rows_are_numbered_in_the_order_of_the_bars(data: pd.DataFrame) -> None:
    assert data["row_order"].tolist() == list(range(1, len(data) + 1))
    low = data.loc[(data["figure_id"] == "figure_5") & (data["category"] == "low"), "series"]
    assert low.tolist() == ["no", "yes"]
