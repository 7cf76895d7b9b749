"""What does it mean that Chromium could not have a document?"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from feedsvc.errors import AddressRefused, FetchError, Unreachable
from feedsvc.fetch.browser.passes import Pass
from feedsvc.fetch.guard import target

# The codes of Chromium's net/base/net_error_list.h that people meet.
_CERTIFICATE: Mapping[str, str] = MappingProxyType(
    {
        "ERR_CERT_COMMON_NAME_INVALID": "is for another host name",
        "ERR_CERT_DATE_INVALID": "has expired or is not valid yet",
        "ERR_CERT_AUTHORITY_INVALID": "was issued by an authority that is not trusted here",
        "ERR_CERT_REVOKED": "was revoked",
    }
)
_CODE = re.compile(r"\b(ERR_[A-Z0-9_]+)")


def code_of(message: str) -> str:
    """Chromium's word for what failed; empty if there is none in ``message``."""
    found = _CODE.search(message)
    return found[1] if found else ""


def is_no_page(message: str) -> bool:
    """Whether there is an answer, but none that is shown: a file to be kept, or 204."""
    return "Download is starting" in message or code_of(message) == "ERR_ABORTED"


def explain(issued: Pass, asked: str, code: str) -> FetchError:
    """The error for the document at ``asked``: what the proxy knows, else what ``code`` says."""
    try:
        place = target(asked)
    except AddressRefused as refused:
        return refused
    known = issued.overrun or issued.failure(place)
    if known is not None:
        return known
    if code.startswith("ERR_CERT_"):
        fault = _CERTIFICATE.get(code, f"cannot be trusted ({code})")
        return Unreachable(issued.url, f"TLS: the certificate of {place.host} {fault}.", kind="tls")
    if "_SSL_" in code or "_TLS_" in code:
        words = f"no secure connection to {place.host} could be agreed on ({code})"
        return Unreachable(issued.url, f"TLS: {words}.", kind="tls")
    if code == "ERR_TOO_MANY_REDIRECTS":
        return Unreachable(issued.url, "Redirects: they do not end.", kind="redirects")
    said = code or "nothing more"
    return Unreachable(
        issued.url, f"Broken transfer: nothing of it was used, Chromium says {said}.", kind="broken"
    )
