"""How do the threads that fetch reach the one thread in which a browser can be used?

Imports playwright (0.3 s): to be loaded when the first page is asked for, not before.
"""

import asyncio
import threading
from concurrent.futures import Future

from feedsvc.fetch.browser.keeper import Keeper
from feedsvc.fetch.browser.order import Drawn, Limits, Order
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.names import Resolver


class Room:
    """An event loop in a thread of its own, and the keeper of the browser in it."""

    def __init__(self, *, limits: Limits, guard: Guard, resolver: Resolver) -> None:
        self._keeper = Keeper(limits=limits, guard=guard, resolver=resolver)
        self._stop = asyncio.Event()
        opened: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._live(opened)), name="fetch-browser", daemon=True
        )
        self._thread.start()
        self._loop = opened.result()

    def prepare(self) -> Future[None]:
        """Have a browser running."""
        return asyncio.run_coroutine_threadsafe(self._keeper.prepare(), self._loop)

    def draw(self, order: Order) -> Future[Drawn]:
        """Begin a page. Cancelling the future gives it up."""
        return asyncio.run_coroutine_threadsafe(self._keeper.draw(order), self._loop)

    def close(self) -> None:
        """End the browser and the thread; nothing can be drawn any more."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _live(self, opened: Future[asyncio.AbstractEventLoop]) -> None:
        opened.set_result(asyncio.get_running_loop())
        await self._stop.wait()
        await self._keeper.close()
