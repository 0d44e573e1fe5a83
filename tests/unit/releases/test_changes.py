"""What a release says of the one before."""

import json

import pandas as pd
import pytest

from orchestration.publications.shared.csv_tables import read_csv_text
from orchestration.releases.changes import CHANGES, write_changes
from orchestration.releases.landing_page import landing_page
from orchestration.releases.registry import PUBLICATIONS
from tests.made_up.results import make_facts

MANIFEST = {"inputs": [], "code_version": "1", "packages": {}, "parameters": {"match_window_days": 7}}
TABLES = {"headlines": "id,value\nx,{}\n", "match_rates": "source,item,category,rate\nterminations,all_cases,all,{}\n"}


@pytest.fixture
def release(tmp_path):
    """A folder with two tables, each of one number."""

    def make(name: str, *numbers: float):
        folder = tmp_path / name
        (folder / "csv").mkdir(parents=True)
        for (table, text), number in zip(TABLES.items(), numbers, strict=True):
            (folder / "csv" / f"{table}.csv").write_text(text.format(number))
        (folder / "manifest.json").write_text(json.dumps(MANIFEST))
        return folder

    return make


def test_a_first_release_says_nothing(release):
    folder = release("new", 1, 2)
    assert write_changes(folder, MANIFEST, None) is None
    assert not (folder / CHANGES).exists()
    assert "What has changed" not in landing_page(PUBLICATIONS, make_facts())


def test_what_differs_is_counted_explained_and_listed(release):
    new, manifest = release("new", 1, 3), MANIFEST | {"parameters": {"match_window_days": 10}}
    changes = write_changes(new, manifest, release("old", 1, 2))
    assert changes.sentence == (
        "Cells that differ from the release before, old: 1, in 1 of 2 tables. "
        "What has changed: parameter match_window_days (7 -> 10)."
    )
    listed = read_csv_text(new / CHANGES)
    assert listed[["table", "row", "column", "value_a", "value_b"]].values.tolist() == [
        ["match_rates", "terminations / all_cases / all", "rate", "2", "3"]
    ]
    assert changes.sentence.replace(">", "&gt;") in landing_page(PUBLICATIONS, make_facts(), changes)


def test_a_release_with_the_same_numbers_says_so(release):
    changes = write_changes(release("new", 1, 2), MANIFEST, release("old", 1, 2))
    assert changes.sentence == "No number differs from the release before, old."
    assert isinstance(changes.cells, pd.DataFrame)
    assert changes.cells.empty
