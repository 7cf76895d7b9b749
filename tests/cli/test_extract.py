"""What is the article of a page, at an address or in a file?"""

import gzip
import json
from pathlib import Path

from pytest_httpserver import HTTPServer

from tests.cli.conftest import MAIN, Project

TEXT = (
    "The bridge over the Lenn was closed on Monday after divers found cracks in two of its pillars.",
    "Engineers had been called in because drivers complained of a shaking that grew by the week.",
    "Nobody was hurt, but nine thousand cars a day now have to go round by the old mill road.",
)
PAGE = """<!doctype html><html lang="en"><head><title>Cracks close the bridge | The Lenn Herald</title>
<meta property="article:published_time" content="2026-11-24T10:30:00+01:00">
<meta property="article:section" content="Region"><meta property="article:tag" content="Bridges">
<meta property="og:image" content="/i.jpg"><link rel="canonical" href="/news/bridge">{head}</head>
<body><article><h1>Cracks close the bridge</h1><p class="byline">By <a rel="author" href="/a">Ana Bell</a></p>
<div>{text}</div><script>alert(1)</script></article></body></html>"""
FACTS = [
    "file",
    "url",
    "title",
    "authors",
    "published",
    "modified",
    "language",
    "section",
    "tags",
    "image",
    "canonical",
    "text",
    "html",
]


def page(*paragraphs: str, head: str = "") -> bytes:
    markup = "".join(f"<p>{one} <a href='/more'>More</a></p>" for one in paragraphs)
    return PAGE.format(text=markup, head=head).encode()


def write(project: Project, name: str, body: bytes) -> str:
    (project.root / name).write_bytes(body)
    return name


def test_a_line_a_page_says_all(bare: Project) -> None:
    name = write(bare, "bridge.html", page(*TEXT))
    (found,) = bare.lines("extract", name, "--url", "https://lenn.example/x/1")
    assert list(found) == FACTS
    text, html = found.pop("text"), found.pop("html")
    assert text.split("\n") == [f"{one} More" for one in TEXT]
    assert html.count('<a href="https://lenn.example/more">More</a>') == 3
    assert "script" not in html
    assert found == {
        "file": name,
        "url": "https://lenn.example/x/1",
        "title": "Cracks close the bridge",
        "authors": ["Ana Bell"],
        "published": "2026-11-24T10:30:00+01:00",
        "modified": None,
        "language": "en",
        "section": ["Region"],
        "tags": ["Bridges"],
        "image": "https://lenn.example/i.jpg",
        "canonical": "https://lenn.example/news/bridge",
    }


def test_markup_is_cleaned(bare: Project) -> None:
    evil = "<a href='javascript:x' onclick='x'>It</a><img src=x onerror=x><svg onload=x></svg>"
    name = write(bare, "evil.html", page(*TEXT[:2], TEXT[2] + evil))
    (found,) = bare.lines("extract", name, "--url", "https://lenn.example/")
    assert not {"javascript:", "onclick", "onerror", "svg"} & set(found["html"].replace("=", " ").split())
    assert "javascript" not in found["html"]
    assert "onerror" not in found["html"]


def test_a_page_knows_its_own_address(bare: Project) -> None:
    body = page(*TEXT).replace(b'"/news/bridge"', b'"https://lenn.example/news/bridge"')
    (found,) = bare.lines("extract", write(bare, "b.html", body))
    assert found["url"] == "https://lenn.example/news/bridge"
    assert 'href="https://lenn.example/more"' in found["html"]
    (unknown,) = bare.lines("extract", write(bare, "c.html", b"<html><body><h1>Title</h1><p>Text</p>"))
    assert (unknown["url"], unknown["title"], unknown["published"]) == (None, "Title", None)


def test_packed_files_stdin_and_several(bare: Project) -> None:
    packed = write(bare, "a.html.gz", gzip.compress(page(*TEXT)))
    plain = write(bare, "b.html", page(*TEXT[:2]))
    found = bare.lines("extract", packed, plain)
    assert [one["file"] for one in found] == ["a.html.gz", "b.html"]
    assert [len(one["text"].split("\n")) for one in found] == [3, 2]
    out = bare.ok("extract", "-", "--json", stdin=gzip.compress(page(*TEXT)))
    assert json.loads(out)["title"] == "Cracks close the bridge"


def test_what_is_no_page_is_told(bare: Project) -> None:
    good = write(bare, "good.html", page(*TEXT))
    text = write(bare, "text.html", b"no markup here")
    broken = write(bare, "broken.html.gz", gzip.compress(page(*TEXT))[:50])
    result = bare.run("extract", "--json", good, text, broken, "missing.html")
    assert result.exit_code == 4
    assert len(result.stdout.splitlines()) == 1
    told = result.stderr.splitlines()
    assert [line.partition(": ")[2].partition(":")[0] for line in told] == [text, broken, "missing.html"]
    assert bare.run("extract", text).exit_code == 1


def test_a_bomb_is_refused(bare: Project) -> None:
    bare.main.parent.mkdir()
    bare.main.write_text(MAIN.replace("timeout: 5s", "timeout: 5s, max_bytes: 100000"))
    bomb = write(bare, "bomb.html.gz", gzip.compress(b"<html>" + b" " * 10_000_000))
    result = bare.run("extract", bomb)
    assert result.exit_code == 1
    assert "more bytes than are allowed" in result.stderr


def test_a_view_for_people(bare: Project) -> None:
    name = write(bare, "bridge.html", page(*TEXT).replace(b"Nobody", b"\x1b[31mNobody"))
    out = bare.ok("extract", name, "--url", "https://lenn.example/x/1")
    assert "title      Cracks close the bridge" in out
    assert "authors    Ana Bell" in out
    assert "published  2026-11-24 10:30 +0100" in out
    assert "section    Region" in out
    assert f"\n\n{TEXT[0]} More\n\n{TEXT[1]} More\n\n" in out
    assert "\x1b" not in out


def test_an_address_is_fetched_and_its_pages_joined(bare: Project, httpserver: HTTPServer) -> None:
    bare.main.parent.mkdir()
    bare.main.write_text(MAIN)
    paths = ("/story", "/story/2", "/story/3")
    for number, path in enumerate(paths):
        head = (
            f'<link rel="next" href="{paths[number + 1]}">'
            if number < 2
            else '<link rel="next" href="/story/3">'
        )
        body = page(TEXT[number], TEXT[number].replace("the", f"{number}"), head=head)
        httpserver.expect_request(path).respond_with_data(body, content_type="text/html")
    (found,) = bare.lines("extract", httpserver.url_for("/story"))
    assert found["url"] == httpserver.url_for("/story")
    assert [line for line in found["text"].split("\n") if line.removesuffix(" More") in TEXT] == [
        f"{one} More" for one in TEXT
    ]
    assert len(httpserver.log) == 3


def test_a_private_address_is_refused(bare: Project, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/story").respond_with_data(page(*TEXT), content_type="text/html")
    result = bare.run("extract", httpserver.url_for("/story"))
    assert result.exit_code == 1
    assert "error:" in result.stderr
    assert httpserver.log == []


def test_nothing_is_stored(bare: Project) -> None:
    name = write(bare, "bridge.html", page(*TEXT))
    before = sorted(path.name for path in Path(bare.root).rglob("*"))
    bare.ok("extract", name)
    assert sorted(path.name for path in Path(bare.root).rglob("*")) == before
