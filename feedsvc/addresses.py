"""How is an address shown to people, with nothing secret in it?"""

import re
from urllib.parse import urlsplit, urlunsplit

# Rather one parameter too many hidden (?keyword=...) than one credential shown.
_SECRET_NAME = re.compile(r"key|token|auth|secret|pass|pwd|sig|session|credential|jwt|otp", re.IGNORECASE)
_LONGEST = 300
BEGINNING = "fst_"  # what our own tokens begin with, wherever they stand
_TOKEN = re.compile(rf"{BEGINNING}[\w-]+")
# Where tokens stand in our addresses, whatever they look like: those of readers, and of hubs that tell us.
_PLACE = re.compile(r"(?:(?<=/t/)|(?<=/websub/))[^/?#]+")


def is_web_address(text: str) -> bool:
    """Is this meant as an http or https address, and not as the name of a file?"""
    return text.partition(":")[0].lower() in {"http", "https"}


def show_url(url: str) -> str:
    """``url`` for messages and logs: no user and password, no fragment, values of key-like parameters hidden.

    Never fails: of what cannot be read as a URL only the scheme is shown.
    """
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        shown = urlunsplit((parts.scheme, host, parts.path, _show_query(parts.query), ""))
    except ValueError:
        shown = f"{url.partition(':')[0]}://…" if ":" in url else "…"
    if not shown.isprintable():
        shown = "".join(char if char.isprintable() else "�" for char in shown)
    shown = without_tokens(_PLACE.sub("…", shown))
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def without_tokens(text: str) -> str:
    """Any text, without the tokens of ours that are in it."""
    return _TOKEN.sub("…", text)


def is_secret_name(name: str) -> bool:
    """Is what has this name likely a credential?"""
    return _SECRET_NAME.search(name) is not None


def without_credentials(url: str) -> str:
    """``url`` without user, password and fragment: what relative links may be resolved against."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))


def _show_query(query: str) -> str:
    return "&".join(map(_show_parameter, query.split("&")))


def _show_parameter(parameter: str) -> str:
    name, equals, _ = parameter.partition("=")
    return f"{name}=…" if equals and is_secret_name(name) else parameter
