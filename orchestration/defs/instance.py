"""Dagster's home under the data folder.

Belongs here: making the home and pointing Dagster at it, without loading Dagster. Not here: the runs in it
(`dead_runs.py`) and locks (`storage/locks.py`).
"""

import os
import shutil
from pathlib import Path

from orchestration.settings import OPTIONAL_SOURCES, SOURCES, Settings
from orchestration.storage import files

DAGSTER_YAML = Path(__file__).with_name("dagster.yaml")


def prepare_home(settings: Settings) -> None:
    """Make `.run`, closed to others, with the project's dagster.yaml; it is DAGSTER_HOME, and telemetry stays off."""
    for folder in (settings.run_dir, settings.quality_dir):  # an earlier version left them open to others
        files.make_private_folder(folder, folder)
    shutil.copyfile(DAGSTER_YAML, settings.run_dir / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(settings.run_dir)
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    # the welcome dialog asks for an e-mail address and offers links to the internet
    (settings.run_dir / ".nux").mkdir(exist_ok=True)
    (settings.run_dir / ".nux" / "nux.yaml").write_text("seen: 1\n", encoding="utf-8")
    for source in (*SOURCES, *OPTIONAL_SOURCES):
        (settings.landing_dir / source).mkdir(parents=True, exist_ok=True)
