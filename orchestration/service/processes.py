"""Dagster's code server and daemon: started with the web server, and ended with it.

They speak through a socket in a folder that is closed to others: whoever reaches the code server can start a run.

Belongs here: which processes there are. Not here: how each is tied to this one (`child.py`), and the web server.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import yaml

from orchestration.errors import PipelineError
from orchestration.settings import CODE_LOCATION, PROJECT_DIR
from orchestration.storage.stopping import at_stop, stop

CODE = "orchestration.definitions"
SECONDS_TO_START = 120
SECONDS_TO_END = 3


def start_beside_the_web_server() -> Path:
    """Start the code server and the daemon; returns the workspace file that leads to the code server.

    This process ends when either of them does, and they end with it. Raises PipelineError where the code cannot be
    served.
    """
    # not in the data folder: the name of a socket must be short
    folder = tempfile.TemporaryDirectory(prefix="probation-outcomes-")
    at_stop(folder.cleanup)
    os.environ["TMPDIR"] = folder.name  # where Dagster's own sockets are made
    socket, workspace = Path(folder.name, "code"), Path(folder.name, "workspace.yaml")
    place = {"grpc_server": {"socket": str(socket), "location_name": CODE_LOCATION}}
    workspace.write_text(yaml.safe_dump({"load_from": [place]}), encoding="utf-8")
    code = ("-m", CODE, "-d", str(PROJECT_DIR), "--location-name", CODE_LOCATION)
    code_server = _start("code server", "dagster", "code-server", "start", "-s", str(socket), *code)
    _wait_until_served(socket, code_server)
    _start("daemon", "dagster._daemon", "run", "-w", str(workspace))
    return workspace


def _start(name: str, module: str, *arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "orchestration.service.child", module, *arguments, "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=PROJECT_DIR, stdin=subprocess.PIPE, start_new_session=True)
    at_stop(lambda: _end(process))
    threading.Thread(target=_stop_when_it_ends, args=(name, process), daemon=True).start()
    return process


def _stop_when_it_ends(name: str, process: subprocess.Popen) -> None:
    process.wait()
    stop(f"Dagster's {name} has ended, so everything was. What it said stands above; start it again.", 1)


def _end(process: subprocess.Popen) -> None:
    """End a process and all that it started, and wait until they are gone: a run holds its lock to the last."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for _ in range(10 * SECONDS_TO_END):
            os.killpg(process.pid, 0)
            time.sleep(0.1)


def _wait_until_served(socket: Path, code_server: subprocess.Popen) -> None:
    for _ in range(10 * SECONDS_TO_START):
        if socket.exists() or code_server.poll() is not None:
            return
        time.sleep(0.1)
    raise PipelineError("Dagster's code server does not start.", "See what it said above, and try again.")
