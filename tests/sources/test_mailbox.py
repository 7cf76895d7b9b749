"""Does a mail become an article that says what the mail says, and nothing of whose mail it is?"""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from feedsvc.bootstrap import open_services
from feedsvc.collect import collect_source
from feedsvc.config import Config
from feedsvc.errors import ParseError
from feedsvc.model import Document, Parsed, ParsedItem, Poll
from feedsvc.services import Services
from feedsvc.sources import mailbox
from feedsvc.sources.mailbox import MailboxSource
from feedsvc.store import Store
from tests.conftest import Clock
from tests.dovecot import PASSWORD, Dovecot, running

READER = "jane.doe@reader.example"
OPTIONS: dict[str, Any] = {
    "id": "weekly",
    "type": "mailbox",
    "server": "imap.example.org",
    "user": READER,
    "password": "${env:IMAP_PASSWORD}",
}


def source(**options: object) -> MailboxSource:
    return MailboxSource.model_validate(OPTIONS | options)


def document(*mails: bytes, received: str = "01-Mar-2026 09:00:05 +0000") -> Document:
    listed = [
        {"uid": n, "received": received, "mail": mail.decode("latin-1")} for n, mail in enumerate(mails, 1)
    ]
    return Document(
        url="imaps://imap.example.org/", body=json.dumps({"mails": listed, "skipped": []}).encode()
    )


def parsed(mail: str | bytes, **options: object) -> Parsed:
    raw = mail if isinstance(mail, bytes) else mail.encode()
    return mailbox.parse(source(**options), document(raw))


def item(mail: str | bytes, **options: object) -> ParsedItem:
    (found,) = parsed(mail, **options).items
    return found


HEAD = f"From: The Weekly <weekly@news.example>\nTo: Jane <{READER}>\nMessage-ID: <1@news.example>\n"


def html(markup: str, *, subject: str = "Issue 12", more: str = "", **options: object) -> str:
    mail = f"{HEAD}Subject: {subject}\n{more}Content-Type: text/html; charset=utf-8\n\n{markup}"
    return item(mail, **options).content or ""


def text(words: str, *, kind: str = "", more: str = "") -> str:
    return (
        item(f"{HEAD}Subject: x\n{more}Content-Type: text/plain; charset=utf-8{kind}\n\n{words}").content
        or ""
    )


# ---- options ----------------------------------------------------------------------------------------


def test_the_location_tells_no_secret() -> None:
    one = source(folder="News/Weekly & more", senders=["a@b.example"], lists=["x y"], subjects=["é"])
    assert one.location == (
        "imaps://jane.doe%40reader.example@imap.example.org:993/News/Weekly%20%26%20more"
        "?from=a%40b.example&list=x+y&subject=%C3%A9"
    )
    assert source(tls="starttls").location == "imap://jane.doe%40reader.example@imap.example.org:143/INBOX"
    assert one.public_url is None


