"""Is a single value of the config possible? Each check returns the value or raises ValueError."""

import ipaddress
import re
import zoneinfo
from typing import Final
from urllib.parse import urlsplit

from feedsvc.config.suggest import closest

LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
TAG_AUTHORITY: Final = re.compile(  # RFC 4151 2.1: a domain or mail address, and a date
    r"([\w.+-]+@)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?,[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII
)


def language_tag(value: str) -> str:
    if not LANGUAGE.fullmatch(value):
        raise ValueError(f"{value!r} is no language: write a BCP 47 tag such as en, en-GB or zh-Hant")
    return value


def network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError as error:
        raise ValueError(
            f"{value!r} is no network: write one like 127.0.0.0/8 or fd00::/8 ({error})"
        ) from error


def tag_authority(value: str) -> str:
    if not TAG_AUTHORITY.fullmatch(value):
        raise ValueError(f"{value!r} must be a domain and a date, such as feeds.example.org,2026")
    return value


def web_address(value: str) -> str:
    """An absolute http(s) address, as every source and site needs one."""
    problem = _address_problem(value)
    if problem:
        raise ValueError(f"{value!r} {problem}: write one like https://feeds.example.org")
    return value


def hub_choice(value: str) -> str:
    """``own``, ``none`` or the web address of a hub."""
    if value in {"own", "none"}:
        return value
    if "://" not in value:
        raise ValueError(f"{value!r} must be own, none or an address such as https://hub.example.org/")
    return web_address(value)


def site_address(value: str) -> str:
    """A web address that others can be built from: nothing may follow the path."""
    web_address(value)
    if "?" in value or "#" in value or "@" in urlsplit(value).netloc:
        raise ValueError(f"{value!r} must end with its host or path: no '?', '#' or user name")
    return value


def _address_problem(value: str) -> str | None:
    if re.search(r"[\x00-\x20\x7f]", value):
        return "has spaces or control characters in it"
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"is no web address ({error})"
    if parts.scheme not in {"http", "https"}:
        return "does not start with https:// or http://"
    return None if host else "names no host"


def timezone(value: str) -> str:
    zones = zoneinfo.available_timezones()
    if value in zones:
        return value
    near = closest(value, zones)
    hint = f": did you mean {near}?" if near else ": write one like Europe/Paris, or UTC"
    raise ValueError(f"{value!r} is no IANA time zone{hint}")
