"""From a published release to one that others may read, with the checker's yes in between."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.publications.bulletin_2023_04.contents import BULLETIN_2023_04
from orchestration.releases import registry
from orchestration.releases.building import build_release
from orchestration.releases.candidates import CELLS, RELEASE, REPORT, approve, make_candidate
from orchestration.releases.publishing import latest_release, publish
from orchestration.settings import Disclosure, Settings, read_settings
from tests.made_up import intruder
from tests.made_up.needs_results import with_needs
from tests.made_up.populations import counted_2023, counted_offences, population
from tests.made_up.results import make_facts, make_tables

FIRST, SECOND = "20260101T000000Z-first", "20260102T000000Z-second"
# Made up by hand: they would contradict the counts.
OF_OTHER_CASES = (
    "annex_c", "needs_counts", "needs_cooccurrence", "subgroup_differences", "judgement_gaps", "linkage_statuses",
)  # fmt: skip
ROUNDED = Disclosure(disclosure_rounding=5)


@pytest.fixture(autouse=True, scope="module")
def _no_pages():
    """Pages take long to draw; the one test that reads one has it drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "PUBLICATIONS", ())
        yield


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A data folder with two exact releases, whose cases are the same but for one."""
    folder = tmp_path_factory.mktemp("candidates")
    cases = population(seed=1)
    publish_cases(folder, FIRST, cases)
    publish_cases(folder, SECOND, cases.drop(index=cases.index[-1]))
    return folder


def publish_cases(data: Path, name: str, cases: pd.DataFrame) -> None:
    tables = with_needs(make_tables()) | counted_2023(cases) | counted_offences(cases)
    tables = {name: frame for name, frame in tables.items() if name not in OF_OTHER_CASES}
    facts = replace(make_facts(is_synthetic=False), release=name, fingerprints={"release": name})
    publish(data / "published", name, lambda folder: build_release(folder, tables, facts, processes=1))


@pytest.fixture
def settings(data, tmp_path) -> Settings:
    """Reads the exact releases, and has candidates and a public folder of its own."""
    (tmp_path / "published").symlink_to(data / "published")
    return read_settings({"PROBATION_DATA_DIR": str(tmp_path)})


def test_a_yes_makes_a_candidate_public_and_only_what_was_read(settings):
    folder = make_candidate(settings, FIRST, processes=1)
    assert "Annex B" in (folder / REPORT).read_text(encoding="utf-8")
    assert (folder / CELLS).stat().st_mode & 0o077 == 0
    for by, reason in (("", "read"), ("A. Checker", " ")):
        with pytest.raises(PipelineError, match="who gives it, and why"):
            approve(settings, FIRST, by, reason)
    with pytest.raises(PipelineError, match="no candidate 'another'"):
        approve(settings, "another", "A. Checker", "read")
    table = folder / RELEASE / "csv" / "annex_b.csv"
    as_read = table.read_bytes()
    table.write_bytes(as_read + b"\n")
    with pytest.raises(PipelineError, match=r"not what was read: csv/annex_b\.csv"):
        approve(settings, FIRST, "A. Checker", "read")
    assert latest_release(settings.public_dir) is None
    table.write_bytes(as_read)
    public = approve(settings, FIRST, "A. Checker", "read the report")
    assert latest_release(settings.public_dir) == public
    assert all(path.stat().st_mode & stat.S_IROTH for path in public.rglob("*"))
    assert json.loads((folder / "approval.json").read_text())["by"] == "A. Checker"


def test_what_goes_out_tells_of_no_small_group_no_file_and_no_number_on_the_way(settings, monkeypatch):
    monkeypatch.setattr(registry, "PUBLICATIONS", (BULLETIN_2023_04,))
    folder = make_candidate(settings, FIRST, processes=1) / RELEASE
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["profile"], manifest["inputs"], manifest["row_counts"]) == ("release", [], {})
    tables, exact = (intruder.read(path) for path in (folder, settings.published_dir / FIRST))
    assert {"model_exclusions", "gate_results", "small_cells", "linkage_rules"} <= exact.keys() - tables.keys()
    assert intruder.small_counts(exact)
    assert not intruder.small_counts(tables)
    assert exact["model_levels"]["n"].notna().any()
    assert not tables["model_levels"]["n"].notna().any()
    page = (folder / "bulletin.html").read_text(encoding="utf-8")
    assert ">[c]<" in page
    assert "[c] stands for a number kept back" in page


def test_a_release_one_case_apart_from_one_that_is_out_is_refused_with_its_groups(settings):
    make_candidate(settings, FIRST, processes=1)
    approve(settings, FIRST, "A. Checker", "read")
    with pytest.raises(PipelineError, match=f"subtracting the release {FIRST}.*all cases") as refusal:
        make_candidate(settings, SECOND, processes=1)
    assert "PROBATION_DISCLOSURE_ROUNDING=5" in refusal.value.remedy
    assert not (settings.candidates_dir / SECOND).exists()


def test_releases_with_rounded_counts_may_follow_each_other(settings):
    rounding = settings.model_copy(update={"disclosure": ROUNDED})
    make_candidate(rounding, FIRST, processes=1)
    approve(rounding, FIRST, "A. Checker", "read")
    folder = make_candidate(rounding, SECOND, processes=1)
    sizes = intruder.read(folder / RELEASE)["annex_b"]["n"].dropna()
    assert (sizes % 5 == 0).all()
    assert FIRST in (folder / REPORT).read_text(encoding="utf-8")
