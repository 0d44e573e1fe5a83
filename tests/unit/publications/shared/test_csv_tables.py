from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orchestration.publications.shared.csv_tables import cell_text, csv_bytes, read_csv_text, write_csv


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.3333333333"),
        (1643.0, "1643"),
        (np.float64(-0.0), "0"),
        (1e-12, "1e-12"),
        (np.bool_(True), "true"),
        (False, "false"),
        (pd.NA, ""),
        (float("nan"), ""),
        (np.int64(7), "7"),
        (float("inf"), "inf"),
        ("00123", "00123"),
    ],
)
def test_a_cell_is_written_to_ten_significant_digits(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_numbers_that_agree_to_ten_digits_give_the_same_bytes() -> None:
    one = pd.DataFrame({"value": [100 * 0.1, 31.25]})
    other = pd.DataFrame({"value": [100 * (0.1 + 1e-14), 31.25]})
    assert csv_bytes(one) == csv_bytes(other)


def test_a_nullable_and_a_float_column_of_whole_numbers_give_the_same_bytes() -> None:
    nullable = pd.DataFrame({"n": pd.array([1, None], dtype="Int64")})
    assert csv_bytes(nullable) == csv_bytes(nullable.astype("float64"))


def test_text_with_commas_quotes_and_line_ends_comes_back(tmp_path: Path) -> None:
    frame = pd.DataFrame({"provider": ['Kent, "Surrey"\nand Sussex', "NA", ""]})
    write_csv(frame, tmp_path / "t.csv")
    assert read_csv_text(tmp_path / "t.csv")["provider"].tolist() == frame["provider"].tolist()
