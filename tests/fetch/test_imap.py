"""Are mails taken from a real IMAP server once each, unharmed, unread, and over guarded connections only?"""

import base64
import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from feedsvc.errors import AddressRefused, DeadlineExceeded, LoginRefused, Stopped, TooLarge, Unreachable
from feedsvc.fetch import Fetcher
from feedsvc.model import Document, NotModified, Request, Validators
from feedsvc.refine.dates import read_date
from tests.dovecot import PASSWORD, Dovecot, running
from tests.fetch.conftest import LOOPBACK, TLS, MakeFetcher, Serve, Server, lookup_of, within

CA = str(TLS / "ca.pem")


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def fetcher() -> Iterator[Fetcher]:
    """One for all who ask for nothing special: it takes time to read the certificates."""
    agent = "feedsvc-test/1 (+https://example.org/; feeds@example.org)"
    seconds = timedelta(seconds=5)
    made = Fetcher(timeout=seconds, max_bytes=200_000, user_agent=agent, allow=LOOPBACK, ca_file=CA)
    yield made
    made.close()


@pytest.fixture(scope="module")
def hasty() -> Iterator[Fetcher]:
    made = Fetcher(timeout=timedelta(seconds=0.3), max_bytes=200_000, user_agent="x", allow=LOOPBACK)
    yield made
    made.close()


def mail(
    subject: str, *, sender: str = "Ann <ann@news.example>", more: str = "", text: str = "Text."
) -> bytes:
    return f"From: {sender}\r\nSubject: {subject}\r\n{more}\r\n{text}\r\n".encode()


def ask(
    server: Dovecot | Server,
    user: str,
    folder: str = "INBOX",
    *,
    host: str = "localhost",
    tls: str = "ssl",
    password: str = PASSWORD,
    query: str = "",
    **headers: object,
) -> Request:
    port = server.tls_port if isinstance(server, Dovecot) and tls == "ssl" else server.port
    login = base64.b64encode(f"{user}:{password}".encode()).decode()
    return Request(
        url=f"imap{'s' * (tls == 'ssl')}://{quote(user, safe='')}@{host}:{port}/{quote(folder)}{query}",
        headers={"Authorization": f"Basic {login}", "TLS": tls} | {k: str(v) for k, v in headers.items()},
    )


def content(document: Document | NotModified) -> dict[str, Any]:
    assert isinstance(document, Document)
    found: dict[str, Any] = json.loads(document.body)
    return found


def subjects(document: Document | NotModified) -> list[str]:
    lines = (one["mail"].split("\r\n") for one in content(document)["mails"])
    return [line.removeprefix("Subject: ") for mail in lines for line in mail if line.startswith("Subject: ")]


# ---- what is taken ----------------------------------------------------------------------------------


def test_mails_come_as_they_are_with_the_time_they_came(dovecot: Dovecot, fetcher: Fetcher) -> None:
    raw = b"Subject: caf\xe9 \xc3\xa9\r\n\r\n\x00\x01\xff bytes\r\n"
    dovecot.put("as-it-is", raw.replace(b"\x00", b""), received="01-Mar-2026 10:00:00 +0100")
    found = fetcher.get(ask(dovecot, "as-it-is"))
    assert isinstance(found, Document)
    assert found.content_type == "application/vnd.feedsvc.mailbox+json"
    (one,) = content(found)["mails"]
    assert one["mail"].encode("latin-1") == raw.replace(b"\x00", b"")
    assert read_date(one["received"]) == datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    assert one["uid"] == 1
    assert found.wire_bytes > len(raw)


@pytest.mark.parametrize("tls", ["ssl", "starttls", "none"])
def test_every_way_in(dovecot: Dovecot, fetcher: Fetcher, tls: str) -> None:
    dovecot.put(f"way-{tls}", mail("one"))
    assert subjects(fetcher.get(ask(dovecot, f"way-{tls}", tls=tls))) == ["one"]


def test_each_mail_is_taken_once(dovecot: Dovecot, fetcher: Fetcher) -> None:
    dovecot.put("once", mail("one"), mail("two"))
    first = fetcher.get(ask(dovecot, "once"))
    assert subjects(first) == ["one", "two"]
    again = fetcher.get(ask(dovecot, "once"), validators=first.validators)
    assert isinstance(again, NotModified)
    assert again.validators.etag == first.validators.etag
    dovecot.put("once", mail("three"))
    second = fetcher.get(ask(dovecot, "once"), validators=again.validators)
    assert subjects(second) == ["three"]
    assert isinstance(fetcher.get(ask(dovecot, "once"), validators=second.validators), NotModified)


