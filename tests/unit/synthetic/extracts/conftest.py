"""Small extracts, drawn and written once for all tests that only read them."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from orchestration.synthetic.extracts.writing import write_extracts
from tests.unit.synthetic.extracts.stand_in import stand_in_profile
from tests.unit.synthetic.short_linkage import read_source


class Written(NamedTuple):
    """Extracts on disk, read back: rows of each source (latest delivery) and whose each record is."""

    landing: Path
    truth_dir: Path
    profile: pd.DataFrame
    rows: dict[str, list[dict]]
    truth: dict[str, dict[str, set[str]]]


def write_and_read(folder: Path, n_cases: int, seed: int, n_terminations: int, n_reoffending: int) -> Written:
    """Write a stand-in profile's extracts below `folder` and read them back as text."""
    profile = stand_in_profile(n_cases, seed)
    landing, truth_dir = folder / "landing", folder / "truth"
    write_extracts(profile, seed, landing, truth_dir, n_terminations, n_reoffending)
    truth = {}
    for source in ("terminations", "reoffending"):
        pairs = pd.read_csv(truth_dir / f"{source}.csv", dtype=str)
        truth[source] = {case: set(ids) for case, ids in pairs.groupby("case_id")["record_id"]}
    rows = {source: read_source(landing / source) for source in ("inspections", "terminations", "reoffending")}
    return Written(landing, truth_dir, profile, rows, truth)


@pytest.fixture(scope="package")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """1,500 cases among 6,000 terminations and 16,000 reoffending records."""
    return write_and_read(tmp_path_factory.mktemp("extracts"), 1500, 7, 6_000, 16_000)