def test_the_password_is_shown_nowhere() -> None:
    revealed = MailboxSource.model_validate(OPTIONS | {"password": "s3cret"}, context={"revealed": True})
    request = mailbox.start(revealed)
    assert request.headers["Authorization"] == "Basic amFuZS5kb2VAcmVhZGVyLmV4YW1wbGU6czNjcmV0"
    assert "s3cret" not in repr(revealed) + repr(request) + request.url
    assert "amFuZ" not in repr(request)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"password": "s3cret"}, r"put it into an environment variable, and write \"\$\{env:NAME\}\" here"),
        ({"password": "x${env:NAME}"}, "does not belong into the config"),
        ({"server": "imaps://imap.example.org"}, "must be the name of a server such as imap.example.org"),
        ({"server": "a b"}, "must be the name of a server"),
        ({"folder": "a\nb"}, "a line break"),
        ({"senders": [" "]}, "an empty text is in every mail"),
        ({"limit": 0}, "greater than or equal to 1"),
        ({"tls": "maybe"}, "'ssl', 'starttls' or 'none'"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        source(**options)


# ---- what stays -------------------------------------------------------------------------------------


def test_layout_becomes_paragraphs() -> None:
    found = html(
        "<center><table><tr><td><table width=600><tr><td>"
        "<span><div>One</div></span>two<br><br><font>three</font> <b>four</b><br>five<br></td>"
        "<td><h2>Six</h2><div><div>seven</div></div></td></tr></table></td></tr></table></center>"
    )
    assert found == ("<p>One</p><p>two</p><p>three <b>four</b><br>five</p><h2>Six</h2><p>seven</p>")


def test_lists_quotes_code_and_pictures_survive() -> None:
    found = html(
        "<ul><li>One</li><li>Two<ul><li>Three</li></ul></li></ul><blockquote>Four<p>Five</p></blockquote>"
        "<pre>a\n  b</pre>"
        "<figure><img src='https://a.example/x.jpg' alt=X><figcaption>Six</figcaption></figure><hr>"
    )
    assert found == (
        "<ul><li>One</li><li><p>Two</p><ul><li>Three</li></ul></li></ul>"
        "<blockquote><p>Four</p><p>Five</p></blockquote><pre>a\n  b</pre>"
        '<figure><p><img src="https://a.example/x.jpg" alt="X"></p><figcaption>Six</figcaption></figure><hr>'
    )


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><th>Plant</th><th>Week</th></tr><tr><td>Tulip</td><td>12</td></tr></table>",
        "<table><tr><td>Tulip</td><td>12</td></tr><tr><td>Rose</td><td>24</td></tr></table>",
    ],
)
def test_tables_of_data_survive(table: str) -> None:
    assert (
        html(f"<table role=presentation><tr><td><p>Before</p>{table}</td></tr></table>")
        == f"<p>Before</p>{table}"
    )


@pytest.mark.parametrize(
    "markup",
    [
        "<a href='https://a.example/x'><table><tr><td>Buy</td><td>now</td></tr></table></a>",
        "<table><tr><td><a href='https://a.example/x'><div>Buy</div><div>now</div></a></td></tr></table>",
        "<A HREF=https://a.example/x><TABLE><TR><TD>Buy</TD></TR><TR><TD>now</TD></TR></TABLE></A>",
    ],
)
def test_a_link_around_blocks_stays_one(markup: str) -> None:
    assert html(f"<p>Text</p>{markup}").replace(" </a>", "</a>") == (
        '<p>Text</p><p><a href="https://a.example/x">Buy now</a></p>'
    )


def test_a_link_around_a_heading_is_that_of_the_heading() -> None:
    assert html("<a href='https://a.example/x'><h2>A <i>story</i></h2><p>Teaser</p></a>") == (
        '<h2><a href="https://a.example/x">A <i>story</i></a></h2><p>Teaser</p>'
    )


def test_plain_text_has_paragraphs_and_links() -> None:
    assert text("One <two>\nthree (https://a.example/b?c=1&d=2).\n\n\nFour & five") == (
        '<p>One &lt;two&gt;<br>three (<a href="https://a.example/b?c=1&amp;d=2">'
        "https://a.example/b?c=1&amp;d=2</a>).</p><p>Four &amp; five</p>"
    )


def test_flowing_lines_are_joined() -> None:
    assert text("one \ntwo\n three \nfour", kind="; format=flowed") == "<p>one two<br>three four</p>"
    assert text("一 \n二", kind="; format=flowed; delsp=yes") == "<p>一二</p>"


@pytest.mark.parametrize("end", ["\n-- \nThe list\nhttps://l.example/", f"\n{'_' * 47}\nThe list\n"])
def test_signatures_of_lists_go(end: str) -> None:
    assert text(f"One{end}") == "<p>One</p>"


def test_the_text_part_serves_where_the_html_is_empty() -> None:
    mail = (
        f"{HEAD}Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\n"
        "Content-Type: text/plain\n\nWords\n--b\n"
        "Content-Type: text/html\n\n<html><body><img src=cid:1></body></html>\n--b--\n"
    )
    assert item(mail).content == "<p>Words</p>"


