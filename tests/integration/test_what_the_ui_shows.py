"""The UI and `make bulletin` agree on what is due: what Dagster calls stale is what the ledger would do again.

And a run from the terminal is found in the UI: in its timeline, and by what it came to.
"""

import json

import dagster as dg
import duckdb
import pytest
from dagster._core.definitions.data_version import CachingStaleStatusResolver, StaleStatus  # what the UI asks
from dagster._core.definitions.observe import observe
from dagster._core.loader import LoadingContextForTest

from orchestration.definitions import build_definitions
from orchestration.defs.assets.received import received_assets
from orchestration.defs.instance import prepare_home
from orchestration.defs.received import received_key
from orchestration.defs.stage_runs import STAGE
from orchestration.ledger import current
from orchestration.ledger.inputs import stage_inputs
from orchestration.ledger.records import recorded_inputs, recorded_stages
from orchestration.ledger.stages import STAGES, parts
from orchestration.releases.publishing import latest_release
from orchestration.settings import CODE_LOCATION, Settings
from tests.conftest import settings_for

ASKED = [name for name, stage in STAGES.items() if stage.has_assets and not stage.is_asked_for]


def due_by_the_ledger(settings: Settings) -> set[str]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        recorded, inputs = recorded_stages(connection), recorded_inputs(connection)
    inputs |= {name: stage_inputs(settings, name) for name in ASKED}
    due = {name for name in parts() + ASKED if not current.is_current(name, recorded, settings, inputs)} - {"release"}
    return {name for name in due if STAGES[name].has_assets} | ({"release"} if due & set(parts()) else set())


def stale_in_the_ui(settings: Settings, look_again: bool = False) -> set[str]:
    prepare_home(settings)
    definitions = build_definitions(settings)
    with dg.DagsterInstance.get() as instance:
        if look_again:
            observe(received_assets(), instance=instance, resources=definitions.resources)
        graph = definitions.resolve_asset_graph()
        resolver = CachingStaleStatusResolver(instance, graph, LoadingContextForTest(instance))
        statuses: dict[str, set[StaleStatus]] = {name: set() for name in ASKED}
        for key in graph.materializable_asset_keys:
            stage = graph.get(key).metadata.get(STAGE)
            if stage in statuses:
                statuses[stage].add(resolver.get_status(key))
    return {name for name, found in statuses.items() if found != {StaleStatus.FRESH}}


def test_a_run_is_found_by_its_release_its_window_and_its_code(finished_run, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(finished_run.run_dir))  # another process may have made the run
    release = latest_release(finished_run.published_dir)
    code = json.loads((release / "manifest.json").read_text())["code_version"]
    with dg.DagsterInstance.from_config(str(finished_run.run_dir)) as instance:
        tags = {"release": release.name, "window": "7", "code": code}
        (run,) = instance.get_runs(dg.RunsFilter(tags=tags))
    assert run.status == dg.DagsterRunStatus.SUCCESS
    assert run.remote_job_origin.location_name == CODE_LOCATION, "or the timeline leaves it out"


def test_nothing_is_stale_after_a_run(run_copy):
    assert due_by_the_ledger(run_copy) == set()
    assert stale_in_the_ui(run_copy) == set()


@pytest.mark.parametrize("change", [{"match_window_days": 10}, {"significance_level": 0.01}, {"match_rate_low": 10.0}])
def test_another_parameter_makes_the_same_stages_due_in_both(run_copy, change):
    settings = settings_for(run_copy.data_dir, **change)
    due = due_by_the_ledger(settings)
    assert due
    assert stale_in_the_ui(settings) == due


@pytest.mark.parametrize("changed", ["needs_models", "linkage_gate", "linkage_bias"])
def test_other_code_makes_the_same_stages_due_in_both(run_copy, monkeypatch, changed):
    """The code of a gate, which makes no asset, makes what is built on it stale."""
    real = current.code_fingerprint
    monkeypatch.setattr(
        current, "code_fingerprint", lambda name, settings: real(name, settings) + "changed" * (name == changed)
    )
    due = due_by_the_ledger(run_copy)
    assert due
    assert stale_in_the_ui(run_copy) == due


def test_what_reads_a_changed_file_is_stale_once_it_is_looked_at(run_copy):
    """What rests on it is called stale when it has been made again: Dagster compares with what was made."""
    truth = next(run_copy.truth_dir.glob("terminations*"))
    truth.write_text("\n".join(truth.read_text().splitlines()[:-1]) + "\n")
    assert due_by_the_ledger(run_copy) == {"linkage_quality", "linkage_tiers", "release"}
    assert stale_in_the_ui(run_copy) == set()
    assert stale_in_the_ui(run_copy, look_again=True) == {"linkage_quality"}


def test_every_stage_that_reads_something_has_an_asset_for_it(finished_run):
    graph = build_definitions(finished_run).resolve_asset_graph()
    read = {name for name, stage in STAGES.items() if stage.reads}
    assert {key.path[1] for key in graph.get_all_asset_keys() if key.path[0] == "received"} == read
    for name in read:
        children = graph.get(received_key(name)).child_keys
        assert {graph.get(child).metadata.get(STAGE) for child in children} == {name}