def test_an_empty_folder_is_no_failure(dovecot: Dovecot, fetcher: Fetcher) -> None:
    first = fetcher.get(ask(dovecot, "empty"))
    assert content(first) == {"mails": [], "skipped": []}
    assert isinstance(fetcher.get(ask(dovecot, "empty"), validators=first.validators), NotModified)
    dovecot.put("empty", mail("at last"))
    assert subjects(fetcher.get(ask(dovecot, "empty"), validators=first.validators)) == ["at last"]


def test_mails_stay_unread(dovecot: Dovecot, fetcher: Fetcher) -> None:
    dovecot.put("unread", mail("one"))
    fetcher.get(ask(dovecot, "unread"))
    assert rb"\Seen" not in b"".join(dovecot.flags("unread"))
    assert len(dovecot.flags("unread")) == 1


def test_the_first_look_is_bounded_and_later_ones_are_not(dovecot: Dovecot, fetcher: Fetcher) -> None:
    dovecot.put("bounded", *(mail(f"{n}") for n in range(6)))
    first = fetcher.get(ask(dovecot, "bounded", Limit=2))
    assert subjects(first) == ["4", "5"]
    dovecot.put("bounded", *(mail(f"{n}") for n in range(6, 10)))
    assert subjects(fetcher.get(ask(dovecot, "bounded", Limit=2), validators=first.validators)) == [
        "6", "7", "8", "9",
    ]  # fmt: skip


def test_what_does_not_fit_is_taken_next_time(dovecot: Dovecot, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(ca_file=CA, max_bytes=25_000)
    dovecot.put("large", *(mail(f"{n}", text="x" * 10_000) for n in range(5)))
    known, visits = None, []
    while isinstance(found := fetcher.get(ask(dovecot, "large"), validators=known), Document):
        known = found.validators
        visits.append(subjects(found))
    assert visits == [["0", "1"], ["2", "3"], ["4"]]


def test_a_mail_that_never_fits_is_told_and_holds_up_none(
    dovecot: Dovecot, make_fetcher: MakeFetcher
) -> None:
    fetcher = make_fetcher(ca_file=CA, max_bytes=5_000)
    dovecot.put("huge", mail("before"), mail("huge", text="x" * 6_000), mail("after"))
    found = fetcher.get(ask(dovecot, "huge"))
    assert subjects(found) == ["before", "after"]
    assert content(found)["skipped"] == [{"uid": 2, "reason": "larger than 5,000 bytes (fetch.max_bytes)"}]


def test_a_mailbox_numbered_anew_is_read_anew(dovecot: Dovecot, fetcher: Fetcher) -> None:
    dovecot.put("anew", mail("one"), mail("two"), folder="News")
    first = fetcher.get(ask(dovecot, "anew", "News"))
    dovecot.remove("anew", "News")
    time.sleep(1.1)  # UIDVALIDITY is made of seconds
    dovecot.put("anew", mail("other"), folder="News")
    second = fetcher.get(ask(dovecot, "anew", "News"), validators=first.validators)
    assert subjects(second) == ["other"]


@pytest.mark.parametrize("etag", [None, "", '"abc"', "1:2:3", "9" * 40 + ":1", "0:0"])
def test_validators_of_another_kind_say_nothing(dovecot: Dovecot, fetcher: Fetcher, etag: str | None) -> None:
    user = f"strange-{abs(hash(etag))}"
    dovecot.put(user, mail("one"))
    assert subjects(fetcher.get(ask(dovecot, user), validators=Validators(etag=etag))) == ["one"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?from=ann%40news.example", ["one", "three"]),
        ("?from=ann&from=bob", ["one", "two", "three"]),
        ("?list=weekly.news.example", ["two"]),
        ("?subject=thre", ["three"]),
        ("?from=ann&subject=one", ["one"]),
        ("?from=ann&list=weekly", []),
        ("?subject=%22quoted%5C%22", ['a "quoted\\" word']),
        ("?subject=%C3%A9t%C3%A9", ["=?utf-8?q?l'=C3=A9t=C3=A9?="]),
    ],
)
def test_only_what_is_asked_for(dovecot: Dovecot, fetcher: Fetcher, query: str, expected: list[str]) -> None:
    user = f"asked-{abs(hash(query))}"
    dovecot.put(
        user,
        mail("one"),
        mail("two", sender="Bob <bob@other.example>", more="List-Id: The Weekly <weekly.news.example>\r\n"),
        mail("three"),
        mail('a "quoted\\" word', sender="carol@x.example"),
        mail("=?utf-8?q?l'=C3=A9t=C3=A9?=", sender="carol@x.example"),
    )
    found = fetcher.get(ask(dovecot, user, query=query))
    assert subjects(found) == expected
    assert isinstance(fetcher.get(ask(dovecot, user, query=query), validators=found.validators), NotModified)


