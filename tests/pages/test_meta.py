"""What does a page say in ``<meta>`` and ``<link rel>``?"""

from feedsvc.model import Document
from feedsvc.pages import page as pages
from feedsvc.pages.meta import first, meta

PAGE = """<html><head><title>t</title>
<meta property="og:title" content=" Snow &amp; ice "><meta name="OG:Title" content="Other">
<meta name="og:title" property="twitter:title" content="Other">
<meta name="DC.date" value="2026-11-24"><meta name="keywords" content="">
<meta http-equiv="content-language" content="pt">
<link rel="canonical alternate" href="/a/1"><link rel="canonical">
</head><body><p>Text</p></body></html>"""


def test_all_values_of_each_name() -> None:
    declared = meta(pages.read(Document(url="https://news.example/", body=PAGE.encode())))
    assert dict(declared) == {
        "og:title": ("Snow & ice", "Other"),
        "twitter:title": ("Other",),
        "dc.date": ("2026-11-24",),
        "content-language": ("pt",),
        "link:canonical": ("/a/1",),
        "link:alternate": ("/a/1",),
    }
    assert first(declared, "none", "twitter:title", "og:title") == "Other"
    assert first(declared, "none") is None


def test_only_so_many() -> None:
    markup = "<html><head>" + "".join(f'<meta name="a{n}" content="x">' for n in range(5_000))
    assert len(meta(pages.read(Document(url="https://news.example/", body=markup.encode())))) == 1_000
