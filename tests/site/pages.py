"""What do people read: the front page, the sections, the articles?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, abort, render_template, request, url_for

from tests.site.paper import Paper
from tests.site.stories import ENGLISH, Story, body_html, picture, written

PAGE: Final = 5  # stories on a page of a section
NAMES: Final[Mapping[str, str]] = {
    "town": "Town",
    "culture": "Culture",
    "science": "Science",
    "sport": "Sport",
    "fr": "Édition française",
    "ar": "الطبعة العربية",
    "ru": "По-русски",
    "zh": "中文版",
    "blog": "The Editors' blog",
    "live": "Live",
    "notices": "Public notices",
}
# How each section marks up its list, as different newspapers do.
LISTS: Final[Mapping[str, str]] = {
    "town": "cards",
    "culture": "soup",
    "science": "linked-data",
    "sport": "microdata",
    "fr": "h-feed",
    "ar": "bullets",
    "ru": "table",
    "zh": "definitions",
    "blog": "cards",
}
MOST_READ: Final = (
    ("town", "hundred-year-old-baker"),
    ("culture", "carillon-requests"),
    ("science", "tide-table-error"),
    ("town", "bridge-name"),
    ("sport", "referee-retires"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A page of a list: ``next`` is the address of the one after it."""

    stories: Sequence[Story]
    number: int
    next: str | None
    previous: str | None


def blueprint(paper: Paper) -> Blueprint:
    made = Blueprint("pages", __name__)

    @made.context_processor
    def common() -> dict[str, Any]:
        read = [paper.story(*where) for where in MOST_READ]
        design = request.args.get("design", str(paper.design))
        return {
            "names": NAMES,
            "written": written,
            "most_read": [story for story in read if story],
            "design": design,
            "asked": paper.asked,  # another one each time, like the tokens and counters on real pages
        }

    _lists(made, paper)
    _articles(made, paper)
    return made


def _lists(made: Blueprint, paper: Paper) -> None:
    @made.get("/")
    def front() -> str:
        hero, *rest = paper.latest()
        boxes = {name: paper.section(name)[:3] for name in ENGLISH}
        return render_template("front.html", hero=hero, river=rest[:6], boxes=boxes)

    @made.get("/live/")
    def live() -> str:
        return render_template("live.html")

    @made.get("/notices/")
    def notices() -> str:
        return render_template("notices.html", state=_state(paper.section("notices")))

    @made.get("/<any(town, culture, science, sport, fr, ar, ru, zh, blog):name>/")
    def section(name: str) -> str:
        leaf = _leaf(name, paper.section(name))
        return render_template(
            "section.html",
            section=name,
            how=LISTS[name],
            leaf=leaf,
            linked_data=_item_list(leaf.stories),
            language=leaf.stories[0].language if leaf.stories else "en",
        )


def _articles(made: Blueprint, paper: Paper) -> None:
    @made.get("/<section>/<slug>")
    def article(section: str, slug: str) -> str:
        story = paper.story(section, slug) if section in NAMES else None
        number = request.args.get("page", 1, type=int)
        if story is None or not 1 <= number <= len(story.pages):
            abort(404)
        return render_template(
            "article.html",
            story=story,
            number=number,
            body=body_html(story.pages[number - 1]),
            linked_data=_linked_data(story),
            related=[one for one in paper.section(section) if one != story][-3:],
            language=story.language,
        )

    @made.get("/picture/<name>.svg")
    def view(name: str) -> Response:
        return Response(picture(name[:40]), mimetype="image/svg+xml")

    @made.get("/player/<name>")
    def player(name: str) -> str:
        return render_template("player.html", name=name)

    @made.get("/<any(about, imprint, privacy, subscribe, shop, contact):name>")
    def about(name: str) -> str:
        return render_template("about.html", name=name)


def _leaf(name: str, stories: Sequence[Story]) -> Leaf:
    number, last = request.args.get("page", 1, type=int), max(1, -(-len(stories) // PAGE))
    if not 1 <= number <= last:
        abort(404)
    return Leaf(
        stories=stories[(number - 1) * PAGE : number * PAGE],
        number=number,
        next=url_for(".section", name=name, page=number + 1) if number < last else None,
        previous=url_for(".section", name=name, page=number - 1) if number > 1 else None,
    )


def _absolute(path: str) -> str:
    return request.host_url.rstrip("/") + path


def _linked_data(story: Story) -> str:
    """JSON-LD of an article (schema.org NewsArticle), in a graph as site software writes it."""
    node = {
        "@type": "NewsArticle",
        "@id": _absolute(story.path) + "#article",
        "mainEntityOfPage": _absolute(story.path),
        "headline": story.title,
        "description": story.lead,
        "datePublished": story.published.isoformat(),
        "articleSection": NAMES[story.section],
        "keywords": list(story.tags),
        "inLanguage": story.language,
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@id": _absolute("/#paper")},
    }
    if story.image:
        node["image"] = _absolute(f"/picture/{story.image}.svg")
    paper = {"@type": "NewsMediaOrganization", "@id": _absolute("/#paper"), "name": "The Ostrand Courier"}
    return _json({"@context": "https://schema.org", "@graph": [paper, node]})


def _item_list(stories: Sequence[Story]) -> str:
    items = [
        {
            "@type": "ListItem",
            "position": position,
            "item": {
                "@type": "NewsArticle",
                "headline": story.title,
                "url": _absolute(story.path),
                "datePublished": story.published.isoformat(),
                "description": story.lead,
                "author": [{"@type": "Person", "name": name} for name in story.authors],
            },
        }
        for position, story in enumerate(stories, 1)
    ]
    return _json({"@context": "https://schema.org", "@type": "ItemList", "itemListElement": items})


def _state(stories: Sequence[Story]) -> str:
    """What an app is given to draw from."""
    notices = [
        {
            "slug": story.slug,
            "headline": story.title,
            "href": story.path,
            "postedAt": story.published.isoformat(),
            "body": {"short": story.lead},
        }
        for story in stories
    ]
    return _json({"page": "/notices", "props": {"pageProps": {"office": "Town hall", "notices": notices}}})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