def test_attachments_are_not_published() -> None:
    mail = (
        f"{HEAD}Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n"
        "Content-Disposition: attachment; filename=a.html\n\n<p>attached</p>\n--b\n"
        "Content-Type: message/rfc822\n\nSubject: y\nContent-Type: text/html\n\n<p>within</p>\n--b\n"
        "Content-Type: text/plain\n\nWords\n--b--\n"
    )
    assert item(mail).content == "<p>Words</p>"


# ---- what goes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display: none'>X</div>",
        "<div style='max-height:0;overflow:hidden'>X</div>",
        "<span style='VISIBILITY:hidden'>X</span>",
        "<span style='opacity:0'>X</span>",
        "<p hidden>X</p>",
        "<div class='mcn preheader'>X</div>",
        "<td id=preview-text>X</td>",
        "<!-- X --><!--[if mso]><p>X</p><![endif]-->",
        "<style>X</style><script>X</script><title>X</title>",
    ],
)
def test_what_is_hidden_goes(hidden: str) -> None:
    assert html(f"<div>{hidden}</div><p>Shown</p>") == "<p>Shown</p>"


@pytest.mark.parametrize(
    "style", ["font-size:0", "opacity:0.9", "max-height:none", "max-width:01px", "height:200px"]
)
def test_what_is_shown_stays(style: str) -> None:
    assert html(f"<p style='{style}'>Shown</p>") == "<p>Shown</p>"


@pytest.mark.parametrize(
    "pixel",
    [
        "<img src=https://t.example/a.gif width=1 height=1>",
        "<img src=https://t.example/a.gif height=0>",
        "<img src=https://t.example/a.gif style='width:1px;height:1px'>",
        "<img src=https://t.example/wf/open?upn=abc>",
        "<img src=https://t.example/o/4f2a/pixel.gif alt=''>",
        "<img src=https://t.example/track/open.php?u=1>",
        "<img src=https://t.example/spacer.gif width=600 height=1>",
    ],
)
def test_pixels_go(pixel: str) -> None:
    assert html(f"<p>Text {pixel}</p>") == "<p>Text</p>"


def test_pictures_stay_or_go_as_is_wished() -> None:
    garden = "<img src='https://a.example/open-day.jpg' width=600 alt='The garden'>"
    markup = f"<p>A {garden} b <img src=cid:x alt=Rose></p>"
    assert html(markup) == (
        '<p>A <img src="https://a.example/open-day.jpg" width="600" alt="The garden"> b Rose</p>'
    )
    assert html(markup, images="drop") == "<p>A The garden b Rose</p>"


@pytest.mark.parametrize(
    "words",
    [
        "You are receiving this email because you signed up at our shop.",
        "No longer wish to receive these? <a href=https://n.example/u/1>Unsubscribe</a> | <a href=https://n.example/p>Privacy</a>",
        "<a href='https://n.example/abc'>Update your preferences</a>",
        "<a href='https://n.example/r?a=unsubscribe&id=7'>Click</a>",
        "<a href='mailto:leave@n.example?subject=unsubscribe'>Leave</a>",
        "<a href=https://n.example/way-out>Leave us</a>",
        "<a href=https://n.example/x><img src=https://n.example/a.png alt=Unsubscribe></a>",
        "Diese E-Mail wurde an jane.doe@reader.example gesendet.",
        "Wenn Sie diesen Newsletter nicht mehr erhalten möchten, klicken Sie <a href=https://n.example/x>hier</a>.",
        "<a href=https://n.example/x>Se désabonner</a>",
        "<a href=https://n.example/x>Darse de baja de esta lista</a>",
        "<a href=https://n.example/x>Annulla l’iscrizione</a>",
        "<a href=https://n.example/x>Cancelar inscrição</a>",
        "<a href=https://n.example/x>Uitschrijven</a>",
        "<a href=https://n.example/x>Wypisz się</a>",
        "<a href=https://n.example/x>Отписаться от рассылки</a>",
        "<a href=https://n.example/x>退订</a> 您收到此邮件是因为您订阅了",
        "<a href=https://n.example/x>配信停止はこちら</a>",
        "<a href=https://n.example/x>수신거부</a>",
        "<a href=https://n.example/x>إلغاء الاشتراك</a>",
        "<a href=https://n.example/x>להסרה מרשימת התפוצה</a>",
        "<a href=https://n.example/x>ABONELİĞİ İPTAL ET</a>",
        "<a href=https://n.example/x>Forward to a friend</a>",
        "Was this email forwarded to you? <a href=https://n.example/x>Sign up here</a>",
        "© 2026 News Ltd. All rights reserved.",
    ],
)
def test_small_print_goes(words: str) -> None:
    leave = "List-Unsubscribe: <https://n.example/way-out>, <mailto:out@n.example>\n"
    assert html(f"<p>First.</p><p>Second.</p><div>{words}</div>", more=leave) == "<p>First.</p><p>Second.</p>"


