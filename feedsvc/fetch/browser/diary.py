"""What happened to a page so far: its documents, what it waits for, what went wrong?"""

import asyncio
import time

from playwright.async_api import Page, Request, Response

from feedsvc.addresses import show_url, without_credentials
from feedsvc.errors import FetchError, Unreachable
from feedsvc.fetch.answer import Hops, has_document
from feedsvc.fetch.browser.failure import code_of, explain
from feedsvc.fetch.browser.gate import is_document
from feedsvc.fetch.browser.passes import Pass

_STREAM = 3.0  # seconds; an answer that takes longer may have no end
_ENDLESS = {"eventsource", "websocket", "ping"}


class Diary:
    """Written by the events of one page. ``trouble`` comes true with the error that ends it all."""

    def __init__(self, page: Page, issued: Pass, *, url: str, redirects: int) -> None:
        self.trouble: asyncio.Future[FetchError] = asyncio.get_running_loop().create_future()
        self.issued = issued
        self.asked = url  # the document that was asked for last
        self._redirects = redirects
        self._documents = 0
        self._answers: list[Response] = []
        self._under_way: dict[Request, float | None] = {}  # when its answer began
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("requestfinished", self._on_end)
        page.on("requestfailed", self._on_failure)
        page.on("crash", self._on_crash)

    @property
    def answer(self) -> Response | None:
        """That of the latest document."""
        return self._answers[-1] if self._answers else None

    def is_error(self) -> bool:
        """Whether the latest document came with a status that brings none."""
        return self.answer is not None and not has_document(self.answer.status)

    def hops(self) -> Hops:
        """Each document that led to another: by its status, or by a script (then its status is 200)."""
        pairs = zip(self._answers, self._answers[1:], strict=False)
        return tuple((before.status, without_credentials(after.url)) for before, after in pairs)

    def is_waiting(self) -> bool:
        """Whether something that will have an end is still to come."""
        late = time.monotonic() - _STREAM
        return any(began is None or began > late for began in self._under_way.values())

    def fail(self, error: FetchError) -> None:
        if not self.trouble.done():
            self.trouble.set_result(error)

    def _on_request(self, request: Request) -> None:
        if is_document(request):
            self.asked = request.url
            self._documents += 1
            if self._documents > self._redirects + 1:
                most = (
                    f"more than {self._redirects} (fetch.redirects), the last one to {show_url(self.asked)}"
                )
                self.fail(Unreachable(self.issued.url, f"Redirects: {most}.", kind="redirects"))
        if request.resource_type not in _ENDLESS:
            self._under_way[request] = None

    def _on_response(self, response: Response) -> None:
        if is_document(response.request):
            self._answers.append(response)
        if response.request in self._under_way:
            self._under_way[response.request] = time.monotonic()

    def _on_end(self, request: Request) -> None:
        self._under_way.pop(request, None)

    def _on_failure(self, request: Request) -> None:
        self._on_end(request)
        code = code_of(request.failure or "")
        # Aborted is what goes on elsewhere, or comes as a file. All else would leave half a document.
        if is_document(request) and code != "ERR_ABORTED":
            self.fail(explain(self.issued, request.url, code))

    def _on_crash(self, _: Page) -> None:
        words = "Crashed: Chromium could not go on with the page, which may take too much memory."
        self.fail(FetchError(self.issued.url, words, kind="browser"))
