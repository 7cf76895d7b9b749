"""Is a text that its source does not declare to be anything plain, or markup?"""

import re
from typing import Final, Literal

_MARKUP: Final = re.compile(
    r"</?[a-zA-Z][a-zA-Z0-9]{0,9}(?:\s[^<>]{0,2000})?/?>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,10});"
)


def text_type(text: str | None) -> Literal["text", "html"]:
    """Markup is what has a tag or a character reference in it; ``a < b & c`` has neither."""
    return "html" if text and _MARKUP.search(text) else "text"
