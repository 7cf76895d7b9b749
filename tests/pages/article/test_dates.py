"""When was an article published and last changed, by all that its page says?"""

import pytest

from tests.pages.article.paper import TEXT, URL, found

HEAD = "<h1>Cracks close the bridge over the Lenn</h1>"
RELATED = "<div class='related'><time datetime='2026-12-01'>x</time></div>"
NAME = '"headline": "Cracks close the bridge over the Lenn"'


def ld(**dates: str) -> str:
    facts = "".join(f', "{name}": "{value}"' for name, value in dates.items())
    return f'<script type=\'application/ld+json\'>{{"@type": "NewsArticle", {NAME}{facts}}}</script>'


def meta(content: str, what: str = "published") -> str:
    return f"<meta property='article:{what}_time' content='{content}'>"


def published(head: str = "", body: str = "", url: str = URL, html: str = "<html>") -> str | None:
    when = found(f"{HEAD}{body}<div>{TEXT}</div>", head=head, url=url, html=html).published
    return when.isoformat() if when else None


@pytest.mark.parametrize(
    ("head", "body", "when"),
    [
        (ld(datePublished="2026-11-24T10:30:00+01:00"), "", "2026-11-24T10:30:00+01:00"),
        (ld(datePublished="2026-11-24T10:30:00.123Z"), "", "2026-11-24T10:30:00+00:00"),
        (ld(datePublished="2026-11-24"), "", "2026-11-24"),
        (ld(datePublished="2026-11-24 00:00:00"), "", "2026-11-24"),
        (ld(datePublished="24. November 2026"), "", "2026-11-24"),
        (ld(datePublished="1795516200"), "", "2026-11-24T10:30:00+00:00"),
        (ld(datePublished="0001-01-01T00:00:00Z"), "", None),
        (ld(datePublished="9999-12-31T23:59:59-12:00"), "", None),
        (meta("2026-11-24T10:30:00+01:00"), "", "2026-11-24T10:30:00+01:00"),
        ("<meta name='DC.date.issued' content='2026-11-24'>", "", "2026-11-24"),
        ("", "<time datetime='2026-11-24T10:30:00+01:00'>today</time>", "2026-11-24T10:30:00+01:00"),
        ("", "<time datetime='2026-11-24'>24 Nov 2026, 10:30</time>", "2026-11-24T10:30:00"),
        ("", "<p class='byline'>Ana Bell, 24.11.2026 10:30</p>", "2026-11-24T10:30:00"),
        ("", "<p>24 November 2026</p>", "2026-11-24"),
        # an instant beats a day, and a zone a time without one
        (ld(datePublished="2026-11-24"), "<p>24.11.2026, 10:30 Uhr</p>", "2026-11-24T10:30:00"),
        (
            ld(datePublished="2026-11-24T10:30:00"),
            "<time datetime='2026-11-24T10:30:00+01:00'>24.11.</time>",
            "2026-11-24T10:30:00+01:00",
        ),
        # the zone in which readers are told the same instant
        (ld(datePublished="2026-11-24T23:30:00Z"), "<p>25.11.2026, 00:30</p>", "2026-11-25T00:30:00+01:00"),
        # what was changed later, and what is about other articles
        (ld(datePublished="2026-11-24T10:30:00Z"), "<p>Updated 30 Nov 2026</p>", "2026-11-24T10:30:00+00:00"),
        ("", "<p>Published 24 November 2026, updated 30 November 2026</p>", "2026-11-24"),
        ("", f"<p>24 November 2026</p>{RELATED}", "2026-11-24"),
        (
            meta("2026-11-24T10:30:00Z") + meta("2026-12-05T08:00:00Z", "modified"),
            "<time datetime='2026-12-05'>5 December 2026</time>",
            "2026-11-24T10:30:00+00:00",
        ),
        ("", "", None),
    ],
)  # fmt: skip
def test_published(head: str, body: str, when: str | None) -> None:
    assert published(head, body) == when


def test_the_address_may_name_the_day() -> None:
    assert published(url="https://paper.example/2026/11/24/bridge") == "2026-11-24"
    assert published(url="https://paper.example/2026-11-24-bridge") == "2026-11-24"
    assert published(url="https://paper.example/bridge-20261124x") is None
    assert published(url="https://paper.example/2026/02/31/bridge") is None


def test_the_language_tells_which_comes_first() -> None:
    assert published(body="<p>11/10/2026</p>", html="<html lang='en-US'>") == "2026-11-10"
    assert published(body="<p>11/10/2026</p>", html="<html lang='en-GB'>") == "2026-10-11"


def test_an_instant_is_told_in_the_zone_of_its_readers_only_where_they_see_another_day() -> None:
    late = ld(datePublished="2026-11-24T23:30:00Z")
    assert published(late, "<p>25.11.2026</p>", html="<html lang='de'>") == "2026-11-25T00:30:00+01:00"
    assert published(late, "<p>24.11.2026</p>", html="<html lang='de'>") == "2026-11-24T23:30:00+00:00"


def test_modified() -> None:
    head = ld(datePublished="2026-11-24T10:30:00+01:00", dateModified="2026-11-25T08:00:00+01:00")
    when = found(HEAD + TEXT, head=head).modified
    assert when is not None
    assert when.isoformat() == "2026-11-25T08:00:00+01:00"
    seen = found(f"{HEAD}<p>24.11.2026</p><p>Aktualisiert am 25.11.2026</p>{TEXT}").modified
    assert str(seen) == "2026-11-25"
    assert found(f"{HEAD}<p>24.11.2026</p>{TEXT}").modified is None


def test_evidence_says_where_it_was_found() -> None:
    one = found(f"{HEAD}<p class='author'>Ana Bell</p>{TEXT}", head=ld(datePublished="2026-11-24"))
    assert dict(one.evidence) == {"title": "h1", "published": "json-ld", "authors": "byline"}


def test_the_days_of_teasers_are_of_other_articles() -> None:
    time = "<time datetime='2026-12-05T00:00'>5 Dec 2026</time>"
    teaser = f"<a href='/b'>{time} <span>Another bridge is closed</span></a>"
    assert published(body=f"<p>Published 24 Nov 2026</p>{teaser}") == "2026-11-24"
    alone = "<a href='/a' rel='bookmark'><time datetime='2026-11-24'>24 Nov 2026</time></a>"
    assert published(body=alone) == "2026-11-24"


def test_a_mere_year_is_no_day() -> None:
    assert published(body="<footer>Copyright 2026 The Lenn Herald</footer>") is None