@pytest.mark.parametrize(
    "words",
    [
        "How to <a href=https://n.example/unsubscribing>unsubscribe from everything that nobody reads</a>",
        "They opt out of the treaty, said the minister.",
        "In the browser war, nobody won.",
        "You received this morning's paper late.",
        "We moved all rights reserved seats to the front.",
    ],
)
def test_words_alone_are_no_small_print(words: str) -> None:
    assert "<p>" in html(
        f"<p>Before.</p><p>And before.</p><p>{words}</p>{'<p>And much after that.</p>' * 12}"
    )
    assert html(f"<p>a</p><p>b</p><p>{words}</p>{'<p>And much after that.</p>' * 12}").count("<p>") == 15


def test_in_a_long_paragraph_only_the_link_goes() -> None:
    long = "A long text. " * 40  # ends with a space
    found = html(f"<p>{long}<a href=https://n.example/x>Unsubscribe</a> {READER}</p>")
    assert found == f"<p>{long}…</p>"


def test_the_frame_after_the_way_out_goes_too() -> None:
    body = "<p>Text of the letter, which is longer than what stands below it, as letters are.</p>"
    foot = (
        "<p><a href=https://n.example/u/1>Unsubscribe</a></p><p>News Ltd, 1 Main Street</p><p>Springfield</p>"
    )
    assert html(body + foot) == body
    assert html(body + foot + "<h2>More</h2><p>Text</p>").endswith("<h2>More</h2><p>Text</p>")


def test_rows_of_icons_go() -> None:
    icon = (
        "<a href='https://s.example/{0}'><img src='https://n.example/{0}.png' width=24 height=24 alt={0}></a>"
    )
    assert html(f"<p>Text</p><div>{icon.format('a')} {icon.format('b')}</div>") == "<p>Text</p>"


