"""The code location that Dagster loads (`workspace.yaml`, `[tool.dg.project]`)."""

import os

# Nothing leaves the machine, however the code location is started.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

from orchestration.build import build_definitions
from orchestration.settings import read_settings

defs = build_definitions(read_settings())
