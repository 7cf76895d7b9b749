"""What is done to the markup of an article before it stands on a page of ours?"""

import re
from typing import Final

from markupsafe import Markup

from feedsvc.model import SafeHtml
from feedsvc.web.words import without_media

# A tag as the sanitiser writes it. Read whole, values and all: what looks like a tag in a value is none.
_TAG: Final = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>')
_ADDED: Final = {
    "img": ' loading="lazy" decoding="async"',
    "audio": ' controls preload="none"',
    "video": ' controls preload="none"',
}
_LOWER: Final = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6"}


def prose(markup: SafeHtml, *, pictures: bool) -> Markup:
    """Its pictures load when they come into sight, its players when they are started; without
    ``pictures`` there are none. Headings stand below the title of our page."""
    text = str(markup) if pictures else without_media(markup)
    text = _TAG.sub(lambda tag: _placed(tag, lower="<h1" in text), text)
    return Markup(text)  # noqa: S704 - SafeHtml: made by refine.clean alone; only the above was added


def _placed(tag: re.Match[str], *, lower: bool) -> str:
    closing, name, rest = tag.groups()
    name = _LOWER.get(name, name) if lower else name
    return f"<{closing}{name}{'' if closing else _ADDED.get(name, '')}{rest}>"