# ---- links ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://a.example/b?utm_source=x&c=1&fbclid=y", "https://a.example/b?c=1"),
        ("https://a.example/b#utm_medium=email", "https://a.example/b"),
        ("https://a.example/b#part-2", "https://a.example/b#part-2"),
        ("https://t.example/click?url=https%3A%2F%2Fa.example%2Fb%3Fc%3D1%26utm_source%3Dx&id=7", "https://a.example/b?c=1"),
        ("https://t.example/CL0/https:%2F%2Fa.example%2Fb%2Fc/1/0100abc/sig=", "https://a.example/b/c"),
        ("https://t.example/r/?u=https%3A%2F%2Fclick.example%2F%3Furl%3Dhttps%253A%252F%252Fa.example%252F", "https://a.example/"),
        ("https://links.news.example/?url=https://a.example/b", "https://a.example/b"),
        ("https://s.example/share?url=https%3A%2F%2Fa.example%2Fb", "https://s.example/share?url=https%3A%2F%2Fa.example%2Fb"),
        ("https://s.example/page?url=https%3A%2F%2Fa.example%2Fb", "https://s.example/page?url=https%3A%2F%2Fa.example%2Fb"),
        ("https://s.example/web/2020/https://a.example/b", "https://s.example/web/2020/https://a.example/b"),
        ("https://a.example/b?email=jane.doe%40reader.example&c=1", "https://a.example/b?c=1"),
        ("https://a.example/b?x=JANE.DOE%40reader.example", "https://a.example/b"),
        ("https://a.example/b?x=amFuZS5kb2VAcmVhZGVyLmV4YW1wbGU%3D&c=1", "https://a.example/b?c=1"),
        ("https://a.example/b?h=7cf3f1d3a4d41b5fbf5fe5d4c9e9f1b0&c=1", "https://a.example/b?h=7cf3f1d3a4d41b5fbf5fe5d4c9e9f1b0&c=1"),
        ("https://a.example/b?token=abc&subscriber_id=7&c=1", "https://a.example/b?c=1"),
        ("https://jane:pw@a.example/b", "https://a.example/b"),
        ("https://a.example/u/jane.doe%40reader.example/b", None),
        ("mailto:jane.doe@reader.example", None),
        ("mailto:ann@news.example", "mailto:ann@news.example"),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)  # fmt: skip
def test_links_lead_where_they_seem_to(href: str, expected: str | None) -> None:
    from feedsvc.sources.clicks import Private, target

    assert target(href, Private(addresses=frozenset({READER}))) == expected


@pytest.mark.parametrize("digest", ["md5", "sha1", "sha256"])
def test_fingerprints_of_the_reader_go(digest: str) -> None:
    import hashlib

    known = hashlib.new(digest, READER.encode()).hexdigest()
    assert (
        html(f"<p><a href='https://a.example/b?c=1&m={known}'>x</a></p>")
        == '<p><a href="https://a.example/b?c=1">x</a></p>'
    )


@pytest.mark.parametrize(
    ("label", "href", "expected"),
    [
        ("View in browser", "https://n.example/issue/12?e=0123abcdef&utm_source=x", "https://n.example/issue/12"),
        ("Im Browser ansehen", "https://n.example/p/spring-has-come", "https://n.example/p/spring-has-come"),
        ("ブラウザで見る", "https://n.example/mail/20260301.html", "https://n.example/mail/20260301.html"),
        ("View in browser", "https://n.example/latest", None),
        ("View in browser", "https://n.example/2026/current", None),
        ("View in browser", "https://view.n.example/?qs=0123456789abcdef0123456789abcdef01234567", None),
        ("View in browser", "https://n.example/v/123e4567-e89b-12d3-a456-426614174000", None),
        ("View in browser", "https://n.example/12/jane.doe%40reader.example", None),
        ("The browser wars", "https://n.example/12", None),
    ],
)  # fmt: skip
def test_the_page_of_the_mail_is_the_link(label: str, href: str, expected: str | None) -> None:
    head = f"{HEAD}Subject: Spring has come\nContent-Type: text/html; charset=utf-8\n\n"
    mail = f"{head}<p><a href='{href}'>{label}</a></p><p>Text</p>"
    assert item(mail).link == expected


def test_the_page_of_the_mail_in_plain_text() -> None:
    mail = f"{HEAD}Subject: x\n\nView this letter on the web at https://n.example/p/12\n\nText\n"
    assert (item(mail).link, item(mail).content) == ("https://n.example/p/12", "<p>Text</p>")


def test_the_page_of_the_list_is_never_the_link() -> None:
    found = item(
        f"{HEAD}Subject: x\nList-Id: Weekly <w.n.example>\nList-Archive: <https://n.example/archive/1>\n\nText\n"
    )
    assert (found.link, found.via, found.via_title) == (None, "https://n.example/archive/1", "Weekly")


