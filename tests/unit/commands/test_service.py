"""Dagster's programs find the code location and the data, wherever the command was given."""

import os
from pathlib import Path

import yaml

from orchestration.commands import service
from orchestration.settings import PROJECT_DIR
from tests.conftest import settings_for


def test_the_ui_is_told_where_code_and_data_lie(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr(service, "_require_free_port", lambda: None)
    monkeypatch.setattr(service, "_clear_dead_runs", lambda _settings: [])
    monkeypatch.setattr(os, "execv", lambda _program, arguments: started.extend(arguments))
    monkeypatch.setenv("PROBATION_DATA_DIR", "relative")
    service.ui.callback.__wrapped__(settings_for(tmp_path))
    workspace = Path(started[started.index("--workspace") + 1])
    (place,) = yaml.safe_load(workspace.read_text(encoding="utf-8"))["load_from"]
    assert (workspace.parent / place["python_module"]["working_directory"]).resolve() == PROJECT_DIR
    assert os.environ["PROBATION_DATA_DIR"] == str(tmp_path)
