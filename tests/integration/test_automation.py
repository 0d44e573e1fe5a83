"""The schedule, the sensor and the code location: what starts a run, and what does not."""

import dagster as dg
import pytest

from orchestration.defs.triggers.schedules import weekly_bulletin
from orchestration.defs.triggers.sensors import landing_sensor
from orchestration.settings import OPTIONAL_SOURCES, SOURCES
from tests.another_process import run_lock_held_elsewhere


@pytest.fixture
def landing(tmp_path, monkeypatch):
    """An empty landing folder that the schedule and the sensor look at."""
    monkeypatch.setenv("PROBATION_DATA_DIR", str(tmp_path))
    for source in SOURCES:
        (tmp_path / "landing" / source).mkdir(parents=True)
    return tmp_path / "landing"


def deliver(landing, content="case_id\n1\n"):
    for source in SOURCES:
        (landing / source / "extract.csv").write_text(content)


def tick(instance, cursor):
    context = dg.build_sensor_context(instance=instance, cursor=cursor)
    return landing_sensor(context), context.cursor


def test_neither_is_on_until_switched_on():
    assert landing_sensor.default_status == dg.DefaultSensorStatus.STOPPED
    assert weekly_bulletin.default_status == dg.DefaultScheduleStatus.STOPPED


def test_empty_folders_start_nothing_and_nothing_is_generated(landing, tmp_path):
    # a schedule's context needs an instance that it could open again
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        result, _ = tick(instance, None)
        with dg.build_schedule_context(instance=instance) as context:
            scheduled = weekly_bulletin(context)
    assert isinstance(result, dg.SkipReason)
    assert isinstance(scheduled, dg.SkipReason)
    assert [p for p in landing.rglob("*") if p.is_file()] == []


def test_new_complete_files_start_one_run(landing):
    deliver(landing)
    with dg.DagsterInstance.ephemeral() as instance:
        first, cursor = tick(instance, None)
        second, cursor = tick(instance, cursor)
        third, _ = tick(instance, cursor)
    assert isinstance(first, dg.SkipReason)
    assert isinstance(second, dg.RunRequest)
    assert isinstance(third, dg.SkipReason), "one run for one state"


@pytest.mark.parametrize("source", OPTIONAL_SOURCES)
def test_a_new_optional_input_starts_another_run(landing, source):
    deliver(landing)
    with dg.DagsterInstance.ephemeral() as instance:
        _, cursor = tick(instance, None)
        first, cursor = tick(instance, cursor)
        (landing / source).mkdir()
        (landing / source / "new.csv").write_text("provider\nEssex\n")
        arriving, cursor = tick(instance, cursor)
        second, _ = tick(instance, cursor)
    assert isinstance(arriving, dg.SkipReason)
    assert isinstance(first, dg.RunRequest)
    assert isinstance(second, dg.RunRequest)


def test_what_is_published_already_starts_no_run(finished_run, monkeypatch):
    """As by hand in the terminal: the sensor has never seen it."""
    monkeypatch.setenv("PROBATION_DATA_DIR", str(finished_run.data_dir))
    with dg.DagsterInstance.ephemeral() as instance:
        _, cursor = tick(instance, None)
        published, _ = tick(instance, cursor)
        monkeypatch.setenv("PROBATION_MATCH_WINDOW_DAYS", "8")
        otherwise, _ = tick(instance, cursor)
    assert published.skip_message == "What lies there is published already."
    assert isinstance(otherwise, dg.RunRequest), "the ledger is asked, and not whether a release lies there"


def test_a_week_with_nothing_due_starts_no_run(finished_run, tmp_path, monkeypatch):
    """Each run leaves megabytes of records. Where another is alive it is not known what will be due after it."""
    monkeypatch.setenv("PROBATION_DATA_DIR", str(finished_run.data_dir))
    with (
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
        dg.build_schedule_context(instance=instance) as context,
    ):
        nothing_due = weekly_bulletin(context)
        with run_lock_held_elsewhere(finished_run.run_dir, "the first run"):
            meanwhile = weekly_bulletin(context)
        monkeypatch.setenv("PROBATION_MATCH_WINDOW_DAYS", "8")
        otherwise = weekly_bulletin(context)
    assert nothing_due.skip_message == "What lies there is published already."
    assert isinstance(meanwhile, dg.RunRequest)
    assert isinstance(otherwise, dg.RunRequest)


def test_while_a_run_is_alive_the_sensor_waits_and_forgets_nothing(landing, tmp_path):
    deliver(landing)
    with dg.DagsterInstance.ephemeral() as instance:
        _, cursor = tick(instance, None)
        with run_lock_held_elsewhere(tmp_path / ".run", "the first run"):
            meanwhile, cursor = tick(instance, cursor)
        afterwards, _ = tick(instance, cursor)
    assert isinstance(meanwhile, dg.SkipReason)
    assert "in use by run the firs" in meanwhile.skip_message
    assert isinstance(afterwards, dg.RunRequest)


def test_a_half_copied_file_starts_nothing(landing):
    deliver(landing)
    with dg.DagsterInstance.ephemeral() as instance:
        _, cursor = tick(instance, None)
        with open(landing / "reoffending" / "extract.csv", "a") as file:
            file.write("2\n")
        result, cursor = tick(instance, cursor)
        assert isinstance(result, dg.SkipReason)
        (landing / "reoffending" / "next.csv.part").write_text("half")
        _, cursor = tick(instance, cursor)
        result, _ = tick(instance, cursor)
    assert isinstance(result, dg.SkipReason)


def test_a_missing_source_is_named_and_starts_nothing(landing):
    deliver(landing)
    (landing / "terminations" / "extract.csv").unlink()
    with dg.DagsterInstance.ephemeral() as instance:
        result, _ = tick(instance, None)
    assert isinstance(result, dg.SkipReason)
    assert "terminations" in result.skip_message


def test_the_asset_graph_says_what_everything_is(finished_run):
    """Groups, kinds, owners and descriptions stand on every asset of the project."""
    from orchestration.definitions import build_definitions

    graph = build_definitions(finished_run).resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.group_name != "default", key
        assert node.description, key
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.owners, key
        assert node.kinds, key


def test_every_gate_blocks(finished_run):
    from orchestration.definitions import build_definitions

    graph = build_definitions(finished_run).resolve_asset_graph()
    gates = [key for key in graph.asset_check_keys if key.name == "gate"]
    assert len(gates) == 9
    assert all(graph.get(key).blocking for key in gates)
