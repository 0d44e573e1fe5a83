"""Dagster's web server behind the door.

Belongs here: its application, and serving it. Not here: who is let in (`door.py`), and the processes beside
it (`processes.py`).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import uvicorn
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_webserver.webserver import DagsterWebserver
from starlette.types import ASGIApp

from orchestration.service.door import Door

MILLISECONDS_BETWEEN_LOOKS = 2000


@contextmanager
def application(instance: dg.DagsterInstance, workspace: Path, token: str, is_read_only: bool) -> Iterator[ASGIApp]:
    """Dagster's application as it may be reached: by who has the token, to look alone where it is read-only."""
    target = WorkspaceFileTarget(paths=[str(workspace)])
    with WorkspaceProcessContext(instance, target, version=dg.__version__, read_only=is_read_only) as context:
        yield Door(DagsterWebserver(context, live_data_poll_rate=MILLISECONDS_BETWEEN_LOOKS).create_asgi_app(), token)


def serve(app: ASGIApp, host: str, port: int) -> None:
    """Serve until the process ends."""
    config = uvicorn.Config(app, host, port, log_level="warning", proxy_headers=False, server_header=False)
    # in a thread of its own it leaves signals alone
    serving = threading.Thread(target=uvicorn.Server(config).run, daemon=True)
    serving.start()
    serving.join()
