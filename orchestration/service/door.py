"""Who may speak to Dagster's web server, which has no login of its own and takes commands from whoever reaches it.

Any page in an analyst's browser reaches a server on loopback, under any name that leads there, and so does every other
account of the machine. So: names of this machine alone, a token that the link holds and the browser keeps as a cookie,
no request that another page has made, and commands in one way only.

Belongs here: letting in or refusing. Not here: where the token is kept (`link.py`), and serving (`web_server.py`).
"""

import secrets

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

ENTRANCE = "/enter"
# Another name that leads here was made to do so, to pass for a page of our own.
NAMES = ["127.0.0.1", "localhost"]
COMMANDS_GO_TO = "/graphql"


def cookie_name(asked: HTTPConnection) -> str:
    """The cookie's name, with the port that the browser sees: cookies go by name of host, and two UIs may be open."""
    port = asked.headers.get("host", "").partition(":")[2]
    return f"probation_outcomes_{port if port.isascii() and port.isdigit() else 80}"


class Door:
    """ASGI middleware that lets pass what the owner of the token asks for from the UI itself, and refuses the rest."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._token = token
        self._app = TrustedHostMiddleware(self._of_a_trusted_name, NAMES, www_redirect=False)
        self._behind = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        await (self._behind if scope["type"] == "lifespan" else self._app)(scope, receive, send)

    async def _of_a_trusted_name(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = HTTPConnection(scope)
        if scope["type"] == "http" and asked.url.path == ENTRANCE:
            await self._entered(asked)(scope, receive, send)
        elif reason := _refused(asked, self._token):
            refusal = PlainTextResponse(reason, 403) if scope["type"] == "http" else WebSocketClose(reason=reason)
            await refusal(scope, receive, send)
        else:
            await self._behind(scope, receive, send)

    def _entered(self, asked: HTTPConnection) -> Response:
        """The UI, for who followed the link; the browser keeps the token, and its history a link without it."""
        if not _is_same(asked.query_params.get("token", ""), self._token):
            return PlainTextResponse("This link is an old one: each start makes a new one.", status_code=403)
        entered = RedirectResponse("/", status_code=303, headers={"Referrer-Policy": "no-referrer"})
        entered.set_cookie(cookie_name(asked), self._token, httponly=True, samesite="strict")
        return entered


def _refused(asked: HTTPConnection, token: str) -> str:
    """Why a request is not let pass; nothing where it is."""
    if not _is_same(asked.cookies.get(cookie_name(asked), ""), token):
        return "Open the link that was printed at the start; it stands in .run/ui_link in the data folder too."
    if asked.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return "Another page has asked for this. Type the address instead."
    if asked.scope["type"] == "websocket":
        return "" if _is_from_here(asked) else "Another page has asked for this."
    if asked.url.path != COMMANDS_GO_TO:
        return "" if asked.scope["method"] in ("GET", "HEAD") else "Only the UI's own commands are taken."
    # a form of another page can post too, but no JSON
    is_command = asked.scope["method"] == "POST" and asked.headers.get("content-type", "").startswith(
        "application/json"
    )
    return "" if is_command and _is_from_here(asked) else "Commands are posted as JSON, by the UI's own pages."


def _is_from_here(asked: HTTPConnection) -> bool:
    """Whether a page of this very server asks; a browser says so with every command and WebSocket."""
    return asked.headers.get("origin") == f"http://{asked.headers.get('host')}"


def _is_same(given: str, token: str) -> bool:
    return secrets.compare_digest(given.encode(errors="replace"), token.encode())