# ---- headers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"=?utf-8?b?w4lwaXNvZGU=?= 12", "Épisode 12"),
        (b"=?iso-2022-jp?b?GyRCJUYlOSVIGyhC?=", "テスト"),
        (b"=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab"),
        ("Épisode".encode(), "Épisode"),
        ("Épisode".encode("cp1252"), "Épisode"),
        (b"=?no-such?q?=C3=89t=C3=A9?=", "Été"),
        (b"=?unicode_escape?q?=5Cx41?=", "\\x41"),
        (b"for jane.doe@reader.example", "for …"),
        (b"a\x00b\x08", "ab"),
    ],
)
def test_subjects_are_decoded(raw: bytes, expected: str) -> None:
    assert (
        item(HEAD.replace("\n", "\r\n").encode() + b"Subject: " + raw + b"\r\n\r\nText\r\n").title == expected
    )


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("From: Ann Author <ann@news.example>", "Ann Author"),
        ('From: "Author, Ann" <ann@news.example>', "Author, Ann"),
        ("From: =?utf-8?q?=C3=84nne?= <ann@news.example>", "Änne"),
        ("From: ann@news.example", "news.example"),
        ('From: "ann@news.example" <ann@news.example>', "news.example"),
        ("From: ann@news.example\nList-Id: The Weekly <w.news.example>", "The Weekly"),
        ("From: ann@news.example\nList-Id: 5f3a9c0d2b7e4411 list <x.news.example>", "news.example"),
        ("X: y", None),
    ],
)
def test_the_author_is_the_sender_by_name(header: str, expected: str | None) -> None:
    found = item(f"{header}\nTo: {READER}\nSubject: x\n\nText\n")
    assert [one.name for one in found.authors] == ([expected] if expected else [])
    assert all(one.email is None for one in found.authors)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Sun, 01 Mar 2026 10:00:00 +0100 (CET)", "2026-03-01T09:00:00+00:00"),
        ("1 Mar 26 08:00 GMT", "2026-03-01T08:00:00+00:00"),
        ("Sun, 01 Mar 2026 08:00:00 -0000", "2026-03-01T08:00:00+00:00"),
        ("Sun, 01 Mar 2026 08:00:00", "2026-03-01T08:00:00+00:00"),
        ("Mon, 01 Jan 2035 08:00:00 +0000", "2026-03-01T09:00:05+00:00"),
        ("soon", "2026-03-01T09:00:05+00:00"),
    ],
)
def test_the_date_is_the_senders_unless_it_cannot_be(date: str, expected: str) -> None:
    found = item(f"{HEAD}Subject: x\nDate: {date}\n\nText\n").published
    assert found is not None
    assert found.astimezone(UTC) == datetime.fromisoformat(expected)


def test_the_guid_is_the_message_id_unless_it_names_the_reader() -> None:
    assert item(f"{HEAD}Subject: x\n\nText\n").guid == "mid:1@news.example"
    odd = item("Message-ID: <a%b/c@n.example>\nSubject: x\n\nText\n").guid
    named = item(
        f"To: {READER}\nMessage-ID: <12.jane.doe=reader.example@n.example>\nSubject: x\n\nText\n"
    ).guid
    none = item("Subject: x\n\nText\n").guid
    other = item("Subject: x\n\nAnother text\n").guid
    assert all(guid is not None and len(guid) == 64 and guid.isalnum() for guid in (odd, named, none, other))
    assert len({odd, named, none, other}) == 4


def test_addresses_of_a_list_are_not_the_readers() -> None:
    mail = f"To: talk@list.example\nCc: {READER}\nList-Post: <mailto:talk@list.example>\nSubject: x\n\n"
    assert item(f"{mail}Write to talk@list.example.\n").content == "<p>Write to talk@list.example.</p>"


