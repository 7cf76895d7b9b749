"""Which section is an article in, and which tags has it?"""

import pytest

from tests.pages.article.paper import TEXT, found

HEAD = "<h1>Cracks close the bridge over the Lenn</h1>"
CRUMBS = """<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement": [
 {"@type": "ListItem", "position": 1, "item": {"@id": "https://paper.example/", "name": "The Lenn Herald"}},
 {"@type": "ListItem", "position": 2, "item": {"@id": "https://paper.example/region", "name": "Region"}},
 {"@type": "ListItem", "position": 3, "name": "Traffic"},
 {"@type": "ListItem", "position": 4, "name": "Cracks close the bridge over the Lenn"}]}</script>"""


@pytest.mark.parametrize(
    ("head", "body", "section"),
    [
        ("<meta property='article:section' content='Region'>", HEAD, ("Region",)),
        (
            (
                "<script type='application/ld+json'>"
                '{"@type": "NewsArticle", "articleSection": ["Region", "Traffic", "region"]}</script>'
            ),
            HEAD,
            ("Region", "Traffic"),
        ),
        (CRUMBS, HEAD, ("Region", "Traffic")),
        ("", f"<div class='kicker'>Region</div>{HEAD}", ("Region",)),
        ("", f"{HEAD}<a rel='category tag' href='/c/region'>Region</a>", ("Region",)),
        ("", f"<p>Region</p>{HEAD}", ("Region",)),
        # no sections
        ("<meta property='og:site_name' content='The Herald'>", f"<p>The Herald</p>{HEAD}", ()),
        ("", f"<p>24 November 2026</p>{HEAD}", ()),
        ("", f"<p>By Ana Bell</p>{HEAD}", ()),
        ("", f"<p>It has been a long week for all who must cross.</p>{HEAD}", ()),
        ("<meta property='article:section' content='Home'>", HEAD, ()),
        ("<meta property='article:section' content='https://paper.example/x'>", HEAD, ()),
    ],
)
def test_section(head: str, body: str, section: tuple[str, ...]) -> None:
    assert found(f"{body}<div>{TEXT}</div>", head=head).section == section


def test_tags_of_all_sources_once() -> None:
    head = (
        "<meta property='article:tag' content='Bridges'><meta property='article:tag' content='Lenn'>"
        "<meta name='news_keywords' content='Traffic, lenn'><meta name='keywords' content='bridge'>"
    )
    links = "<a rel='tag' href='/t/1'>Repair</a> <a rel='tag' href='/t/2'>bridges</a>"
    body = f"{HEAD}{TEXT}<p class='tags'>{links}</p>"
    assert found(body, head=head).tags == ("Bridges", "Lenn", "Traffic", "Repair")


def test_keywords_of_the_page_only_as_far_as_the_article_has_them() -> None:
    head = "<meta name='keywords' content='news, engineers, mill road, sports, newspaper'>"
    assert found(HEAD + TEXT, head=head).tags == ("engineers", "mill road")
