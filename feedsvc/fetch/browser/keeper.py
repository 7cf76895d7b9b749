"""How is one Chromium started when it is needed, renewed before it grows, and ended with nothing left of it?

Everything here runs in one event loop. A Chromium comes with the driver that speaks to it (Playwright's, a
process of its own) and the proxy that it goes through; they start and end together. When this process dies,
however that happens, the driver's input ends, and with it the driver; when the driver dies Chromium's input
ends, and with it Chromium.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Browser, async_playwright
from playwright.async_api import Error as PlaywrightError

from feedsvc.errors import FetchError, Stopped
from feedsvc.fetch.browser.drawing import draw
from feedsvc.fetch.browser.order import Drawn, Limits, Order
from feedsvc.fetch.browser.passes import Pass
from feedsvc.fetch.browser.processes import Group, kill, led_by
from feedsvc.fetch.browser.program import launch
from feedsvc.fetch.browser.proxy import Proxy
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.names import Resolver

_WATCH = 0.25  # seconds between two looks at the memory
_CLOSING = 3.0  # seconds after which what does not end by itself is ended


@dataclass(slots=True, kw_only=True, eq=False)
class Running:
    """A Chromium and what belongs to it; ``ending`` undoes all of it. ``users`` are the pages open now."""

    browser: Browser
    proxy: Proxy
    group: Group | None  # of its processes; None where that cannot be known
    ending: contextlib.AsyncExitStack
    born: float
    pages: int = 0
    users: int = 0


class Keeper:
    """Keeps one Chromium for new pages; an older one only finishes the pages that it has."""

    def __init__(self, *, limits: Limits, guard: Guard, resolver: Resolver) -> None:
        self._limits = limits
        self._guard = guard
        self._resolver = resolver
        self._turning = asyncio.Lock()
        self._running: Running | None = None
        self._alive: set[Running] = set()
        self._closed = False
        self._rest: asyncio.Task[None] | None = None
        self._starting: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Have a Chromium running for the next page. Raises FetchError of kind "browser".

        Whoever gives up waiting does not stop it from starting: the next one will want it.
        """
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._have_one())
            self._starting.add_done_callback(_look_at)
        await asyncio.shield(self._starting)

    async def draw(self, order: Order) -> Drawn:
        """Draw a page; once more if Chromium dies meanwhile, which may have been another page's doing.

        Raises FetchError; of kind "browser" when Chromium cannot be had, or fails.
        """
        for is_last in (False, True):
            async with self._lent() as running:
                try:
                    return await self._draw(order, running)
                except PlaywrightError as error:
                    if is_last or running.browser.is_connected():
                        words = f"Chromium failed: {_first_line(error)}"
                        raise FetchError(order.deadline.url, words, kind="browser") from error
        raise AssertionError("the last one returns or raises")

    async def close(self) -> None:
        """End what there is, and start nothing any more."""
        self._closed = True
        for task in (self._rest, self._starting):
            if task is not None:
                task.cancel()
        async with self._turning:
            for running in tuple(self._alive):
                await self._end(running)

    async def _have_one(self) -> None:
        async with self._turning:
            running = await self._current()
        if not running.users:
            self._rest_later(running)

    async def _draw(self, order: Order, running: Running) -> Drawn:
        deadline = order.deadline
        issued = Pass(url=deadline.url, own=order.own, seconds=deadline.remaining(), most=order.max_bytes)
        running.proxy.admit(issued)
        try:
            return await draw(running.browser, order, proxy=running.proxy.address, issued=issued)
        finally:
            running.proxy.dismiss(issued)

    @contextlib.asynccontextmanager
    async def _lent(self) -> AsyncIterator[Running]:
        """The browser for one page."""
        async with self._turning:
            running = await self._current()
            running.users += 1
            running.pages += 1
        try:
            yield running
        finally:
            running.users -= 1
            if not running.users:
                await self._let_go(running)

    async def _current(self) -> Running:
        if self._closed:
            raise Stopped("", "Stopped: feedsvc is shutting down.")
        running = self._running
        if running is not None and self._is_worn(running):
            self._running = None
            if not running.users:
                await self._end(running)
            running = None
        if running is None:
            try:
                running = self._running = await self._start()
            except PlaywrightError as error:
                raise FetchError("", f"No browser: {_first_line(error)}", kind="browser") from error
        return running

    async def _let_go(self, running: Running) -> None:
        """After its last page: an old one ends now, the one in use when nobody wants it for a while."""
        if running is not self._running:
            await self._end(running)
        elif not self._closed:
            self._rest_later(running)

    def _rest_later(self, running: Running) -> None:
        if self._rest is not None:
            self._rest.cancel()
        self._rest = asyncio.create_task(self._end_later(running))

    async def _end_later(self, running: Running) -> None:
        await asyncio.sleep(self._limits.idle)
        async with self._turning:
            if not running.users:
                # To the end, although a page that comes meanwhile cancels this task.
                await asyncio.shield(self._end(running))

    def _is_worn(self, running: Running) -> bool:
        limits, age = self._limits, time.monotonic() - running.born
        if not running.browser.is_connected() or running.pages >= limits.pages or age >= limits.age:
            return True
        # Without a page it should hold little, and no context that could not be closed.
        grown = _memory(running) > limits.memory / 2
        return not running.users and (grown or bool(running.browser.contexts))

    async def _start(self) -> Running:
        async with contextlib.AsyncExitStack() as ending:
            proxy = Proxy(guard=self._guard, resolver=self._resolver)
            ending.callback(proxy.close)
            driver = await async_playwright().start()
            ending.push_async_callback(_within, driver.stop)
            browser = await launch(driver, proxy=proxy.address)
            group = await _group(browser)
            ending.push_async_callback(_close, browser, group)
            running = Running(
                browser=browser,
                proxy=proxy,
                group=group,
                ending=contextlib.AsyncExitStack(),
                born=time.monotonic(),
            )
            ending.callback(asyncio.create_task(self._watch(running)).cancel)
            running.ending = ending.pop_all()
        self._alive.add(running)
        return running

    async def _end(self, running: Running) -> None:
        self._alive.discard(running)
        if running is self._running:
            self._running = None
        await running.ending.aclose()

    async def _watch(self, running: Running) -> None:
        """While there are pages: as the kernel does when memory ends, take the largest process."""
        while True:
            await asyncio.sleep(_WATCH)
            if running.users and running.group is not None:
                held = running.group.memory()
                if sum(held.values()) > self._limits.memory:
                    kill(max(held, key=lambda pid: held[pid]))


def _look_at(task: asyncio.Task[None]) -> None:
    """An exception that nobody waits for any more is no bug."""
    if not task.cancelled():
        task.exception()


def _first_line(error: PlaywrightError) -> str:
    return error.message.partition("\n")[0][:200]


def _memory(running: Running) -> int:
    return 0 if running.group is None else sum(running.group.memory().values())


async def _group(browser: Browser) -> Group | None:
    """The process group of a browser, which its driver gave to it alone; None where it cannot be known."""
    session = await browser.new_browser_cdp_session()
    told = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    return next((led_by(one["id"]) for one in told["processInfo"] if one["type"] == "browser"), None)


async def _close(browser: Browser, group: Group | None) -> None:
    if not await _within(browser.close) and group is not None:
        group.kill()


async def _within(close: Callable[[], Awaitable[None]]) -> bool:
    """Whether it ended by itself."""
    try:
        await asyncio.wait_for(close(), _CLOSING)
    except (PlaywrightError, TimeoutError):
        return False
    return True
