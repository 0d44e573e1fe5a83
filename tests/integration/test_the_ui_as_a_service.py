"""`make ui` as it is started by a script: what it tells, whom it lets in, and that nothing of it stays."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.service.link import link_file
from tests.conftest import settings_for

SECONDS_TO_START, SECONDS_TO_END = 120, 10
WHERE = "{ repositoriesOrError { ... on RepositoryConnection { nodes { location { name } } } } }"
LAUNCH = """mutation($config: RunConfigData) { launchRun(executionParams: {mode: "default", runConfigData: $config,
  selector: {repositoryLocationName: "probation-outcomes", repositoryName: "__repository__", jobName: "ingest"}})
  { __typename } }"""
ANOTHER_ACCOUNT = 65534
LISTENS = "0A"  # a state of a socket in /proc/net/tcp


@dataclass
class Service:
    """The started program, where it listens, and what it told."""

    process: subprocess.Popen
    link: str
    told: str

    @property
    def address(self) -> str:
        return self.link.partition("/enter")[0]

    def ask(self, query: str, variables: dict | None = None, **headers: str) -> dict:
        """What Dagster answers to who has the token, from its own page; `headers` in place of those a browser sends."""
        given = {"Origin": self.address, "Content-Type": "application/json"}
        port, token = self.address.rpartition(":")[2], self.link.partition("token=")[2]
        given |= {"Cookie": f"probation_outcomes_{port}={token}", **headers}
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.address}/graphql", body, given)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Iterator[Service]:
    """Started as by a script that does not wait for it, so with interrupts ignored."""
    settings = settings_for(tmp_path_factory.mktemp("service"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "orchestration", "ui", "--port", str(port)]
    script = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    environment = {**os.environ, "PROBATION_DATA_DIR": str(settings.data_dir)}
    with subprocess.Popen(
        [sys.executable, "-c", script, *command],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        try:
            told = process.stdout.readline()
            service = Service(process, link_file(settings).read_text().strip(), told)
            _wait_until_it_answers(service)
            yield service
        finally:
            process.kill()


def _wait_until_it_answers(service: Service) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            service.ask(WHERE)
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the UI does not answer")


def processes_of(group: int) -> set[int]:
    """The program's processes, by what they descend from."""
    table = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(parent) for pid, parent in (line.split() for line in table.splitlines())}
    found = {group}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def listening(processes: set[int]) -> set[str]:
    """Where these processes listen over IP, as the kernel writes it: address and port in hexadecimal."""
    sockets = set()
    for pid in processes:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                sockets.add(os.readlink(descriptor).removeprefix("socket:[").removesuffix("]"))
    lines = [line.split() for table in ("tcp", "tcp6") for line in Path("/proc/net", table).read_text().splitlines()]
    return {fields[1] for fields in lines if fields[3] == LISTENS and fields[9] in sockets}


def test_it_listens_on_loopback_alone(service):
    port = int(service.address.rpartition(":")[2])
    assert listening(processes_of(service.process.pid)) == {f"0100007F:{port:04X}"}


def test_the_token_goes_into_no_log(service):
    assert "token" not in service.told
    assert "ui_link" in service.told


def test_dagster_answers_who_has_the_token(service):
    assert service.ask(WHERE)["repositoriesOrError"]["nodes"] == [{"location": {"name": "probation-outcomes"}}]


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": ""},
        {"Origin": "https://elsewhere.example"},
        {"Host": "rebound.example"},
        {"Content-Type": "text/plain"},
    ],
    ids=["no token", "another page", "another name", "a form"],
)
def test_dagster_is_not_asked_by_anybody_else(service, headers):
    with pytest.raises(urllib.error.HTTPError) as refused:
        service.ask(WHERE, **headers)
    assert refused.value.code in (400, 403)


@pytest.mark.parametrize("resource", ["pipeline", "io_manager"])
def test_who_starts_a_run_cannot_say_where_it_writes(service, tmp_path, resource):
    for setting in ("data_dir", "settings", "settings_json", "base_dir"):
        config = {"resources": {resource: {"config": {setting: str(tmp_path)}}}}
        answer = service.ask(LAUNCH, {"config": json.dumps(config)})["launchRun"]["__typename"]
        assert answer == "RunConfigValidationInvalid" or resource == "io_manager"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs to become another account")
def test_another_account_reaches_no_socket_of_it(service):
    """Neither the UI's, for want of the token, nor that of the code server, which asks for none."""
    table = Path("/proc/net/unix").read_text()
    sockets = {line.split()[-1] for line in table.splitlines() if "/probation-outcomes-" in line}
    assert sockets
    for place in sockets:
        become = ["setpriv", f"--reuid={ANOTHER_ACCOUNT}", f"--regid={ANOTHER_ACCOUNT}", "--clear-groups"]
        attack = f"import socket; socket.socket(socket.AF_UNIX).connect({place!r})"
        tried = subprocess.run([*become, "/usr/bin/python3", "-c", attack], capture_output=True, text=True, check=False)
        assert "PermissionError" in tried.stderr


def test_it_ends_with_all_its_processes_and_says_so(service):
    """The last test of this file: it ends the service."""
    processes = processes_of(service.process.pid)
    assert len(processes) > 3
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(SECONDS_TO_END) == 128 + signal.SIGTERM
    assert [pid for pid in processes if Path(f"/proc/{pid}").exists()] == []
