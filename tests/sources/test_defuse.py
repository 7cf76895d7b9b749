"""How is a hostile XML document kept from costing more than its size?"""

import codecs
import time

import pytest

from feedsvc.errors import ParseError
from feedsvc.sources.defuse import REFERENCE, defused, existing, marked_encoding, root_name, short_first_line

START = b"<?xml version='1.0' encoding='utf-8'?>\n"
ROOT = b"<rss><title>x</title></rss>"


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"\n\n  ",
        b'<?xml version="1.0"?>',
        b"<?xml version='1.0'?>\n<?xml-stylesheet href='<a'?>",
        b"<!-- <rss> --><!-- - -->",
        b"<!DOCTYPE rss>",
        b'<!DOCTYPE rss PUBLIC "-//x//>//EN" "http://example.org/rss.dtd">\n',
        b"<!DOCTYPE rss [<!-- don't > ]> -->\n<!ELEMENT x (y)> <!ENTITY % p 'x>'> %p; <?x ]> ?>]>",
        b"Warning: something in line 3\n",
        b"<!DOCTYPE rss [ <!ENTITY broken ",
    ],
)
def test_what_is_before_the_root_goes(before: bytes) -> None:
    assert defused(before + ROOT) == START + ROOT
    assert root_name(before + ROOT) == "rss"


def test_harmless_entities_are_filled_in() -> None:
    doctype = b"""<!DOCTYPE x [
      <!ENTITY copy "&#169;"> <!ENTITY
      name 'An example'><!ENTITY nested "&name;&name;"> <!ENTITY file SYSTEM "file:///etc/passwd">
    ]>"""
    body = b"<x>&copy; &name; &nested; &file; &amp; &unknown;</x>"
    assert defused(doctype + body) == START + b"<x>&#169; An example &nested; &file; &amp; &unknown;</x>"


def test_entities_that_expand_without_end_are_refused() -> None:
    doctype = b'<!DOCTYPE x [<!ENTITY a "%s">]>' % (b"a" * 10_000)
    assert len(defused(doctype + b"<x>" + b"&a;" * 50 + b"</x>")) > 500_000
    with pytest.raises(ParseError, match="expand to 2,000,000,000 bytes"):
        defused(doctype + b"<x>" + b"&a;" * 200_000 + b"</x>")


def test_no_root() -> None:
    for nothing in (b"", b"words", b"<!-- <rss>", b"<?xml?>", b"< rss>", b"\n" * 100_000):
        assert root_name(nothing) == ""


def test_names_of_roots() -> None:
    assert root_name(b"<rdf:RDF xmlns='x'/>") == "rdf:RDF"
    assert root_name("<日本/>".encode()) == "日本"
    assert root_name(b"<" + b"a" * 1_000 + b">") == "a" * 100


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "cp037"]
)
def test_the_first_line_is_short_in_every_encoding(encoding: str) -> None:
    line = "<?xml version='1.0'?>" + "<rss>encoding='x'</rss>" * 100
    found = short_first_line(line.encode(encoding)).decode(encoding)
    assert found.splitlines() == ["<?xml version='1.0'?>", "<rss>encoding='x'</rss>" * 100]
    endless = short_first_line(("<?xml " + "encoding='x'" * 1_000).encode(encoding)).decode(encoding)
    assert max(map(len, endless.splitlines()[:1])) <= 1_024


def test_without_a_declaration_nothing_is_inserted() -> None:
    assert short_first_line(ROOT) == ROOT
    assert short_first_line(b"") == b""


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16le"),
        (codecs.BOM_UTF16_BE, "utf-16be"),
        (codecs.BOM_UTF32_LE, "utf-32le"),
        (codecs.BOM_UTF32_BE, "utf-32be"),
        (b"", None),
    ],
)
def test_marked_encoding(mark: bytes, encoding: str | None) -> None:
    assert marked_encoding(mark + b"x\0\0\0") == encoding


def test_references_to_characters_that_do_not_exist() -> None:
    text = b"&#65;&#x1F600;&#0;&#xD800;&#xFFFE;&#1114112;&#99999999999999999999;&#x0000041;"
    assert REFERENCE.sub(existing, text) == b"&#65;&#x1F600;&#x0000041;"


def test_endless_words_are_broken_up() -> None:
    for endless in (b"a" * 5_000, b"&#97;" * 5_000, b"<!DOCTYPE x [<!ENTITY e '%s'>]>&e;" % (b"a" * 5_000)):
        parts = defused(b"<x>" + endless + b"</x>").partition(b"<x>")[2].split()
        assert max(map(len, parts)) <= 510
    assert defused(b"<x>" + b"a word " * 5_000 + b"</x>").count(b"a word") == 5_000


@pytest.mark.parametrize(
    "hostile",
    [
        b"\n" * 300_000 + b"<a>",
        b"<!DOCTYPE " + b"[" * 300_000,
        b"<!DOCTYPE x ['" * 30_000,
        b"<!DOCTYPE x [<!x" * 30_000,
        b"<!DOCTYPE x [" + b"<!ENTITY a 'b'>" * 30_000 + b"]><a>&a;",
        b"<!--" * 100_000,
        b"<?x" * 100_000,
        b"<" * 300_000,
    ],
)
def test_it_takes_time_by_the_size_and_not_by_its_square(hostile: bytes) -> None:
    started = time.process_time()
    defused(hostile)
    assert time.process_time() - started < 3
