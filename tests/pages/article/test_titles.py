"""Which text is the headline?"""

import pytest

from tests.pages.article.paper import TEXT, found

HEADLINE = "Cracks close the bridge over the Lenn"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        # the site's name behind or in front, whatever sets it apart
        (f"<title>{HEADLINE} | The Lenn Herald</title>", f"<h1>{HEADLINE}</h1>"),
        (f"<title>The Lenn Herald » {HEADLINE}</title>", f"<h1>The Lenn Herald</h1><h2>{HEADLINE}</h2>"),
        (
            f"<title>{HEADLINE} - Local - The Lenn Herald</title>",
            f"<h1><a href='https://paper.example/'>Local - The Lenn Herald</a></h1><h2>{HEADLINE}</h2>",
        ),
        # no heading at all: the site's name is known from elsewhere
        (
            f"<title>{HEADLINE} – Lenn Herald</title><meta property='og:site_name' content='Lenn Herald'>",
            "",
        ),
        (f"<title>{HEADLINE} - Paper.example</title>", ""),
        (
            (
                f"<title>{HEADLINE} – The Lenn Herald</title>"
                "<link rel='alternate' type='application/rss+xml' title='The Lenn Herald » Feed' href='/f'>"
            ),
            "",
        ),
        # what Open Graph says and what a reader sees
        (
            f"<title>x</title><meta property='og:title' content='{HEADLINE}'>",
            f"<h1 class='logo'>Paper</h1><h2>{HEADLINE}</h2>",
        ),
        ("<title>Lenn bridge closed | Paper</title>", f"<h1>{HEADLINE}</h1>"),
        # teaser line above the headline, date below it
        (
            f"<title>{HEADLINE} | Paper</title>",
            f"<h1><span>Traffic</span> {HEADLINE.replace('the bridge', 'the bridge')}</h1>",
        ),
        (
            f"<title>{HEADLINE} | Paper</title><meta property='og:title' content='{HEADLINE}'>",
            f"<h1>{HEADLINE} <small>24.11.2026</small></h1>",
        ),
        # headings of other things
        (f"<title>{HEADLINE}</title>", f"<h1>Most read today</h1><h1>{HEADLINE}</h1><h1>Comments</h1>"),
        (f"<title>{HEADLINE}</title>", f"<h1>Detail view</h1><p>{HEADLINE}</p>"),
        # schema.org alone
        (
            (
                "<script type='application/ld+json'>"
                f'{{"@type": "NewsArticle", "headline": "{HEADLINE}"}}</script>'
            ),
            "",
        ),
    ],
)
def test_headline(head: str, body: str) -> None:
    assert found(f"{body}<div>{TEXT}</div>", head=head).title == HEADLINE


def test_the_heading_is_taken_as_it_is_written() -> None:
    head = "<title>&quot;Cracks&quot; close the bridge - again | Paper</title>"
    assert found(f"<h1>“Cracks” close the bridge – again</h1>{TEXT}", head=head).title == (
        "“Cracks” close the bridge – again"
    )


def test_elements_within_a_heading_do_not_part_its_words() -> None:
    head = "<title>Traffic: Cracks close the bridge</title>"
    assert found(f"<h1><span>Traffic</span> : Cracks close <br>the bridge</h1>{TEXT}", head=head).title == (
        "Traffic: Cracks close the bridge"
    )


def test_a_shorter_headline_for_machines_does_not_cut_the_heading() -> None:
    long = "Cracks close the bridge over the Lenn, and nobody knows for how long it will be"
    head = f"<title>{long[:40]}…</title><meta property='og:title' content='{long[:40]}…'>"
    assert found(f"<h1>{long}</h1>{TEXT}", head=head).title == long


def test_a_page_without_any_title_has_none() -> None:
    assert found(TEXT).title is None
