"""How is one page drawn, until it is quiet, and taken as HTML?

Each page has a context of its own, thrown away after it: no cookies, no storage, no permissions, no service
workers, no downloads, and a pass of its own through the proxy. What it is asked runs in an isolated world,
where the page's scripts cannot have changed what the words mean.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from feedsvc.addresses import without_credentials
from feedsvc.errors import FetchError, TooLarge
from feedsvc.fetch.browser.diary import Diary
from feedsvc.fetch.browser.failure import code_of, explain, is_no_page
from feedsvc.fetch.browser.gate import let_in
from feedsvc.fetch.browser.luggage import carry
from feedsvc.fetch.browser.order import Drawn, Order
from feedsvc.fetch.browser.passes import Pass
from feedsvc.fetch.browser.proxy import USER
from feedsvc.fetch.deadline import Deadline
from feedsvc.fetch.guard import target

_HTML = {"text/html", "application/xhtml+xml"}

_PROXY_SAYS = 502  # where it could not get through

_LOOK = 0.1  # seconds between two looks at a page
_QUIET = 0.5  # seconds in which nothing is under way and nothing changes
_CLOSING = 3.0  # seconds after which a page that does not close is left to the end of its browser

_STATE = """[document.readyState, document.contentType, document.URL,
document.getElementsByTagName('*').length,
document.documentElement ? document.documentElement.textContent.length : 0]"""

# Open shadow roots become <template shadowrootmode="open">, which is how HTML writes them down.
_TAKE = """((most) => {
  const roots = [];
  const look = (place) => {
    for (const element of place.querySelectorAll('*'))
      if (element.shadowRoot) { roots.push(element.shadowRoot); look(element.shadowRoot); }
  };
  look(document);
  const top = document.documentElement;
  if (!top) return [document.URL, 0, ''];
  const shell = top.cloneNode(false).outerHTML;
  const inside = roots.length ? top.getHTML({shadowRoots: roots}) : top.innerHTML;
  const end = shell.lastIndexOf('</');
  const html = '<!DOCTYPE html>' + shell.slice(0, end) + inside + shell.slice(end);
  return [document.URL, html.length, html.length > most ? '' : html.toWellFormed()];
})"""


async def draw(browser: Browser, order: Order, *, proxy: str, issued: Pass) -> Drawn:
    """Open the page, wait until it is quiet, take it, close it. Raises FetchError, PlaywrightError.

    ``proxy`` is the address of one that lets ``issued`` through.
    """
    async with _context(browser, order, proxy=proxy, token=issued.token) as context:
        await let_in(context)
        page = await context.new_page()
        page.on("popup", _close)
        await carry(page, order)
        diary = Diary(page, issued, url=order.url, redirects=order.redirects)
        return await _unless(diary.trouble, _run(page, order, diary))


@contextlib.asynccontextmanager
async def _context(
    browser: Browser, order: Order, *, proxy: str, token: str
) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        proxy={"server": proxy, "username": USER, "password": token, "bypass": "<-loopback>"},
        user_agent=_user_agent(browser, order),
        viewport={"width": 1280, "height": 2400},  # tall: what is drawn only when it is seen shall be
        accept_downloads=False,
        service_workers="block",
        reduced_motion="reduce",
        timezone_id="UTC",  # the times that scripts write out are those of a source that names no zone
    )
    try:
        yield context
    finally:
        # One that does not close is noticed by the keeper, who ends the whole browser then.
        with contextlib.suppress(PlaywrightError, TimeoutError):
            await asyncio.wait_for(context.close(), _CLOSING)


def _user_agent(browser: Browser, order: Order) -> str:
    """Chromium's own words, by which pages decide what to draw, and our name after them."""
    major = browser.version.partition(".")[0]
    like = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    return f"{like} Chrome/{major}.0.0.0 Safari/537.36 {order.user_agent}"


async def _close(page: Page) -> None:
    with contextlib.suppress(PlaywrightError):
        await page.close()