# ---- hostile mails ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 1000,
        b"From: " + b"(" * 100_000 + b"\r\n\r\nText",
        b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\r\n\r\nText",
        b"To: " + b"a@b.example, " * 50_000 + b"\r\n\r\nText",
        b"Content-Type: text/html; " + b'"; a=' * 200_000 + b"\r\n\r\nText",
        b"Content-Type: multipart/mixed; boundary*0*=idna'x'%ff%ff\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5_000,
        b"Content-Type: text/html; charset=hex\r\n\r\n<p>zz</p>",
        b"Content-Type: text/plain; charset=idna\r\n\r\n\xff",
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"!==" * 100_000,
        b"Content-Transfer-Encoding: uuencode\r\n\r\nbegin 666 x\nMMM\n",
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 50_000,
        b"Content-Type: text/html\r\n\r\n" + b"<table><tr><td>" * 2_000 + b"Text",
        b"Content-Type: text/html\r\n\r\n" + b"<p>unsubscribe <a href=/u>unsubscribe</a>" * 60_000,
        b"Content-Type: text/html\r\n\r\n" + b"<" * 200_000,
        b"Content-Type: text/html\r\n\r\n<a href='http://[::1'>x</a><img src='http://[' width=x>",
        b"Content-Type: text/html\r\n\r\n<svg><a href=x><math></svg><p><![CDATA[x]]><?php x ?>",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(99)),
        b"\n" * 300_000,
    ],
)  # fmt: skip
def test_no_mail_makes_us_fall(raw: bytes) -> None:
    start = time.process_time()
    good = f"{HEAD}Subject: x\n\nText\n".encode()
    found = mailbox.parse(source(), document(raw, good))
    assert found.items[-1].content == "<p>Text</p>"
    assert len(found.items) + len(found.rejected) == 2
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    "body",
    [
        b'{"mails": [{"uid": 1}], "skipped": []}',
        b'{"mails": [{"uid": "x", "received": "", "mail": ""}], "skipped": []}',
        b'{"mails": [{"uid": 1, "received": "", "mail": "\\u20ac"}], "skipped": []}',
        b'{"mails": {}, "skipped": []}',
    ],
)
def test_what_the_fetcher_never_makes_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError, match="does not hold the mails of a mailbox"):
        mailbox.parse(source(), Document(url="imaps://x/", body=body))


def test_reports_of_mail_servers_are_no_articles() -> None:
    found = parsed(
        "From: mailer-daemon@x.example\nContent-Type: multipart/report; boundary=b\n\n--b\n\nx\n--b--\n"
    )
    assert (found.items, found.rejected) == ((), ("mail 1: it is a report of a mail server",))


# ---- from a real server into the store --------------------------------------------------------------


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running() as server:
        yield server


def configured(
    server: Dovecot, user: str, *, allow: tuple[str, ...] = ("127.0.0.0/8",), **options: object
) -> Config:
    one = OPTIONS | {
        "server": "127.0.0.1",
        "port": server.port,
        "tls": "none",
        "user": user,
        "folder": "News",
    }
    return Config.model_validate(
        {
            "site": {"title": "Tests", "url": "https://feeds.example.org"},
            "fetch": {"allow": allow, "timeout": "5s"},
            "categories": [{"id": "world", "title": "World"}],
            "sources": [one | {"categories": ["world"]} | options],
        }
    )


def letter(number: int, words: str = "") -> bytes:
    return (
        f"From: The Weekly <weekly@news.example>\r\nTo: {READER}\r\nSubject: Letter {number}\r\n"
        f"Message-ID: <{number}@news.example>\r\nDate: Sun, 01 Mar 2026 {number:02}:00:00 +0000\r\n"
        f"Content-Type: text/html\r\n\r\n<p>{words or f'What letter {number} says.'}</p>"
        f"<p>Sent to {READER}. <a href=https://news.example/u/4f2a>Unsubscribe</a></p>\r\n"
    ).encode()


