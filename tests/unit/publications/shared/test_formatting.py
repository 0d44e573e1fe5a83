import pandas as pd
import pytest

from orchestration.publications.shared import formatting


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (100 * 70 / 224, 1, "31.3"),
        (0.125, 2, "0.13"),
        (2.5, 0, "3"),
        (-0.04, 1, "0.0"),
        (1643, 0, "1,643"),
        (84.55 - 67.05, 0, "18"),
    ],
    ids=["bulletin's tie", "two decimals", "even half", "minus zero", "thousands", "noise of a difference"],
)
def test_numbers_are_rounded_half_up(value: float, decimals: int, text: str) -> None:
    assert formatting.number(value, decimals) == text


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA], ids=["none", "nan", "na"])
def test_a_missing_number_prints_as_not_applicable(missing: object) -> None:
    assert formatting.number(missing, 1) == "n/a"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.00099, "p<0.001"), (0.001, "p=0.001"), (0.0125, "p=0.013")],
    ids=["tiny", "edge", "half"],
)
def test_p_values_in_sentences(value: float, text: str) -> None:
    assert formatting.p_phrase(value) == text


@pytest.mark.parametrize(
    ("size", "text"), [(1, "1 percentage point"), (24, "24 percentage points")], ids=["one", "more"]
)
def test_percentage_points_agree_in_number(size: float, text: str) -> None:
    assert formatting.points(size) == text