def test_since_is_a_day_of_arrival(dovecot: Dovecot, fetcher: Fetcher) -> None:
    dovecot.put("since", mail("old"), received="01-Feb-2026 10:00:00 +0000")
    dovecot.put("since", mail("new"), received="01-Mar-2026 10:00:00 +0000")
    assert subjects(fetcher.get(ask(dovecot, "since", Since=date(2026, 3, 1)))) == ["new"]


def test_what_came_and_is_not_asked_for_is_looked_at_once(dovecot: Dovecot, fetcher: Fetcher) -> None:
    dovecot.put("others", mail("one"))
    first = fetcher.get(ask(dovecot, "others", query="?from=ann"))
    dovecot.put("others", mail("spam", sender="spam@x.example"))
    second = fetcher.get(ask(dovecot, "others", query="?from=ann"), validators=first.validators)
    assert isinstance(second, NotModified)
    assert second.validators.etag != first.validators.etag
    assert second.validators.etag is not None
    assert second.validators.etag.endswith(":2")


def test_a_folder_in_any_script(dovecot: Dovecot, fetcher: Fetcher) -> None:
    with dovecot.login("script") as client:
        client.create('"B&APw-cher &- mehr"')
        client.append('"B&APw-cher &- mehr"', "", None, mail("one"))  # type: ignore[arg-type] # now
    assert subjects(fetcher.get(ask(dovecot, "script", "Bücher & mehr"))) == ["one"]


# ---- what goes wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize("tls", ["ssl", "starttls", "none"])
def test_a_wrong_password_is_told_and_not_shown(dovecot: Dovecot, fetcher: Fetcher, tls: str) -> None:
    with pytest.raises(LoginRefused) as caught:
        fetcher.get(ask(dovecot, "ann", tls=tls, password="wrong-secret"))
    assert caught.value.kind == "auth"
    assert str(caught.value) == (
        "Login refused: localhost does not take this user and password "
        "([AUTHENTICATIONFAILED] Authentication failed)."
    )


def test_a_missing_folder_is_told_with_those_there_are(dovecot: Dovecot, fetcher: Fetcher) -> None:
    dovecot.put("folders", mail("one"), folder="News")
    with pytest.raises(Unreachable) as caught:
        fetcher.get(ask(dovecot, "folders", "Newz"))
    assert caught.value.kind == "missing"
    assert "folder 'Newz' cannot be opened" in str(caught.value)
    assert str(caught.value).endswith("; there are INBOX, News.")


@pytest.mark.parametrize(
    ("tls", "host", "options", "fault"),
    [
        ("ssl", "localhost", {}, "was issued by an authority that is not trusted here"),
        ("starttls", "localhost", {}, "was issued by an authority that is not trusted here"),
        ("ssl", "mail.example", {"ca_file": CA}, "is for another host name"),
        ("starttls", "mail.example", {"ca_file": CA}, "is for another host name"),
    ],
)
def test_certificates_are_checked(
    dovecot: Dovecot, make_fetcher: MakeFetcher, tls: str, host: str, options: dict[str, str], fault: str
) -> None:
    fetcher = make_fetcher(lookup=lookup_of(localhost=["127.0.0.1"], mail_example=["127.0.0.1"]), **options)
    with pytest.raises(Unreachable) as caught:
        fetcher.get(ask(dovecot, "ann", host=host, tls=tls))
    assert (caught.value.kind, str(caught.value)) == ("tls", f"TLS: the certificate of {host} {fault}.")


def test_tls_where_there_is_none(dovecot: Dovecot, fetcher: Fetcher) -> None:
    request = ask(dovecot, "ann")
    url = request.url.replace(f":{dovecot.tls_port}/", f":{dovecot.port}/")
    with pytest.raises(Unreachable, match="TLS: no secure connection to localhost could be agreed on"):
        fetcher.get(replace(request, url=url))


def test_private_addresses_are_refused_unless_allowed(dovecot: Dovecot, make_fetcher: MakeFetcher) -> None:
    with pytest.raises(AddressRefused, match="list its network in fetch"):
        make_fetcher(allow=()).get(ask(dovecot, "ann", host="127.0.0.1"))


def test_only_a_source_may_name_a_mailbox(dovecot: Dovecot, fetcher: Fetcher) -> None:
    with pytest.raises(AddressRefused, match="only a source itself may name one"):
        fetcher.get(ask(dovecot, "ann"), configured=False)


