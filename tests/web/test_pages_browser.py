"""Do the pages hold in a real browser: both themes, narrow screens, keyboard, no script, strict policy?"""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from feedsvc.model import Author, SafeHtml
from feedsvc.web import create_app
from tests.conftest import Clock
from tests.web.site import ARABIC, EMPTY, WORLD, config, open_site

playwright = pytest.importorskip("playwright.sync_api")

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LONG = "/a/tag:times.example,2026:1"  # leads on to the article's address
ARABIC_ONE = "/a/tag:akhbar.example,2026:1"
PAGES = ["/", "/c/world/", "/c/arabic/", "/c/empty/", "/all/", "/nothing", "/status", LONG, ARABIC_ONE]
WCAG_AA = 4.5

# The contrast of every text on the page against what is really behind it (WCAG 2.2, 1.4.3).
CONTRASTS = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !element.checkVisibility()) continue;
    const pair = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    found.push([(Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05), text.slice(0, 40)]);
  }
  return found;
}"""


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, sqlite_empty: Path) -> Iterator[str]:
    """A full site behind a small server in this process."""
    clock = Clock()
    with make_server("127.0.0.1", 0, lambda *_: [], handler_class=Silent) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        database = tmp_path_factory.mktemp("browser") / "feedsvc.sqlite"
        database.write_bytes(sqlite_empty.read_bytes())
        settings = config(site={"title": "Example feeds", "url": address}, categories=[WORLD, ARABIC, EMPTY])
        site = open_site(database, clock, settings)
        summary = SafeHtml("<p>A summary that is long enough to be broken into several lines. </p>" * 5)
        site.write("times", "A_word_that_cannot_be_broken_" * 8, *map(str, range(60)), summary=summary)
        body = SafeHtml("<p>Text</p><pre>" + "x" * 500 + "</pre><p>End of it</p>")
        site.write("times", "Here", link=None, content=body, published=clock())
        site.write(
            "akhbar", "عودة القطارات الليلية إلى جبال الألب", authors=(Author(name="ليلى"),), language="ar"
        )
        site.publish()
        server.set_app(create_app(site.services))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield address
        server.shutdown()
        thread.join()
        site.services.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        reason = f"these tests need chromium at {CHROMIUM} (Debian package chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield opened
        opened.close()


class Tab:
    """A page in a context of its own, and what the console said."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def __enter__(self) -> "Tab":
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_and_can_be_read(browser: Any, address: str, path: str) -> None:
    with Tab(browser, reduced_motion="reduce") as tab:  # no colours half way
        tab.page.goto(address + path)
        for scheme, paper in (("light", "rgb(252, 251, 248)"), ("dark", "rgb(23, 21, 18)")):
            tab.page.emulate_media(color_scheme=scheme)
            assert tab.page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
            for width in (320, 360, 1440):
                tab.page.set_viewport_size({"width": width, "height": 780})
                assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
            contrasts = tab.page.evaluate(CONTRASTS)
            assert len(contrasts) > 5
            assert [text for ratio, text in contrasts if ratio < WCAG_AA] == []
        # Nothing that the policy refused, nothing that failed to load.
        assert [one.partition(":")[0] for one in tab.said] == (
            ["Failed to load resource"] if path == "/nothing" else []
        )


@pytest.mark.parametrize("secure", [True, False])
def test_copy_puts_the_chosen_address_into_the_clipboard(browser: Any, address: str, secure: bool) -> None:
    with Tab(browser) as tab:
        tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        if not secure:  # as on a plain http address other than this machine's own
            tab.context.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
        tab.page.goto(f"{address}/c/world/")
        tab.page.get_by_text("Atom", exact=True).click()
        button = tab.page.get_by_role("button", name="Copy")
        assert button.count() == 1  # those of the other formats are not shown
        button.click()
        tab.page.get_by_role("button", name="Copied").wait_for()
        assert tab.page.evaluate("navigator.clipboard.readText()") == f"{address}/c/world.atom"
        assert f"{address}/c/world.atom" in tab.page.get_by_role("status").inner_text()
        assert tab.said == []


def test_without_a_script_the_addresses_are_there_and_no_dead_button(browser: Any, address: str) -> None:
    with Tab(browser, java_script_enabled=False) as tab:
        tab.page.goto(f"{address}/c/world/")
        for name, format in (("RSS", "rss"), ("Atom", "atom"), ("JSON", "json")):
            tab.page.get_by_text(name, exact=True).click()
            assert tab.page.get_by_label(f"{name} address").input_value() == f"{address}/c/world.{format}"
        assert tab.page.get_by_role("button", name="Copy").count() == 0


def test_a_keyboard_reaches_everything_and_shows_where_it_is(browser: Any, address: str) -> None:
    with Tab(browser, viewport={"width": 1440, "height": 900}) as tab:
        tab.page.goto(f"{address}/c/world/")
        seen = []
        for _ in range(12):
            tab.page.keyboard.press("Tab")
            outline = tab.page.evaluate(
                "(() => { const e = document.activeElement;"
                " const shown = e.matches('.tab') ? e.nextElementSibling : e;"
                " return [e.textContent.trim() || e.value || e.id, getComputedStyle(shown).outlineStyle,"
                " parseFloat(getComputedStyle(shown).outlineWidth)]; })()"
            )
            seen.append(outline[0])
            assert outline[1] == "solid"
            assert outline[2] >= 2
        assert seen[0] == "Skip to content"
        assert "Example feeds" in seen
        assert f"{address}/c/world.rss" in seen
        assert "Copy" in seen
        assert "Open in a reader" in seen


