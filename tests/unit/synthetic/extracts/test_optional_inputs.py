"""The synthetic ratings and caseloads: published numbers, plausible sizes, and the extracts as without them."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orchestration.ingest.extracts import read_source
from orchestration.settings import CODES_DIR
from orchestration.synthetic.extracts.optional_inputs import UNLIMITED_SAMPLE, caseload_size, draw_optional_files
from orchestration.synthetic.profile import read_profile
from tests.unit.synthetic.extracts.conftest import Written

PROVIDER = ["provider", "provider_type"]
STRATA = ["gender", "case_type", "rosh_level"]


@pytest.fixture(scope="module")
def inspections() -> pd.DataFrame:
    """The shipped profile's cases as the inspections extract would hold them, as far as is looked at."""
    profile = read_profile()
    ids = [f"{number:06d}" for number in range(len(profile))]
    return profile[[*PROVIDER, *STRATA]].assign(case_id=ids, fieldwork_date=pd.Timestamp("2018-10-01"))


@pytest.fixture(scope="module")
def drawn(inspections: pd.DataFrame) -> dict[str, pd.DataFrame]:
    files = draw_optional_files(11, inspections)
    return {source: pd.concat(parts.values(), ignore_index=True) for source, parts in files.items()}


@pytest.mark.parametrize("seed", [1, 2023])
def test_the_ratings_are_those_of_bulletin_2020_03(inspections: pd.DataFrame, seed: int) -> None:
    ratings = pd.concat(draw_optional_files(seed, inspections)["ratings"].values())
    assert set(ratings["standard"]) == {"Services"}
    assert ratings.groupby(["provider_type", "rating"]).size().to_dict() == {
        ("crc", "Good"): 12,
        ("crc", "Requires improvement"): 7,
        ("crc", "Inadequate"): 2,
        ("nps", "Good"): 6,
        ("nps", "Requires improvement"): 1,
    }


def test_every_inspected_case_is_among_its_providers_eligible_ones(inspections: pd.DataFrame, drawn) -> None:
    caseload = drawn["caseload"]
    named = caseload.dropna(subset="case_id").merge(inspections, on="case_id", suffixes=("", "_inspected"))
    assert 0.9 * len(inspections) < len(named) < len(inspections)
    for column in [*PROVIDER, *STRATA]:
        pd.testing.assert_series_equal(named[column], named[f"{column}_inspected"], check_names=False)
    sizes, samples = (frame.groupby([*PROVIDER, *STRATA], dropna=False).size() for frame in (caseload, inspections))
    assert (sizes.reindex(samples.index).fillna(0) >= samples).all()
    assert caseload["caseload_id"].is_unique


def test_each_caseload_asks_for_about_the_sample_that_was_achieved(inspections: pd.DataFrame, drawn) -> None:
    sizes = drawn["caseload"].groupby(PROVIDER).size()
    required = UNLIMITED_SAMPLE / (1 + (UNLIMITED_SAMPLE - 1) / sizes)
    achieved = inspections.groupby(PROVIDER).size()
    assert pytest.approx(164.237, abs=0.001) == UNLIMITED_SAMPLE
    assert ((achieved / required).between(0.94, 1.06)).all()
    assert 5_000 < sizes.sum() < 50_000


@pytest.mark.parametrize("column", STRATA)
def test_shares_of_a_caseload_are_close_to_the_samples_and_not_the_same(
    inspections: pd.DataFrame, drawn, column: str
) -> None:
    of_sample, of_caseload = (frame[column].value_counts(normalize=True) for frame in (inspections, drawn["caseload"]))
    difference = (of_sample - of_caseload).abs()
    assert 0 < difference.max() < 0.05


def test_a_caseload_is_never_smaller_than_what_was_inspected_of_it() -> None:
    rng = np.random.default_rng(3)
    for n_inspected in (0, 1, 5, 120, 158, 164, 400):
        assert all(caseload_size(rng, n_inspected) >= n_inspected for _ in range(50))


def test_the_written_files_are_read_without_a_fault(written: Written) -> None:
    inspected = {row["case_id"] for row in written.rows["inspections"]}
    for source in ("ratings", "caseload"):
        extract = read_source(source, Path(written.landing / source), None, CODES_DIR)
        assert len(extract.parsed) == len(extract.rows) > 0
        assert extract.rejected.empty
    assert set(extract.parsed["case_id"].dropna()) < inspected


def test_the_manifest_counts_the_rows_of_the_optional_files_too(written: Written) -> None:
    rows = json.loads((written.landing / "synthetic_manifest.json").read_text())["rows"]
    for source in ("ratings", "caseload"):
        for path in (written.landing / source).glob("*.csv"):
            assert rows[f"{source}/{path.name}"] == len(pd.read_csv(path))