def test_nobody_there(fetcher: Fetcher, dovecot: Dovecot) -> None:
    request = ask(dovecot, "ann")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        with pytest.raises(Unreachable) as caught:
            fetcher.get(replace(request, url=request.url.replace(f":{dovecot.tls_port}/", f":{port}/")))
    assert caught.value.kind == "connect"


@pytest.mark.parametrize(
    ("request_", "kind", "message"),
    [
        (Request(url="imaps://ann@localhost/x"), "auth", "password is missing"),
        (Request(url="imaps://localhost/x", headers={"Authorization": "Basic YW5uOng="}), "auth", "missing"),
        (Request(url="imaps://ann@localhost/x", headers={"Authorization": "Basic !"}), "auth", "missing"),
        (
            Request(
                url="imaps://ann@localhost/x",
                headers={"Authorization": "Basic " + base64.b64encode(b"ann:x\ny").decode()},
            ),
            "auth",
            "line break",
        ),
        (Request(url="imaps://ann@localhost/x%0d%0aA1 DELETE INBOX"), "refused-address", "no mailbox"),
        (Request(url="imaps://ann@localhost/x?from=%0a"), "refused-address", "no mailbox"),
        (Request(url="imaps://ann@localhost:99999/x"), "refused-address", "no mailbox"),
        (Request(url="imaps:///x"), "refused-address", "no mailbox"),
    ],
)
def test_what_cannot_be_asked(fetcher: Fetcher, request_: Request, kind: str, message: str) -> None:
    with pytest.raises((AddressRefused, Unreachable), match=message) as caught:
        fetcher.get(request_)
    assert caught.value.kind == kind
    assert "ann" not in str(caught.value)


# ---- servers that misbehave -------------------------------------------------------------------------


class Script:
    """An IMAP server that answers by the book, but for what a test replaces."""

    def __init__(self, **answers: str | bytes) -> None:
        self.answers: dict[str, str | bytes] = {
            "greeting": "* OK hello",
            "CAPABILITY": "* CAPABILITY IMAP4rev1\r\n{tag} OK done",
            "LOGIN": "{tag} OK done",
            "EXAMINE": "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 2] x\r\n{tag} OK done",
            "SEARCH": "* SEARCH 1\r\n{tag} OK done",
            "SIZE": "* 1 FETCH (UID 1 RFC822.SIZE 20)\r\n{tag} OK done",
            "BODY": "* 1 FETCH (BODY[] {{16}}\r\nSubject: x\r\n\r\nhi UID 1)\r\n{tag} OK done",
            "LIST": '* LIST () "/" INBOX\r\n{tag} OK done',
            "LOGOUT": "* BYE bye\r\n{tag} OK done",
        } | answers
        self.said: list[str] = []

    def __call__(self, server: Server, sock: socket.socket) -> None:
        file = sock.makefile("rb")
        self._answer(sock, "greeting", "")
        while line := file.readline().decode().strip():
            self.said.append(line)
            tag, _, command = line.partition(" ")
            name = next(name for name in (*list(self.answers)[5:7], *self.answers) if name in command.upper())
            if self.answers[name] == "drip":
                server.drip(sock, b"* OK still here\r\n")
            if self.answers[name] == "hang up":
                return
            self._answer(sock, name, tag)

    def _answer(self, sock: socket.socket, name: str, tag: str) -> None:
        answer = self.answers[name]
        sock.sendall(answer if isinstance(answer, bytes) else answer.format(tag=tag).encode() + b"\r\n")


def scripted(serve: Serve, **answers: str | bytes) -> tuple[Script, Request]:
    script = Script(**answers)
    return script, ask(serve(script), "ann@x.example", host="127.0.0.1", tls="none", password='p"\\w')


def test_the_script_is_by_the_book(serve: Serve, fetcher: Fetcher) -> None:
    script, request = scripted(serve)
    found = fetcher.get(request)
    assert content(found)["mails"] == [{"uid": 1, "received": "", "mail": "Subject: x\r\n\r\nhi"}]
    assert found.validators.etag == "7:1"
    assert 'LOGIN "ann@x.example" "p\\"\\\\w"' in script.said[1]
    assert script.said[-1].endswith("LOGOUT")


