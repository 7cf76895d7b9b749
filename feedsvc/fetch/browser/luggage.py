"""How do the headers, cookies and body of a source go to its own server, and to no other?

Below Playwright, in Chromium's own protocol (CDP, the domain Fetch), since Playwright sends headers that it
was told to send to one server on to all to which that one redirects.
"""

import base64
import contextlib
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from feedsvc.errors import AddressRefused
from feedsvc.fetch.browser.order import Order
from feedsvc.fetch.guard import target


async def carry(page: Page, order: Order) -> None:
    """From now on ``page`` takes along what ``order`` has for its server."""
    # A browser sends no Cookie header but its own.
    cookies = [{"name": name, "value": value, "url": order.url} for name, value in _cookies(order)]
    await page.context.add_cookies(cookies)  # type: ignore[arg-type] # a TypedDict of playwright's own
    headers = {name: value for name, value in order.headers.items() if name != "Cookie"}
    if headers or order.body is not None:
        session = await page.context.new_cdp_session(page)
        session.on("Fetch.requestPaused", _Porter(session, order, headers).on_request)
        await session.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})


class _Porter:
    """Lets each request of a page go on, with the luggage or without it."""

    def __init__(self, session: CDPSession, order: Order, headers: Mapping[str, str]) -> None:
        self._session = session
        self._place = target(order.url)
        self._headers = {name.lower(): value for name, value in headers.items()}
        self._body = order.body

    async def on_request(self, event: dict[str, Any]) -> None:
        asked = event["request"]
        told: dict[str, Any] = {"requestId": event["requestId"]}
        # On a redirect Chromium has kept what was added before.
        rest = {name: text for name, text in asked["headers"].items() if name.lower() not in self._headers}
        if self._is_own(asked["url"]):
            told["headers"] = _listed({**rest, **self._headers})
            if self._body is not None:
                told |= {"method": "POST", "postData": base64.b64encode(self._body).decode()}
                self._body = None
        elif "redirectedRequestId" in event:
            told["headers"] = _listed(rest)
        # The page may be closed meanwhile, then nobody waits for an answer.
        with contextlib.suppress(PlaywrightError):
            await self._session.send("Fetch.continueRequest", told)

    def _is_own(self, url: str) -> bool:
        try:
            return target(url) == self._place
        except AddressRefused:
            return False


def _listed(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": text} for name, text in headers.items()]


def _cookies(order: Order) -> list[tuple[str, str]]:
    try:
        jar = SimpleCookie(order.headers.get("Cookie", ""))
    except CookieError:
        return []
    return [(name, morsel.value) for name, morsel in jar.items()]
