"""What may a page ask for?

Addresses are not judged here: a page asks in ways that never come past this gate (web sockets, for one), and
names may lead elsewhere by the time they are connected to. That is the proxy's matter.
"""

import contextlib

from playwright.async_api import BrowserContext, Request, Route
from playwright.async_api import Error as PlaywrightError

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


async def let_in(context: BrowserContext) -> None:
    """Stand before everything that the pages of ``context`` ask for."""
    await context.route("**/*", _judge)


async def _judge(route: Route) -> None:
    # The page may be closed meanwhile, then nobody waits for an answer.
    with contextlib.suppress(PlaywrightError):
        if _is_unwanted(route.request):
            await route.abort("blockedbyclient")
        else:
            await route.continue_()


def _is_unwanted(request: Request) -> bool:
    """Frames are left out, too: what is in them is no part of the page's own document."""
    inner = request.is_navigation_request() and not is_document(request)
    ahead = "sec-purpose" in request.headers  # what might be wanted later (Fetch Metadata: prefetch)
    return inner or ahead or request.resource_type in _UNWANTED