async def _unless(trouble: asyncio.Future[FetchError], work: Coroutine[Any, Any, Drawn]) -> Drawn:
    """What ``work`` gives, unless ``trouble`` comes first, which is raised then."""
    task = asyncio.ensure_future(work)
    try:
        either: set[asyncio.Future[Any]] = {task, trouble}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if trouble.done():
            raise trouble.result()
        return task.result()
    finally:
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # looked at: what came after the trouble interests nobody


async def _run(page: Page, order: Order, diary: Diary) -> Drawn:
    order.deadline.step = "waiting for the answer"
    try:
        await page.goto(order.url, wait_until="commit", timeout=0)
    except PlaywrightError as error:
        if is_no_page(error.message) and diary.issued.overrun is None:
            return _only_answer(diary)
        if code := code_of(error.message):
            raise explain(diary.issued, diary.asked, code) from error
        raise
    order.deadline.step = "drawing the page"
    eye, calm = _Eye(page), _Calm(order.deadline)
    while True:
        await asyncio.sleep(_LOOK)
        if diary.issued.overrun is not None:
            raise diary.issued.overrun
        state = await eye.ask(_STATE)
        if diary.is_error() or (state is not None and state[1] not in _HTML):
            return _only_answer(diary)
        if calm.is_reached(state, waiting=diary.is_waiting()):
            taken = await eye.ask(f"{_TAKE}({order.max_bytes})")
            if taken is not None:
                return _whole(diary, *taken, max_bytes=order.max_bytes)


class _Eye:
    """Looks at a page from a world of its own, whatever the page's scripts have done to theirs."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession | None = None
        self._world: int | None = None

    async def ask(self, expression: str) -> Any:
        """What ``expression`` gives; None between two documents."""
        try:
            return await self._evaluate(expression)
        except PlaywrightError:
            if not self._page.context.browser or not self._page.context.browser.is_connected():
                raise
            self._world = None  # it went with its document
            return None

    async def _evaluate(self, expression: str) -> Any:
        if self._session is None:
            self._session = await self._page.context.new_cdp_session(self._page)
        if self._world is None:
            tree = await self._session.send("Page.getFrameTree")
            frame = tree["frameTree"]["frame"]["id"]
            made = await self._session.send("Page.createIsolatedWorld", {"frameId": frame})
            self._world = made["executionContextId"]
        asked = {"expression": expression, "contextId": self._world, "returnByValue": True}
        answer = await self._session.send("Runtime.evaluate", asked)
        return answer["result"].get("value")


class _Calm:
    """Whether a page has come to rest, or has had half of the time there is."""

    def __init__(self, deadline: Deadline) -> None:
        now = time.monotonic()
        self._latest = now + (deadline.at - now) / 2
        self._changed = now
        self._before: Any = None

    def is_reached(self, state: Any, *, waiting: bool) -> bool:
        """``state`` as _STATE has it. A document of which half is missing is never at rest."""
        now = time.monotonic()
        if waiting or state is None or state != self._before:
            self._before, self._changed = state, now
        if state is None or state[0] == "loading":
            return False
        return now >= self._latest or (state[0] == "complete" and now - self._changed >= _QUIET)


def _only_answer(diary: Diary) -> Drawn:
    """What is known of a document that is not drawn: an error, a file, a feed, JSON."""
    answer, issued = diary.answer, diary.issued
    if answer is not None and answer.status == _PROXY_SAYS:
        known = issued.failure(target(answer.url))
        if known is not None:
            raise known
    return Drawn(
        url=without_credentials(answer.url if answer else diary.asked),
        status=answer.status if answer else 200,
        headers=answer.headers if answer else {},
        hops=diary.hops(),
        html=None,
        wire_bytes=issued.received,
    )


def _whole(diary: Diary, url: str, length: int, html: str, *, max_bytes: int) -> Drawn:
    """The page as it was taken. Raises FetchError if it is too large, or at no address of the web."""
    target(url)
    body = html.encode(errors="replace")
    if max(length, len(body)) > max_bytes:
        words = f"Too large: more than {max_bytes:,} bytes (fetch.max_bytes) when it was drawn."
        raise TooLarge(diary.issued.url, words)
    known = _only_answer(diary)
    return replace(known, url=without_credentials(url), html=body)
