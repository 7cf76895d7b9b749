"""What may a page ask for, and what is said along with it?

Addresses are not judged here: a page asks in ways that never come past this gate (web sockets, for one), and
names may lead elsewhere by the time they are connected to. That is the proxy's matter.
"""

import contextlib
from http.cookies import CookieError, SimpleCookie

from playwright.async_api import BrowserContext, Request, Route
from playwright.async_api import Error as PlaywrightError

from feedsvc.errors import AddressRefused
from feedsvc.fetch.browser.order import Order
from feedsvc.fetch.guard import target

# Pictures and fonts are switched off besides: so pages see no error and put nothing in their place.
_UNWANTED = {"image", "media", "font", "texttrack", "manifest", "ping", "cspviolationreport"}


def is_document(request: Request) -> bool:
    """Whether ``request`` is for what the page itself shall be, not for something in it."""
    if not request.is_navigation_request():
        return False
    try:
        return request.frame.parent_frame is None
    except PlaywrightError:
        return False  # of a pop-up that is not there yet


class Gate:
    """Judges each request of one page."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._place = target(order.url)
        self._headers = {name: value for name, value in order.headers.items() if name != "Cookie"}
        self._body = order.body

    async def open(self, context: BrowserContext) -> None:
        """Stand before everything that ``context`` asks for."""
        await context.add_cookies(
            [{"name": name, "value": value, "url": self._order.url} for name, value in _cookies(self._order)]
        )
        await context.route("**/*", self._judge)

    async def _judge(self, route: Route) -> None:
        # The page may be closed meanwhile, then nobody waits for an answer.
        with contextlib.suppress(PlaywrightError):
            if _is_unwanted(route.request):
                await route.abort("blockedbyclient")
            elif self._is_own(route.request.url):
                await self._send(route)
            else:
                await route.continue_()

    async def _send(self, route: Route) -> None:
        headers = {**route.request.headers, **{name.lower(): text for name, text in self._headers.items()}}
        body, self._body = self._body, None
        if body is not None:
            await route.continue_(method="POST", headers=headers, post_data=body)
        else:
            await route.continue_(headers=headers if self._headers else None)

    def _is_own(self, url: str) -> bool:
        try:
            return target(url) == self._place
        except AddressRefused:
            return False


def _is_unwanted(request: Request) -> bool:
    """Frames are left out, too: what is in them is no part of the page's own document."""
    inner = request.is_navigation_request() and not is_document(request)
    ahead = "sec-purpose" in request.headers  # what might be wanted later (Fetch Metadata: prefetch)
    return inner or ahead or request.resource_type in _UNWANTED


def _cookies(order: Order) -> list[tuple[str, str]]:
    """Those of a Cookie header; the browser sends no such header that it has not made itself."""
    try:
        jar = SimpleCookie(order.headers.get("Cookie", ""))
    except CookieError:
        return []
    return [(name, morsel.value) for name, morsel in jar.items()]
