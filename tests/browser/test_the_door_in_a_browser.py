"""The door of the UI against a real browser that holds the token: pages of others reach nothing, its own pages do."""

import asyncio
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from starlette.responses import HTMLResponse
from starlette.websockets import WebSocket

from orchestration.service.door import Door

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]
TOKEN = "the-token"
SECONDS_TO_TRY = 3
# What a page can try with what the browser sends along; each says in the document's title that it has been done. The
# browser shows the document once its last image has come.
PAGE = """<!DOCTYPE html><title></title><body><img src="/slow" alt=""><script>
var at = "{target}", done = function (what) {{ return function () {{ document.title += what + ","; }}; }};
function attack() {{
  var image = new Image(); image.onerror = done("image"); image.onload = done("image-shown");
  image.src = "http://" + at + "/image";
  fetch("http://" + at + "/graphql", {{method: "POST", credentials: "include", body: "{{}}",
    headers: {{"Content-Type": "{type}"}}, mode: "{mode}"}}).then(done("command"), done("command"));
  var socket = new WebSocket("ws://" + at + "/graphql");
  socket.onopen = done("socket-opened"); socket.onclose = done("socket-closed");
  var frame = document.createElement("iframe"); frame.name = "frame"; document.body.appendChild(frame);
  var form = document.createElement("form"); form.method = "post"; form.target = "frame";
  form.action = "http://" + at + "/graphql?query=mutation"; document.body.appendChild(form); form.submit();
}}
{start}
</script></body>"""
# Opened by the browser's owner in another tab meanwhile, so that the browser holds the token.
WITH_THE_TOKEN = 'window.open("http://127.0.0.1:{port}/enter?token={token}"); setTimeout(attack, 1000);'


@dataclass
class Site:
    """A server on loopback, and what reached the application in it."""

    reached: list[str] = field(default_factory=list)
    page: str = ""
    port: int = 0

    async def __call__(self, scope, receive, send):
        """What lies behind the door, or the page of another."""
        self.reached.append(f"{scope.get('method', 'SOCKET')} {scope['path']}")
        if scope["path"] == "/slow":
            await asyncio.sleep(SECONDS_TO_TRY)
        if scope["type"] == "websocket":
            websocket = WebSocket(scope, receive, send)
            await websocket.accept()
            await websocket.close()
        else:
            await HTMLResponse(self.page)(scope, receive, send)


@contextmanager
def served(app) -> Iterator[int]:
    """The port on which an application is served meanwhile."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = server.force_exit = True
        thread.join()


@pytest.fixture
def ui() -> Iterator[Site]:
    site = Site()
    with served(Door(site, TOKEN)) as site.port:
        yield site


@pytest.fixture
def other() -> Iterator[Site]:
    site = Site()
    with served(site) as site.port:
        yield site


def browse(address: str, profile: Path, *options: str) -> str:
    """The title of the page after it has done what it does."""
    quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-popup-blocking", *quiet]
    command += [f"--user-data-dir={profile}", "--dump-dom", *options, address]
    document = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    titled = re.search(r"<title>(.*?)</title>", document)
    return titled[1] if titled else ""


def test_the_ui_itself_gets_everything_through(ui, tmp_path):
    ui.page = PAGE.format(
        target=f"127.0.0.1:{ui.port}", type="application/json", mode="same-origin", start="setTimeout(attack, 500);"
    )
    title = browse(f"http://127.0.0.1:{ui.port}/enter?token={TOKEN}", tmp_path)
    assert "socket-opened" in title
    assert {"GET /", "GET /image", "POST /graphql", "SOCKET /graphql"} <= set(ui.reached)


@pytest.mark.parametrize("name", ["elsewhere.example", "127.0.0.1", "localhost"])
def test_no_page_of_another_gets_anything_through(ui, other, tmp_path, name):
    """Neither of another site nor of another server on this machine, whose requests the browser adds the token to."""
    start = WITH_THE_TOKEN.format(port=ui.port, token=TOKEN)
    other.page = PAGE.format(target=f"127.0.0.1:{ui.port}", type="text/plain", mode="no-cors", start=start)
    rules = f"--host-resolver-rules=MAP {name} 127.0.0.1"
    title = browse(f"http://{name}:{other.port}/", tmp_path, rules)
    assert {"image", "command", "socket-closed"} <= set(title.split(",")), "the page has tried"
    assert set(ui.reached) <= {"GET /", "GET /favicon.ico", "GET /slow"}, "the owner's own look at the UI"


def test_no_name_made_to_lead_here_gets_anything_through(ui, tmp_path):
    """DNS rebinding: the page's own name now leads to the UI, so that the browser takes them for one."""
    rules = "--host-resolver-rules=MAP rebound.example 127.0.0.1"
    browse(f"http://rebound.example:{ui.port}/enter?token={TOKEN}", tmp_path, rules)
    assert ui.reached == []