@pytest.mark.parametrize("name", ["greeting", "CAPABILITY", "LOGIN", "EXAMINE", "SEARCH", "SIZE", "BODY"])
@pytest.mark.parametrize(
    "answer",
    ["hang up", b"\xff\x00\xfe\r\n", "* BYE go away", "{tag} BAD no", "{tag} OK"],
    ids=["hang up", "no IMAP", "BYE", "BAD", "OK alone"],
)
def test_no_answer_makes_us_fall(serve: Serve, hasty: Fetcher, name: str, answer: str) -> None:
    _, request = scripted(serve, **{name: answer})
    found: Document | NotModified | None = None
    with contextlib.suppress(Unreachable, LoginRefused, DeadlineExceeded):
        found = hasty.get(request)
    if found is not None:
        assert answer == "{tag} OK"
        assert content(found)["mails"] in ([], [{"uid": 1, "received": "", "mail": "Subject: x\r\n\r\nhi"}])


@pytest.mark.parametrize("name", ["CAPABILITY", "LOGIN", "EXAMINE", "SEARCH", "SIZE", "BODY"])
def test_a_server_that_drips_is_cut_off(serve: Serve, hasty: Fetcher, name: str) -> None:
    _, request = scripted(serve, **{name: "drip"})
    with within(2), pytest.raises(DeadlineExceeded, match=r"not done within 0\.3 s, was "):
        hasty.get(request)


def test_a_good_bye_that_never_ends_costs_no_mail(serve: Serve, hasty: Fetcher) -> None:
    _, request = scripted(serve, LOGOUT="drip")
    with within(2):
        assert subjects(hasty.get(request)) == ["x"]


def test_closing_cuts_it_short(serve: Serve, make_fetcher: MakeFetcher) -> None:
    script, request = scripted(serve, BODY="drip")
    fetcher = make_fetcher(seconds=30)
    threading.Timer(0.2, fetcher.close).start()
    with within(5), pytest.raises(Stopped):
        fetcher.get(request)
    assert any("BODY" in line for line in script.said)


@pytest.mark.parametrize(
    "answer",
    [
        "* 1 FETCH (UID 1 BODY[] {{99999999999}}\r\nx",
        "* 1 FETCH (UID 1 BODY[] {{3000000}}\r\n" + "x" * 3_000_000,
        "* 1 FETCH (FLAGS ())\r\n" * 70_000,
        "* OK " + "x" * 3_000_000,
    ],
    ids=["announced", "sent", "in many lines", "in one line"],
)
def test_no_more_is_read_than_was_asked_for(serve: Serve, fetcher: Fetcher, answer: str) -> None:
    _, request = scripted(serve, BODY=answer)
    with pytest.raises(TooLarge):
        fetcher.get(request)


def test_a_passing_trouble_is_not_the_password(serve: Serve, fetcher: Fetcher) -> None:
    _, request = scripted(serve, LOGIN="{tag} NO [UNAVAILABLE] the database of ann@x.example is down")
    with pytest.raises(Unreachable) as caught:
        fetcher.get(request)
    assert caught.value.kind == "broken"
    assert str(caught.value).endswith("just now: [UNAVAILABLE] the database of … is down.")


def test_no_password_where_the_server_wants_tls(serve: Serve, fetcher: Fetcher) -> None:
    script, request = scripted(serve, CAPABILITY="* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n{tag} OK done")
    with pytest.raises(Unreachable, match="takes no password without TLS"):
        fetcher.get(request)
    assert not any("LOGIN" in line for line in script.said)


@pytest.mark.parametrize("greeting", ["* OK hello", "* PREAUTH hello"])
def test_no_password_where_starttls_is_not_to_be_had(serve: Serve, fetcher: Fetcher, greeting: str) -> None:
    script = Script(greeting=greeting, CAPABILITY="* CAPABILITY IMAP4rev1\r\n{tag} OK done")
    with pytest.raises(Unreachable, match="does not offer STARTTLS"):
        fetcher.get(ask(serve(script), "ann", host="127.0.0.1", tls="starttls"))
    assert not any("LOGIN" in line for line in script.said)


def test_no_password_in_the_clear_over_the_internet(make_fetcher: MakeFetcher, dovecot: Dovecot) -> None:
    """Public is here what fetch.allow need not name: the guard is told that loopback is."""
    import ipaddress

    from feedsvc.fetch.guard import Guard
    from feedsvc.fetch.imap import _expect_privacy
    from feedsvc.fetch.imap_address import read

    plain, guard = read(ask(dovecot, "ann", tls="none")), Guard(allow=(ipaddress.ip_network("10.0.0.0/8"),))
    _expect_privacy(plain, ipaddress.ip_address("10.1.1.1"), guard)
    with pytest.raises(Unreachable, match="no password is sent without TLS") as caught:
        _expect_privacy(plain, ipaddress.ip_address("1.1.1.1"), guard)
    assert caught.value.kind == "tls"
    _expect_privacy(replace(plain, tls="starttls"), ipaddress.ip_address("1.1.1.1"), guard)
