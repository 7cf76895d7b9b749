"""How do bytes come in, from the network or from a folder?

``Fetcher`` is the one door. Behind it: ``client`` (http, the only importer of requests), ``guard`` (which
addresses may be connected to), ``connection`` and ``names`` (how that is made sure), ``deadline`` (how long
it may take), ``trip`` (redirects), ``body`` (how much it may be), ``answer`` (what it means), ``files``
(folders), ``imap`` (mailboxes).
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from feedsvc.addresses import show_url
from feedsvc.errors import AddressRefused
from feedsvc.fetch import files, imap
from feedsvc.fetch.browser import USUAL, Browser, Limits
from feedsvc.fetch.client import Client, tls_context
from feedsvc.fetch.guard import Guard, Network
from feedsvc.fetch.names import Lookup, Resolver, system_lookup
from feedsvc.model import Document, NotModified, Request, Validators

__all__ = ["Fetcher", "show_url"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Fetcher:
    """Fetches http, https, file, imap and imaps addresses; shared by all threads, to be closed in the end.

    ``timeout`` covers one fetch whole, redirects included. ``max_bytes`` bounds a body, packed and
    unpacked. ``allow`` are networks that a source's own host may be in although they are not public.
    ``redirects`` is how many are followed. ``pool_size`` is the number of threads that fetch at once: so
    many connections to one host are kept alive. ``ca_file`` (PEM) adds certificate authorities to trust
    (not for the browser, which has its own). ``browser`` bounds what Chromium may take.
    """

    def __init__(
        self,
        *,
        timeout: timedelta,
        max_bytes: int,
        user_agent: str,
        allow: Sequence[Network] = (),
        redirects: int = 5,
        pool_size: int = 16,
        ca_file: str | None = None,
        lookup: Lookup = system_lookup,
        clock: Callable[[], datetime] = _utc_now,
        browser: Limits = USUAL,
    ) -> None:
        self._max_bytes = max_bytes
        guard, resolver = Guard(allow=tuple(allow)), Resolver(lookup)
        self._mailboxes = imap.Client(
            timeout=timeout.total_seconds(),
            max_bytes=max_bytes,
            guard=guard,
            resolver=resolver,
            tls=partial(tls_context, ca_file=ca_file),
        )
        self._client = Client(
            timeout=timeout.total_seconds(),
            max_bytes=max_bytes,
            redirects=redirects,
            user_agent=user_agent,
            threads=pool_size,
            guard=guard,
            resolver=resolver,
            tls=tls_context(ca_file=ca_file),
            clock=clock,
        )
        self._browser = Browser(
            timeout=timeout.total_seconds(),
            max_bytes=max_bytes,
            redirects=redirects,
            user_agent=user_agent,
            guard=guard,
            resolver=resolver,
            clock=clock,
            plain=self._client.get,
            limits=browser,
        )

    def get(
        self, request: Request, *, validators: Validators | None = None, configured: bool = True
    ) -> Document | NotModified:
        """The document at ``request.url``, or word that it is still the one that ``validators`` tell of.

        ``configured`` says that the address is a source's own. One that comes from what somebody published
        or sent is not: then ``allow`` does not serve it, and files of this machine are out of reach.

        Raises FetchError: AddressRefused, DeadlineExceeded, TooLarge, Unreachable, LoginRefused or BadStatus;
        of kind "stopped" when ``close`` was called meanwhile.
        """
        if request.url.strip().lower().startswith(imap.SCHEMES):
            return self._mailboxes.get(request, validators=validators, configured=configured)
        if not request.url.strip().lower().startswith("file:"):
            network = self._browser if request.render == "browser" else self._client
            return network.get(request, validators=validators, configured=configured)
        if not configured:
            shown = show_url(request.url)
            raise AddressRefused(
                shown, f"Address refused: {shown} is a file, only a source itself may name one."
            )
        return files.get(request, validators=validators, max_bytes=self._max_bytes)

    def close(self) -> None:
        """Cut short every fetch that is running, from any thread, and close all connections."""
        self._mailboxes.close()
        self._browser.close()
        self._client.close()
