"""How are dates, texts and places in a list said on a page?"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from feedsvc.model import Article, Entry
from feedsvc.refine.text import shortened, visible

EXCERPT: Final = 280  # characters
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_ADDRESS: Final = re.compile(r"([1-9a-z][0-9a-z]{0,11})-[0-9a-f]{10}")
_LISTING: Final = re.compile(r"<(pre|table)\b.*?</\1>", re.DOTALL)  # text is taken from it, no markup
Cursor = tuple[datetime, str]

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Attributes as the sanitiser writes them: always in double quotes, which a value cannot contain.
_MEDIA: Final = re.compile(
    r'</?(?:img|picture|source|audio|video)\b(?:\s+[^\s=>"]+(?:="[^"]*")?)*\s*/?>', re.IGNORECASE
)


def ago(moment: datetime, now: datetime) -> str:
    """``just now``, ``12 min ago``, ``3 h ago``, ``yesterday``, ``4 days ago``, ``24 Nov 2024``."""
    minutes = int((now - moment).total_seconds() // 60)
    days = (now.astimezone(UTC).date() - moment.astimezone(UTC).date()).days
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    if days < 7:
        return "yesterday" if days == 1 else f"{days} days ago"
    return date(moment) if moment.year == now.year else f"{date(moment)} {moment.year}"


def date(moment: datetime) -> str:
    """``24 Nov``, whatever the locale."""
    return f"{moment.day} {_MONTHS[moment.month - 1]}"


def exactly(moment: datetime) -> str:
    """``24 Nov 2025, 12:05 UTC``"""
    utc = moment.astimezone(UTC)
    return f"{date(utc)} {utc.year}, {utc:%H:%M} UTC"


def count(number: int, one: str) -> str:
    """``1 source``, ``34 sources``, ``1,200 articles``, ``2 categories``"""
    many = f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"
    return f"{number:,} {one if number == 1 else many}"


def pace(gains: Sequence[int]) -> str:
    """``18 a day``, ``3 a week`` from what each of some days brought; empty where there was nothing."""
    total = sum(gains)
    a_day = round(total / len(gains)) if gains else 0
    if a_day >= 2:
        return f"{a_day:,} a day"
    return f"{max(1, round(total * 7 / len(gains)))} a week" if total else ""


def excerpt(article: Article) -> str:
    """The beginning of an article in plain text, without a title that it repeats, listings and tables."""
    text = visible(_LISTING.sub(" ", article.summary or article.content))
    return shortened(text.removeprefix(article.title).strip(), EXCERPT)


def without_media(markup: str) -> str:
    """Clean markup without its pictures and players: our pages load nothing from elsewhere."""
    return _MEDIA.sub("", markup)


def size(length: int) -> str:
    """``812 KB``, ``12.3 MB``, in powers of 1000."""
    amount, unit = float(length), "bytes"
    for larger in ("KB", "MB", "GB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.1f} {unit}" if unit in {"MB", "GB"} and amount < 100 else f"{amount:.0f} {unit}"


def duration(seconds: int) -> str:
    """``42:10``, ``1:02:03``"""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def anchor(article_id: str) -> str:
    """Where on its page an article stands: part of an address, the same whenever it is shown."""
    return f"a{_digest(article_id)}"


def address(entry: Entry) -> str:
    """What an article's own address ends with, ``2n9c-1a2b3c4d5e``: its number, to find it by, and a digest
    of its id, so that no other database and no counting upwards leads to an article by accident."""
    number, digits = entry.n, ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return f"{digits or '0'}-{_digest(entry.id)}"


def read_address(text: str) -> int | None:
    """The number in what ``address`` wrote; None for anything else."""
    found = _ADDRESS.fullmatch(text)
    return None if found is None else int(found[1], 36)


def _digest(article_id: str) -> str:
    return hashlib.sha256(article_id.encode()).hexdigest()[:10]


def cursor(entry: Entry) -> str:
    """The place of an entry in its list, fit for an address."""
    text = f"{entry.published.astimezone(UTC).isoformat()} {entry.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor | None:
    """What ``cursor`` wrote; None for anything else."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        moment, _, article_id = plain.partition(" ")
        published = datetime.fromisoformat(moment)
    except (ValueError, binascii.Error):
        return None
    return (published, article_id) if published.utcoffset() == timedelta(0) and article_id else None