class Mailbox:
    """A mailbox on the server, and the services that collect from it."""

    def __init__(self, server: Dovecot, store: Store, clock: Clock, user: str) -> None:
        self.server, self.store, self.clock, self.user = server, store, clock, user
        self.environment = {"IMAP_PASSWORD": PASSWORD}
        self.opened: list[Services] = []
        self.use(configured(server, user))

    def use(self, config: Config) -> None:
        self.clock.advance(seconds=2)
        self.services = open_services(self.store, config, clock=self.clock, environment=self.environment)
        self.opened.append(self.services)

    def put(self, *mails: bytes) -> None:
        self.server.put(self.user, *mails, folder="News")

    def poll(self) -> Poll:
        now = self.clock()
        assert self.store.claim("weekly", now=now, lease="test", lease_for=timedelta(minutes=1))
        return collect_source(self.services, "weekly", lease="test")

    def titles(self) -> list[str]:
        return sorted(entry.article.title for entry in self.store.page("c/world"))


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """Of one kind: that both fare alike is seen elsewhere."""
    opened = Store.open(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def box(dovecot: Dovecot, store: Store, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Mailbox]:
    user = "".join(char if char.isalnum() else "-" for char in request.node.name)
    made = Mailbox(dovecot, store, clock, user)
    yield made
    for services in made.opened:
        services.fetcher.close()


def test_each_mail_becomes_an_article_once(box: Mailbox) -> None:
    box.put(letter(1), letter(2))
    first = box.poll()
    assert (first.outcome, first.found, first.new, first.error) == ("ok", 2, 2, None)
    assert box.poll().outcome == "unchanged"
    box.put(letter(3), letter(1))  # the last one a copy
    second = box.poll()
    assert (second.outcome, second.found, second.new, second.updated) == ("ok", 2, 1, 0)
    assert box.titles() == ["Letter 1", "Letter 2", "Letter 3"]
    entry = next(one for one in box.store.page("c/world") if one.article.title == "Letter 2")
    assert entry.id == "mid:2@news.example"
    assert entry.published == datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
    assert entry.article.content == "<p>What letter 2 says.</p>"
    assert [author.name for author in entry.article.authors] == ["The Weekly"]
    assert READER not in repr(entry)
    assert all(rb"\Seen" not in flags for flags in box.server.flags(box.user, "News"))


def test_a_mailbox_numbered_anew_brings_nothing_twice(box: Mailbox) -> None:
    box.put(letter(1), letter(2))
    box.poll()
    box.server.remove(box.user, "News")
    time.sleep(1.1)  # UIDVALIDITY is made of seconds
    box.put(letter(1), letter(2), letter(3))
    again = box.poll()
    assert (again.outcome, again.found, again.new, again.updated) == ("ok", 3, 1, 0)
    assert box.titles() == ["Letter 1", "Letter 2", "Letter 3"]


def test_other_options_look_at_the_latest_again(box: Mailbox) -> None:
    box.put(letter(1), letter(2), letter(3))
    box.poll()
    box.use(configured(box.server, box.user, limit=2, images="drop"))
    again = box.poll()
    assert (again.outcome, again.found, again.new, again.updated) == ("ok", 2, 0, 0)


def test_a_failure_keeps_what_there_is_and_says_what_to_do(box: Mailbox) -> None:
    box.put(letter(1))
    box.poll()
    box.environment["IMAP_PASSWORD"] = "wrong-secret"
    refused = box.poll()
    assert (refused.outcome, refused.error_kind) == ("failed", "auth")
    assert "wrong-secret" not in repr(refused)
    box.environment["IMAP_PASSWORD"] = PASSWORD
    box.use(configured(box.server, box.user, folder="Newz"))
    missing = box.poll()
    assert (missing.outcome, missing.error_kind) == ("failed", "missing")
    assert str(missing.error).endswith("there are INBOX, News.")
    box.use(configured(box.server, box.user, allow=()))
    private = box.poll()
    assert (private.outcome, private.error_kind) == ("failed", "refused-address")
    assert box.titles() == ["Letter 1"]


def test_mails_that_cannot_be_read_hold_up_none(box: Mailbox) -> None:
    box.put(
        letter(1), b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n", letter(2)
    )
    found = box.poll()
    assert (found.outcome, found.new, found.rejected) == (
        "ok",
        2,
        ("mail 2: it is a report of a mail server",),
    )
    assert box.poll().outcome == "unchanged"
