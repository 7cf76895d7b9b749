"""What does the newspaper of the tests print, and how does a story read as HTML?

The stories are files beside this one, ``stories/SECTION.md``: each a name, a few fields, then Markdown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from markdown_it import MarkdownIt

Style = Literal["ld", "micro", "og", "plain"]

ZONE: Final = ZoneInfo("Europe/Oslo")
HERE: Final = Path(__file__).with_name("stories")
SECTIONS: Final = ("town", "culture", "science", "sport", "fr", "ar", "ru", "zh", "blog", "live", "notices")
ENGLISH: Final = ("town", "culture", "science", "sport")
_AGE: Final = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")
_FIGURE: Final = re.compile(r'<p><img src="([^"]*)" alt="([^"]*)" /></p>')
_PLAYER: Final = re.compile(r"<p>@player (\S+) \| ([^<]*)</p>")
_NEXT_PAGE: Final = "\n+++\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """``style`` says by what the article page tells of itself: JSON-LD, microdata, Open Graph or nothing.

    ``pages`` are Markdown; ``published`` is in the time of the town.
    """

    slug: str
    section: str
    title: str
    authors: tuple[str, ...]
    published: datetime
    style: Style
    tags: tuple[str, ...]
    lead: str
    pages: tuple[str, ...]
    image: str | None = None

    @property
    def path(self) -> str:
        return f"/{self.section}/{self.slug}"

    @property
    def language(self) -> str:
        return self.section if self.section in {"fr", "ar", "ru", "zh"} else "en"

    def paragraphs(self) -> list[str]:
        """The plain paragraphs of all its pages, in order."""
        blocks = "\n\n".join(self.pages).split("\n\n")
        return [block.strip() for block in blocks if block.strip() and block.strip()[0] not in ">#|!@"]


def stories(section: str, base: datetime) -> list[Story]:
    """The stories of a file, newest first, dated back from ``base``."""
    found = [_story(one, section, base) for one in _chunks((HERE / f"{section}.md").read_text("utf-8"))]
    return sorted(found, key=lambda story: story.published, reverse=True)


def body_html(markdown: str) -> str:
    """A page of a story, its pictures as figures."""
    html: str = _markdown().render(markdown)
    html = _FIGURE.sub(
        r'<figure><img src="/picture/\1.svg" alt="" width="640" height="360">'
        r"<figcaption>\2</figcaption></figure>",
        html,
    )
    return _PLAYER.sub(
        r'<figure class="player"><iframe src="/player/\1" title="Video" allowfullscreen></iframe>'
        r"<figcaption>\2</figcaption></figure>",
        html,
    )


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _chunks(text: str) -> Iterator[str]:
    yield from (chunk for chunk in re.split(r"^# ", text, flags=re.MULTILINE) if chunk.strip())


def _story(chunk: str, section: str, base: datetime) -> Story:
    head, _, body = chunk.partition("\n\n")
    slug, *lines = head.splitlines()
    fields = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Story(
        slug=slug.strip(),
        section=fields.get("section", section),
        title=fields["title"],
        authors=tuple(re.split(r", | and ", fields["by"])),
        published=(base - _age(fields["age"])).astimezone(ZONE).replace(second=0, microsecond=0),
        style=_style(fields["style"]),
        tags=tuple(fields["tags"].split(", ")),
        image=fields.get("image"),
        lead=fields["lead"],
        pages=tuple(page.strip() for page in body.split(_NEXT_PAGE)),
    )


def _style(name: str) -> Style:
    for style in ("ld", "micro", "og", "plain"):
        if name == style:
            return style
    raise ValueError(f"no style of an article page: {name!r}")


def _age(text: str) -> timedelta:
    days, hours, minutes = (int(one or 0) for one in _AGE.fullmatch(text).groups())  # type: ignore[union-attr]
    return timedelta(days=days, hours=hours, minutes=minutes)


# ---- how dates are written --------------------------------------------------------------------------

_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}


def written(when: datetime, language: str = "en") -> str:
    """As a newspaper of that language writes it, to the minute."""
    clock = f"{when:%H:%M}"
    if language == "zh":
        return f"{when.year}年{when.month}月{when.day}日 {clock}"
    month = _MONTHS[language].split()[when.month - 1]
    if language == "fr":
        return f"{'1er' if when.day == 1 else when.day} {month} {when.year} à {when:%Hh%M}"
    comma = "،" if language == "ar" else ","
    return f"{when.day} {month} {when.year}{comma} {clock}"


# ---- pictures ---------------------------------------------------------------------------------------


def picture(name: str) -> str:
    """A view of the sea (SVG), another one for each name."""
    seed = sum(name.encode())
    hue, sun = 170 + seed % 60, 90 + seed * 7 % 460
    waves = "".join(
        f'<path d="M0 {220 + 40 * n} Q 80 {196 + 40 * n + seed % 13} 160 {220 + 40 * n} T 320 {220 + 40 * n} '
        f'T 480 {220 + 40 * n} T 640 {220 + 40 * n} V 360 H 0 Z" fill="hsl({hue} 45% {46 - 9 * n}%)"/>'
        for n in range(4)
    )
    boat = (
        f'<path d="M{sun + 60} 198 h70 l-14 26 h-44 Z" fill="#7a2e1d"/>'
        f'<path d="M{sun + 92} 194 v-62 l34 58 Z" fill="#fdfaf2"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360"><title>{escape(name)}</title>'
        f'<rect width="640" height="360" fill="hsl({hue + 20} 60% 82%)"/>'
        f'<circle cx="{sun}" cy="120" r="46" fill="hsl({40 - seed % 20} 90% 66%)"/>{boat}{waves}</svg>'
    )
