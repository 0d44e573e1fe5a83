"""The runner: nothing leaves the machine, places are told briefly."""

import os
import socket

import pandas as pd
import pytest

from expectations import runner
from expectations.runner import file_places
from tests.unit.expectations.needs_mutations import suites_of


def test_validating_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: tried.append(address))
    runner._batch_definition.cache_clear()
    suite = suites_of("intake")["share"]
    assert runner.check("gate", suite.frame, suite.expectations, runner.nowhere)[0].outcome.success
    assert tried == []
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("a.csv", 3)], "a.csv line 3"),
        ([("a.csv", 3), ("b.csv", 2), ("a.csv", 7)], "a.csv lines 3, 7; b.csv line 2"),
        ([("a.csv", i) for i in range(2, 1009)], "a.csv lines 2, 3, 4, 5, 6 and 1,002 more"),
        ([], ""),
    ],
    ids=["one", "two files", "many", "none"],
)
def test_places_name_file_and_first_lines(rows: list[tuple[str, int]], told: str) -> None:
    assert file_places(pd.DataFrame(rows, columns=["file", "line"])) == told
