"""What is counted of a delivery's rows, and what is not told."""

import pandas as pd

from orchestration.ingest.counting import count_values
from orchestration.tables.contract import TERMINATIONS
from tests.made_up.extracts import sample


def test_codes_and_months_are_counted_by_delivery_and_of_other_columns_only_what_is_missing() -> None:
    rows = sample("terminations", 4).assign(file=["one", "one", "one", "two"], crn=[None, "X1", "X2", None])
    rows["termination_reason"] = ["Excluded", " excluded ", None, "early_other"]
    rows["sentence_date"] = ["2018-03-31", "01/04/2018", "never", "2018-04-02"]
    counts = count_values(TERMINATIONS, rows.astype("str"))
    assert set(counts["column"]) == set(TERMINATIONS.names)
    assert counts.drop_duplicates("file").set_index("file")["rows"].to_dict() == {"one": 3, "two": 1}
    assert cells(counts, "one", "termination_reason") == {None: 1, "excluded": 2}
    assert cells(counts, "one", "sentence_date") == {None: 0, "2018-03": 1, "2018-04": 1}
    assert cells(counts, "one", "crn") == {None: 1}
    assert cells(counts, "two", "crn") == {None: 1}
    assert cells(counts, "one", "date_of_birth") == {None: 0}, "a birthday's month may name a person"


def cells(counts: pd.DataFrame, delivery: str, column: str) -> dict[str | None, int]:
    own = counts[(counts["file"] == delivery) & (counts["column"] == column)]
    return {None if pd.isna(value) else value: n for value, n in zip(own["value"], own["cells"], strict=True)}
