"""How far dbt is, from its own events."""

from types import SimpleNamespace

from orchestration.dbt.telling import telling_progress
from orchestration.storage import progress
from tests.unit.storage.kept_progress import Kept


def event(name, **data):
    return SimpleNamespace(info=SimpleNamespace(name=name, msg="select 'Smith'"), data=SimpleNamespace(**data))


def test_what_dbt_begins_is_counted_and_nothing_else_is_told():
    watcher = Kept()
    tell_progress = telling_progress()
    with progress.watched_by(watcher):
        tell_progress(event("MainReportVersion"))
        tell_progress(event("LogStartLine", index=2, total=54, description="sql view model staging.cases"))
        tell_progress(event("SQLQuery", sql="select 'Smith'"))
        tell_progress(event("LogStartLine", index=1, total=54, description="test not_null"))
    assert watcher.told == ["step 1 of 54", "step 2 of 54"]
