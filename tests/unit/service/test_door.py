"""Who is let in: the owner of the token, from the UI's own pages; each other way in is tried and refused."""

import asyncio
import stat
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket

from orchestration.service.door import Door
from orchestration.service.link import keep_link, link_file, new_token
from tests.conftest import settings_for

TOKEN = "the-token"
HERE = "http://127.0.0.1:3000"
COMMAND = {"origin": HERE, "content_type": "application/json"}
FROM_ELSEWHERE = {
    "another page": {"origin": "https://elsewhere.example"},
    "another server of this machine": {"origin": "http://127.0.0.1:4000"},
    "a sandboxed page": {"origin": "null"},
    "nobody knows whose": {"origin": ""},
    "a name made to lead here": {"host": "rebound.example:3000", "origin": "http://rebound.example:3000"},
    "another page, by its fetch": {"sec_fetch_site": "cross-site"},
    "another server, by its fetch": {"sec_fetch_site": "same-site"},
}


async def behind(scope, receive, send):
    """What lies behind the door; it answers whatever is asked."""
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).accept()
    else:
        await PlainTextResponse("behind the door")(scope, receive, send)


@dataclass
class Browser:
    """What asks at the door, with the cookie that it has."""

    cookie: str = ""
    port_of_cookie: str = ""

    def ask(self, path: str, method: str = "GET", kind: str = "http", **headers: str) -> dict[str, Any]:
        """The first thing that is answered."""
        answers: list[dict[str, Any]] = []
        given = {"host": "127.0.0.1:3000"} | headers
        port = self.port_of_cookie or given["host"].partition(":")[2]
        given = {"cookie": f"probation_outcomes_{port}={self.cookie}"} | given
        path, _, query = path.partition("?")
        scope = {
            **{"type": kind, "method": method, "path": path, "query_string": query.encode(), "root_path": ""},
            **{"headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()]},
            **{"server": ("127.0.0.1", 3000), "scheme": "http", "extensions": {"websocket.http.response": {}}},
        }

        async def receive():
            return {"type": "websocket.connect" if kind == "websocket" else "http.request", "body": b""}

        async def send(answer):
            answers.append(answer)

        asyncio.run(Door(behind, TOKEN)(scope, receive, send))
        return answers[0]

    def status(self, path: str, method: str = "GET", **headers: str) -> int:
        return self.ask(path, method, **headers)["status"]

    def opens_websocket(self, **headers: str) -> bool:
        return self.ask("/graphql", kind="websocket", **headers)["type"] == "websocket.accept"


STRANGER, OWNER = Browser(), Browser(TOKEN)


def test_the_link_opens_and_the_browser_keeps_the_token_from_scripts_and_other_sites():
    entered = STRANGER.ask(f"/enter?token={TOKEN}")
    headers = {name.decode(): value.decode().lower() for name, value in entered["headers"]}
    assert (entered["status"], headers["location"]) == (303, "/")
    assert headers["set-cookie"].startswith(f"probation_outcomes_3000={TOKEN};")
    assert {"httponly", "samesite=strict"} <= set(headers["set-cookie"].split("; "))


@pytest.mark.parametrize("query", ["", "?token=", "?token=another", "?token=%C3%A9"])
def test_a_wrong_link_opens_nothing(query):
    refused = STRANGER.ask(f"/enter{query}")
    assert refused["status"] == 403
    assert b"set-cookie" not in dict(refused["headers"])


@pytest.mark.parametrize("path", ["/", "/graphql", "/server_info", "/logs/x", "/download_debug/x", "/enter/"])
@pytest.mark.parametrize("cookie", ["", "a guess", "\xe9"])
def test_without_the_token_nothing_is_answered(path, cookie):
    assert Browser(cookie).status(path) == 403
    assert Browser(cookie).status(path, "POST", **COMMAND) == 403
    assert not Browser(cookie).opens_websocket(origin=HERE)


def test_the_ui_itself_reads_and_commands():
    assert OWNER.status("/runs", sec_fetch_site="same-origin") == 200
    assert OWNER.status("/runs", sec_fetch_site="none") == 200
    assert OWNER.status("/graphql", "POST", **COMMAND) == 200
    assert OWNER.opens_websocket(origin=HERE)


def test_it_works_through_a_tunnel_from_another_port():
    through = {"host": "localhost:8888", "origin": "http://localhost:8888"}
    assert OWNER.status("/graphql", "POST", **COMMAND | through) == 200
    assert OWNER.opens_websocket(**through)


def test_two_of_them_on_one_machine_do_not_log_each_other_out():
    other = STRANGER.ask(f"/enter?token={TOKEN}", host="127.0.0.1:3001")
    assert dict(other["headers"])[b"set-cookie"].decode().startswith("probation_outcomes_3001=")
    assert Browser(TOKEN, port_of_cookie="3001").status("/runs") == 403, "that is the other's cookie"


@pytest.mark.parametrize("headers", FROM_ELSEWHERE.values(), ids=FROM_ELSEWHERE)
def test_what_comes_from_elsewhere_is_refused_even_with_the_token(headers):
    assert OWNER.status("/graphql", "POST", **COMMAND | headers) in (400, 403)
    assert not OWNER.opens_websocket(**{"origin": HERE} | headers)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/graphql", ""])
def test_no_command_is_taken_from_a_form(content_type):
    assert OWNER.status("/graphql?query=mutation", "POST", **COMMAND | {"content_type": content_type}) == 403


@pytest.mark.parametrize("path", ["/graphql?query=mutation", "/graphql"])
def test_no_command_is_taken_by_get(path):
    assert OWNER.status(path, origin=HERE, content_type="application/json") == 403


@pytest.mark.parametrize("path", ["report_asset_materialization", "report_asset_check", "report_asset_observation"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_is_reported_from_outside(method, path):
    assert OWNER.status(f"/{path}/marts/cases", method, **COMMAND) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_an_image_of_another_page_is_refused_even_if_the_browser_sends_the_token(site):
    assert OWNER.status("/download_debug/x", sec_fetch_site=site) == 403


def test_each_start_has_a_link_of_its_own_for_its_owner_alone(tmp_path):
    settings = settings_for(tmp_path)
    settings.run_dir.mkdir()
    tokens = {new_token() for _ in range(3)}
    assert len(tokens) == 3
    link = keep_link(settings, HERE, min(tokens))
    assert link_file(settings).read_text() == f"{link}\n"
    assert stat.S_IMODE(link_file(settings).stat().st_mode) == 0o600
