"""Dagster's application behind the door: who may look may command too, but for where it is read-only."""

import asyncio
import json
from pathlib import Path

import dagster as dg
import pytest
from starlette.types import ASGIApp

from orchestration.service.web_server import application

TOKEN = "the-token"
JOB = '{repositoryLocationName: "x", repositoryName: "x", jobName: "x"}'
COMMANDS = {
    "start a run": f'launchRun(executionParams: {{mode: "default", selector: {JOB}}})',
    "delete a run": 'deletePipelineRun(runId: "none")',
    "stop a run": 'terminateRun(runId: "none")',
    "forget an asset": 'wipeAssets(assetPartitionRanges: [{assetKey: {path: ["x"]}}])',
}


def ask(app: ASGIApp, query: str) -> dict:
    """What the UI's own page is answered."""
    answer = bytearray()
    headers = {
        "host": "127.0.0.1:3000",
        "origin": "http://127.0.0.1:3000",
        "content-type": "application/json",
        "cookie": f"probation_outcomes_3000={TOKEN}",
    }

    async def receive() -> dict:
        return {"type": "http.request", "body": json.dumps({"query": query}).encode()}

    async def send(message: dict) -> None:
        answer.extend(message.get("body", b""))

    scope = {
        **{
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
        },
        **{"headers": [(name.encode(), value.encode()) for name, value in headers.items()]},
    }
    asyncio.run(app(scope, receive, send))
    return json.loads(answer)["data"]


def is_refused(app: ASGIApp, command: str) -> bool:
    (outcome,) = ask(app, f"mutation {{ {command} {{ __typename }} }}").values()
    return outcome["__typename"] == "UnauthorizedError"


@pytest.mark.parametrize("is_read_only", [False, True])
def test_a_read_only_one_answers_and_takes_no_command(tmp_path: Path, is_read_only: bool) -> None:
    workspace = tmp_path / "workspace.yaml"
    workspace.write_text("load_from: []\n", encoding="utf-8")
    with (
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
        application(instance, workspace, TOKEN, is_read_only) as app,
    ):
        assert ask(app, "{ version }") == {"version": dg.__version__}
        assert {name: is_refused(app, command) for name, command in COMMANDS.items()} == dict.fromkeys(
            COMMANDS, is_read_only
        )