def test_the_formats_are_one_choice_for_a_keyboard(browser: Any, address: str) -> None:
    with Tab(browser) as tab:
        tab.page.goto(f"{address}/")
        tab.page.get_by_role("radio", name="RSS").focus()
        tab.page.keyboard.press("ArrowRight")
        assert tab.page.get_by_label("Atom address", exact=True).is_visible()
        assert not tab.page.get_by_label("RSS address", exact=True).is_visible()


def test_skipping_leads_to_the_content(browser: Any, address: str) -> None:
    with Tab(browser) as tab:
        tab.page.goto(f"{address}/c/world/")
        tab.page.keyboard.press("Tab")
        tab.page.keyboard.press("Enter")
        assert tab.page.evaluate("document.activeElement.id") == "main"


def test_right_to_left_text_runs_from_the_right(browser: Any, address: str) -> None:
    with Tab(browser, viewport={"width": 1440, "height": 900}) as tab:
        tab.page.goto(f"{address}/c/arabic/")
        for selector in ("h1", ".entries article"):
            direction = f"getComputedStyle(document.querySelector('{selector}')).direction"
            assert tab.page.evaluate(direction) == "rtl"
        # Digits and unit of "0 min ago" stay together in their own direction.
        assert (
            tab.page.evaluate("getComputedStyle(document.querySelector('.entries time')).direction") == "ltr"
        )


@pytest.mark.parametrize(("path", "runs"), [(ARABIC_ONE, "rtl"), (LONG, "ltr")])
def test_an_article_runs_as_it_is_read(browser: Any, address: str, path: str, runs: str) -> None:
    with Tab(browser) as tab:
        tab.page.goto(address + path)
        for selector in ("h1", ".prose", ".reading"):
            assert (
                tab.page.evaluate(f"getComputedStyle(document.querySelector('{selector}')).direction") == runs
            )
        assert tab.page.evaluate("document.querySelector('.colophon .button').dir") == "ltr"


def test_an_article_can_be_read_here(browser: Any, address: str) -> None:
    with Tab(browser) as tab:
        tab.page.goto(f"{address}/c/world/")
        tab.page.get_by_role("link", name="Read here: 7", exact=True).click()
        assert tab.page.get_by_role("heading", name="7", exact=True).is_visible()
        tab.page.get_by_role("link", name="World", exact=True).click()
        tab.page.wait_for_url("**/c/world/")


def test_a_slash_leads_to_the_search(browser: Any, address: str) -> None:
    with Tab(browser) as tab:
        tab.page.goto(f"{address}/")
        tab.page.keyboard.press("/")
        assert tab.page.evaluate("document.activeElement.name") == "q"
        tab.page.keyboard.type("a/b")
        assert tab.page.get_by_role("searchbox").input_value() == "a/b"


def test_the_code_for_a_telephone_is_black_on_white_in_the_dark(browser: Any, address: str) -> None:
    with Tab(browser, color_scheme="dark") as tab:
        tab.page.goto(f"{address}/c/world/")
        tab.page.get_by_text("QR code").click()
        code = tab.page.locator("svg.qr")
        assert code.is_visible()
        assert code.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
        assert code.bounding_box()["width"] >= 150


def test_a_headline_without_a_page_leads_to_its_unfolded_article(browser: Any, address: str) -> None:
    with Tab(browser) as tab:
        tab.page.goto(f"{address}/")
        tab.page.get_by_role("link", name="Here").click()
        assert tab.page.get_by_text("End of it", exact=True).is_visible()
        assert tab.said == []


def test_following_a_feeds_link_leads_to_its_page(browser: Any, address: str) -> None:
    with Tab(browser) as tab:
        tab.page.goto(f"{address}/")
        tab.page.get_by_role("link", name="Atom").first.click()
        tab.page.wait_for_url("**/c/world/")
        assert tab.page.get_by_role("heading", name="World").is_visible()


def test_a_script_elsewhere_may_read_the_feed_and_its_tag(browser: Any, address: str) -> None:
    """As a reader in a browser does: from another origin, conditionally the second time."""
    with Tab(browser, bypass_csp=True) as tab:
        tab.page.goto(f"{address.replace('127.0.0.1', 'localhost')}/robots.txt")  # another origin
        found = tab.page.evaluate(
            """async (url) => {
              const ask = (headers) => fetch(url, {cache: "no-store", headers});
              const first = await ask({});
              const tag = first.headers.get("ETag");
              const again = await ask({"If-None-Match": tag});
              const same = again.headers.get("ETag") === tag;
              return [first.status, first.headers.has("Link"), again.status, same];
            }""",
            f"{address}/c/world.json",
        )
        assert found == [200, True, 304, True]
