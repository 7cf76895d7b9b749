"""What does one item of a JSON list say as an article?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from feedsvc.model import ParsedItem
from feedsvc.pages.listing.dates import Reading
from feedsvc.refine.clean import language_tag
from feedsvc.refine.links import absolute
from feedsvc.sources import jmes
from feedsvc.sources import json_values as values
from feedsvc.sources.text_type import text_type

# Whoever calls a key date_gmt says which zone its zone-less dates are in.
_IS_UTC: Final = re.compile(r"(?:gmt|utc)\"?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads one item after the other. ``fields`` are expressions; ``base`` is what links are relative to."""

    fields: Mapping[str, str]
    base: str
    content_type: Literal["auto", "html", "text"]
    dates: Reading
    evidence: str

    def read(self, raw: object) -> ParsedItem:
        """:raises ParseError: if an expression cannot be applied to this item."""
        title, summary, content = (self._text(name, raw) for name in ("title", "summary", "content"))
        kind = self.content_type
        link = values.text(self._get("link", raw))
        link = absolute(link, self.base) if link else None
        return ParsedItem(
            guid=values.text(self._get("guid", raw)),
            link=link,
            title=title,
            title_type=text_type(title),
            summary=None if summary == content else summary,
            summary_type=text_type(summary),
            content=content,
            content_type=text_type(content) if kind == "auto" else kind,
            authors=values.authors(self._get("author", raw)),
            published=self._moment("date", raw),
            updated=self._moment("updated", raw),
            tags=values.tags(self._get("tags", raw)),
            enclosures=tuple(values.enclosures(self._get("enclosure", raw))),
            image=values.image(self._get("image", raw)),
            language=language_tag(values.text(self._get("language", raw))),
            base_url=link or self.base,
            evidence=self.evidence,
        )

    def _get(self, name: str, raw: object) -> Any:
        expression = self.fields.get(name)
        return jmes.fill(expression, raw) if expression else None

    def _text(self, name: str, raw: object) -> str | None:
        return values.text(self._get(name, raw))

    def _moment(self, name: str, raw: object) -> datetime | None:
        is_utc = _IS_UTC.search(self.fields.get(name, "")) is not None
        return values.moment(self._get(name, raw), is_utc=is_utc, how=self.dates)
