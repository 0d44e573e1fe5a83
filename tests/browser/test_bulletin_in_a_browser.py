"""The pages of a release in a real browser: phone width, no network, no scripts."""

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from orchestration.releases.registry import PUBLICATIONS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]
PHONE_WIDTH = 390
# Whatever the page would load or run is refused and reported; only its own inline style is allowed.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; report-uri /violation"
MEASURE = """<!DOCTYPE html><body style="margin:0">
<iframe id="page" src="/page" style="width:{width}px;height:2000px;border:0"></iframe>
<script>
document.getElementById("page").onload = function () {{
  var page = this.contentDocument;
  var details = page.querySelectorAll("details");
  for (var i = 0; i < details.length; i++) {{ details[i].open = true; }}
  var texts = page.querySelectorAll("figure svg text"), small = 1000;
  for (var j = 0; j < texts.length; j++) {{
    small = Math.min(small, texts[j].getBoundingClientRect().height);
  }}
  document.body.setAttribute("data-measured",
    page.documentElement.scrollWidth + " " + page.documentElement.clientWidth + " " + Math.round(small));
}};
</script></body>"""


@dataclass
class Site:
    """A loopback server with the page; it remembers what was asked for."""

    page: bytes
    asked: list[str] = field(default_factory=list)
    address: str = ""


@pytest.fixture(scope="module", params=PUBLICATIONS, ids=lambda publication: publication.publication_id)
def page(request: pytest.FixtureRequest, release_folder: Path) -> Path:
    return release_folder / request.param.page


@pytest.fixture
def site(page: Path) -> Iterator[Site]:
    served = Site(page.read_bytes())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            measuring = re.fullmatch(r"/measure/(\d+)", self.path)
            body = MEASURE.format(width=measuring[1]).encode() if measuring else served.page
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if not measuring:
                self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            served.asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield served
    server.shutdown()
    server.server_close()


def browse(address: str, profile: Path, *options: str) -> str:
    """The document as the browser sees it once loaded."""
    quiet = [
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", *quiet]
    command += [f"--user-data-dir={profile}", "--virtual-time-budget=5000", *options, address]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


@pytest.mark.parametrize("width", [PHONE_WIDTH, 320, 1200], ids=["phone", "small phone", "desk"])
def test_the_page_never_scrolls_sideways(site: Site, tmp_path: Path, width: int) -> None:
    document = browse(f"{site.address}/measure/{width}", tmp_path, "--window-size=1300,2000", "--dump-dom")
    measured = re.search(r'data-measured="(\d+) (\d+) (\d+)"', document)
    assert measured, "the page was not measured"
    content, window, _ = (int(number) for number in measured.groups())
    assert content <= window


def test_text_in_figures_can_be_read_on_a_phone(site: Site, tmp_path: Path) -> None:
    document = browse(f"{site.address}/measure/{PHONE_WIDTH}", tmp_path, "--window-size=1300,2000", "--dump-dom")
    smallest = int(re.findall(r'data-measured="\d+ \d+ (\d+)"', document)[0])
    assert smallest >= 9


def test_the_page_asks_for_nothing_and_runs_nothing(site: Site, tmp_path: Path) -> None:
    document = browse(f"{site.address}/page", tmp_path, "--dump-dom")
    assert "Key findings" in document
    assert set(site.asked) <= {"/page", "/favicon.ico"}


def test_a_violation_would_be_noticed(site: Site, tmp_path: Path) -> None:
    site.page = site.page.replace(b"</main>", b'<img src="/elsewhere.png" alt=""></main>')
    browse(f"{site.address}/page", tmp_path, "--dump-dom")
    assert "/violation" in site.asked


def printed_pages(address: str, folder: Path) -> int:
    pdf = folder / "printed.pdf"
    browse(address, folder / "profile", f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))


def test_folded_tables_stay_out_of_a_print_of_at_most_thirty_pages(page: Path, tmp_path: Path) -> None:
    without = tmp_path / "without.html"
    without.write_text(
        re.sub(r"(<h3>[^<]*</h3>\s*)?<details>.*?</details>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    )
    pages = printed_pages(page.as_uri(), tmp_path)
    assert pages == printed_pages(without.as_uri(), tmp_path) <= 30
