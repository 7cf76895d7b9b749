"""Is what stands before a page told from a page that only speaks of such things?"""

from collections.abc import Mapping

import pytest

from feedsvc.errors import ParseError
from feedsvc.model import Document
from feedsvc.pages.page import read
from feedsvc.pages.trouble import Trouble, trouble

HERE = "https://paper.example/news"
PARAGRAPH = "<p>The ferry to the islands runs again, an hour later than before, and nobody on it minds.</p>"
LINKS = "".join(f'<li><a href="/news/{n}">The harbour, part {n}</a></li>' for n in range(30))
TURNSTILE = '<script src="https://challenges.cloudflare.com/turnstile/v0/api.js" async></script>'


def page(body: str, head: str = "", *, title: str = "The Paper") -> str:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def document(
    body: str | bytes,
    *,
    url: str = HERE,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    hops: tuple[tuple[int, str], ...] = (),
) -> Document:
    content = body.encode() if isinstance(body, str) else body
    given = {"content-type": "text/html; charset=utf-8"} | dict(headers or {})
    return Document(url=url, body=content, status=status, headers=given, hops=hops)


def judged(
    body: str | bytes,
    *,
    url: str = HERE,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    sent_to: str | None = None,
) -> tuple[str, str] | None:
    """(kind, who) of the trouble, None if there is none; ``sent_to``: where a redirect led."""
    hops = ((302, sent_to),) if sent_to else ()
    found = trouble(document(body, url=sent_to or url, status=status, headers=headers, hops=hops))
    return (found.kind, found.who) if found else None


# ---- robot checks -----------------------------------------------------------------------------------

ROBOT_CHECKS: dict[str, tuple[str, str]] = {
    "Cloudflare's challenge": (
        "Cloudflare",
        page(
            "<noscript>Enable JavaScript and cookies to continue</noscript>"
            "<script>(function(){window._cf_chl_opt={cType:'managed'};})();</script>",
            title="Just a moment...",
        ),
    ),
    "Cloudflare's challenge in German": (
        "Cloudflare",
        page(
            '<div class="main-wrapper"><h1>paper.example</h1><p id="cf-chl-widget">Bitte warten</p></div>',
            title="Nur einen Moment…",
        ),
    ),
    "Cloudflare's refusal": (
        "Cloudflare",
        page(
            '<div id="cf-wrapper"><div id="cf-error-details"><h1>Sorry, you have been blocked</h1>'
            "<h2>You are unable to access paper.example</h2><p>Why have I been blocked?</p></div></div>",
            title="Attention Required!",
        ),
    ),
    "DataDome": (
        "DataDome",
        page("<script>var dd={'host':'geo.captcha-delivery.com'}</script>", title="paper.example"),
    ),
    "Akamai": (
        "Akamai",
        page(
            '<h1>Access Denied</h1>You don\'t have permission to access "/news" on this server.<p>'
            "Reference&#32;&#35;18&#46;2c5a1702<p>https&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18",
            title="Access Denied",
        ),
    ),
    "Imperva": (
        "Imperva",
        page(
            '<iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=9">Request unsuccessful. '
            "Incapsula incident ID: 1-2</iframe>",
            '<meta name="ROBOTS" content="NOINDEX">',
            title="",
        ),
    ),
    "Imperva's other one": (
        "Imperva",
        page(
            "<h1>Pardon Our Interruption</h1><p>As you were browsing something about your browser made us "
            "think you were a bot.</p>",
            title="Pardon Our Interruption",
        ),
    ),
    "HUMAN": (
        "HUMAN (PerimeterX)",
        page('<div id="px-captcha"></div><script>window._pxAppId="P";</script>', title="Access denied"),
    ),
    "Vercel": (
        "Vercel",
        page("<p id=header-text>We're verifying your browser</p>", title="Vercel Security Checkpoint"),
    ),
    "AWS WAF": (
        "AWS WAF",
        page(
            '<div id="challenge-container"></div><script>window.gokuProps={"key":"A"};</script>'
            "<noscript><h1>JavaScript is disabled</h1>We need to verify that you're not a robot.</noscript>",
            title="",
        ),
    ),
    "Sucuri": (
        "Sucuri",
        page(
            "<h1>Sucuri WebSite Firewall - Access Denied</h1><p>If you are the site owner, please open a "
            "ticket.</p><p>Block reason: bad bot</p>",
            title="Sucuri WebSite Firewall",
        ),
    ),
    "Sucuri's script": (
        "Sucuri",
        page(
            "<noscript>Javascript is required.</noscript><script>var sucuri_cloudproxy_js='';</script>",
            title="You are being redirected...",
        ),
    ),
    "Anubis": (
        "Anubis",
        page(
            '<h1>Making sure you\'re not a bot!</h1><script id="anubis_challenge">{}</script>',
            title="Making sure you're not a bot!",
        ),
    ),
    "one without a name": (
        "robot check",
        page(
            f'<h1>Are you a robot?</h1><form><div class="g-recaptcha"></div></form>{TURNSTILE}',
            title="paper.example",
        ),
    ),
    "a Turnstile and a line": (
        "robot check",
        page(f'<p>Verify that you are human.</p><div class="cf-turnstile"></div>{TURNSTILE}'),
    ),
    "an application firewall": (
        "ModSecurity",
        page(
            "<h1>Not Acceptable!</h1><p>An appropriate representation could not be found on this server. "
            "This error was generated by Mod_Security.</p>",
            title="Not Acceptable!",
        ),
    ),
    "a word to type": (
        "robot check",
        page(
            '<p>Sorry, we have to make sure that you are not a robot.</p><form action="/validateCaptcha">'
            "<img src=/c.jpg><input name=word></form>"
        ),
    ),
    "a French one": (
        "robot check",
        page(
            "<h1>Vérification de sécurité</h1><p>Confirmez que vous n'êtes pas un robot.</p>",
            title="Un instant",
        ),
    ),
    "a Russian one": (
        "robot check",
        page(
            "<h1>Проверка безопасности</h1><p>Подтвердите, что вы не робот.</p>",
            title="Проверка безопасности",
        ),
    ),
    "a Chinese one": (
        "robot check",
        page("<h1>安全验证</h1><p>请完成滑动验证以继续访问。</p>", title="安全验证"),
    ),
    "a Japanese one": (
        "robot check",
        page("<p>ロボットではありませんか確認します。</p><div class=h-captcha></div>", title="確認"),
    ),
    "an Arabic one": (
        "robot check",
        page("<h1>لحظة من فضلك</h1><p>نتأكد من أنك إنسان</p><div class=g-recaptcha></div>", title="لحظة"),
    ),
}


@pytest.mark.parametrize("status", [200, 403, 429])
@pytest.mark.parametrize("name", ROBOT_CHECKS)
def test_a_robot_check_is_blocked_and_named(name: str, status: int) -> None:
    who, body = ROBOT_CHECKS[name]
    assert judged(body, status=status) == ("blocked", who)


@pytest.mark.parametrize(
    ("header", "who"),
    [
        ({"cf-mitigated": "challenge"}, "Cloudflare"),
        ({"x-vercel-mitigated": "deny"}, "Vercel"),
        ({"x-amzn-waf-action": "captcha"}, "AWS WAF"),
    ],
)
def test_a_header_says_it_whatever_the_body_is(header: dict[str, str], who: str) -> None:
    assert judged(b"", status=403, headers=header) == ("blocked", who)
    assert judged(page(PARAGRAPH * 90), headers=header) == ("blocked", who)


@pytest.mark.parametrize(
    ("header", "who"),
    [
        ({"server": "AkamaiGHost"}, "Akamai"),
        ({"x-datadome": "protected"}, "DataDome"),
        ({"x-iinfo": "9-1-0 NNNN"}, "Imperva"),
    ],
)
def test_a_guard_that_answers_an_error_status_is_named(header: dict[str, str], who: str) -> None:
    refusal = page("<h1>Forbidden</h1>", title="Forbidden")
    assert judged(refusal, status=403, headers=header) == ("blocked", who)
    assert judged(page(PARAGRAPH * 3), headers=header) is None, "it passes pages on as well"


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_of_an_error_status_only_walls_are_told(status: int) -> None:
    assert judged(page("<center><h1>It failed</h1></center><hr>nginx", title="Error"), status=status) is None
    assert judged(b"", status=status) is None
    assert judged(b'{"error": "no"}', status=status) is None
    assert judged(page('<div id="root"></div><script src="/app.js"></script>'), status=status) is None


def test_a_wall_with_status_403_is_told_as_well() -> None:
    body = page("<h1>Access Denied</h1><p>Automated requests are not welcome.</p>", title="Access Denied")
    assert judged(body, status=403) == ("blocked", "robot check")


def test_cloudflare_tells_programs_in_a_line() -> None:
    assert judged(b"error code: 1020", status=403) == ("blocked", "Cloudflare")
    assert judged(b"error code: 42", status=500) is None


def test_a_broken_origin_behind_cloudflare_is_no_wall() -> None:
    body = page('<div id="cf-wrapper"><div id="cf-error-details"><h1>Web server is down</h1></div></div>')
    assert judged(body, status=521) is None


def test_the_status_of_an_answer_may_be_given() -> None:
    refused = document(page("<h1>Access denied</h1>", title="Access denied"))
    assert trouble(refused) is None
    found = trouble(refused, read(refused), status=403)
    assert found is not None
    assert (found.kind, found.who) == ("blocked", "robot check")


# ---- no robot checks --------------------------------------------------------------------------------

NO_TROUBLE = {
    "an article about Cloudflare": page(
        "<article><h1>Just a moment: how Cloudflare checks your browser</h1>"
        + "<p>The script <code>window._cf_chl_opt</code> asks whether you are human.</p>" * 2
        + PARAGRAPH * 4
        + "</article>",
        title="Just a moment: how Cloudflare checks your browser",
    ),
    "an article about captchas": page(
        f"<nav><a href=/>Home</a></nav><article><h1>Are you a robot?</h1>{PARAGRAPH * 12}</article>",
        title="Are you a robot? - The Paper",
    ),
    "a very short one": page(
        f"<nav><a href=/>Home</a></nav><article><h1>Access denied</h1>{PARAGRAPH}</article>",
        title="Access denied, a novel",
    ),
    "a Turnstile in a comment form": page(
        f"<article><h1>The ferry</h1>{PARAGRAPH * 3}</article><form action=/comment><textarea></textarea>"
        f'<div class="cf-turnstile"></div></form>{TURNSTILE}'
    ),
    "a list behind Cloudflare": page(
        f"<ul>{LINKS}</ul><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"
        "<script>window._cf_chl_opt={}</script>"
    ),
    "a short list behind Imperva": page(
        '<script src="/_Incapsula_Resource?SWJIYLWA=719d"></script><ul>'
        '<li><a href="/1">The ferry</a></li><li><a href="/2">The market</a></li></ul>'
    ),
    "a brief whose author knows Anubis": page(
        f"<article><h1>Making sure you're not a bot</h1>{PARAGRAPH * 4}<p>It is protected by Anubis.</p>"
        "</article>"
    ),
    "a contact page": page(
        "<h1>Write to us</h1><form><input name=name><textarea></textarea><div class=g-recaptcha></div></form>"
        '<script src="https://www.google.com/recaptcha/api.js"></script>'
    ),
    "a short page with PerimeterX's sensor": page(
        f"<script>window._pxAppId='P';</script><h1>The ferry</h1>{PARAGRAPH * 2}"
    ),
    "a consent banner over a list": page(
        '<div id="cookie-banner"><h2>We value your privacy</h2><p>Cookies.</p><button>Accept all</button>'
        f"</div><main><ul>{LINKS}</ul></main>"
    ),
    "a consent banner over a short page": page(
        f'<main><h1>The ferry</h1>{PARAGRAPH * 2}</main><div class="cookie-consent"><h2>Your privacy</h2>'
        + "<p>We and our partners use cookies to show you what you like, and others too.</p>" * 3
        + "<button>Accept all</button></div>"
    ),
    "a page in a box that is named after its banner": page(
        f'<div class="wrap has-cookie-notice"><p>We use cookies. <button>Accept</button></p>'
        f"<ul>{LINKS}</ul></div><script src=/a.js></script><noscript>JavaScript!</noscript>"
    ),
    "a short one in such a box": page(
        f'<div class="cookie-notice-wrap"><button>Accept</button><article><h1>The ferry</h1>{PARAGRAPH * 4}'
        "</article></div>"
    ),
    "a login box beside a list": page(
        f'<form><input name=user><input type="password"><button>Log in</button></form><ul>{LINKS}</ul>',
        title="The Paper: log in or read on",
    ),
    "an article that has moved house": page(
        f"<article><h1>The bakery has moved to a new street</h1>{PARAGRAPH * 8}</article>"
    ),
    "a page that reloads itself": page(f"<ul>{LINKS}</ul>", '<meta http-equiv="refresh" content="300">'),
    "a small one that reloads itself": page(
        "<h1>Ticker</h1><p>Nothing yet.</p>", f'<meta http-equiv="refresh" content="5;url={HERE}#top">'
    ),
    "a refresh for those without scripts": page(
        f"<h1>The ferry</h1>{PARAGRAPH}",
        '<noscript><meta http-equiv="refresh" content="0; url=/plain"></noscript>',
    ),
    "an app with its list in JSON": page(
        '<div id="__next"></div><script src=/a.js></script><script type="application/json">'
         "[" + '{"title": "The ferry"},' * 200 + "{}]</script>"
    ),
    "an app that was drawn": page(
        f'<noscript>Enable JavaScript</noscript><div id="root"><h1>The Paper</h1><ul>{LINKS}</ul></div>'
        '<script src="/app.js"></script>'
    ),
    "an empty list": page(
        "<header><a href=/>The Paper</a></header><main><h1>News</h1><p>There is nothing here yet.</p></main>"
        '<script src="/site.js"></script>'
    ),
    "a plain page": "<h1>The Paper</h1><p>The ferry runs again.</p>",
    "a shop for domains": page(f"<h1>Buy this domain, said the king</h1>{PARAGRAPH * 15}"),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_TROUBLE)
def test_what_only_speaks_of_such_things_is_a_page(name: str) -> None:
    assert judged(NO_TROUBLE[name]) is None


# ---- consent, login, subscription -------------------------------------------------------------------

CONSENT = {
    "one that is a page of its own": page(
        "<h1>Bevor Sie fortfahren</h1><p>Wir verwenden Cookies.</p><button>Alle akzeptieren</button>"
        '<a href="/imprint">Impressum</a>',
        title="Bevor Sie fortfahren",
    ),
    "an English one": page(
        "<p>We use cookies.</p><form><button>I agree</button><button>Manage</button></form>",
        title="Your privacy choices",
    ),
    "a box and nothing else": page(
        '<div id="consent-dialog"><p>'
        + "With our 214 partners we store and read data on your device. " * 6
        + "</p><button>Tout accepter</button></div>"
    ),
}


@pytest.mark.parametrize("name", CONSENT)
def test_a_consent_wall_is_blocked(name: str) -> None:
    assert judged(CONSENT[name]) == ("blocked", "consent wall")


@pytest.mark.parametrize(
    ("sent_to", "who"),
    [
        ("https://consent.paper.example/v2/collect?session=1", "consent wall"),
        ("https://paper.example/cookiewall/?back=/news", "consent wall"),
        ("https://paper.example/login?next=/news", "login wall"),
        ("https://sso.paper.example/start", "login wall"),
        ("https://paper.example/subscribe", "paywall"),
    ],
)
def test_where_redirects_lead_is_evidence(sent_to: str, who: str) -> None:
    body = page("<h1>Welcome</h1><p>Please go on.</p><button>OK</button>")
    assert judged(body, sent_to=sent_to) == ("blocked", who)
    assert judged(body, url=sent_to) is None, "asked for, it is the page"
    assert judged(page(f"<ul>{LINKS * 2}</ul>"), sent_to=sent_to) is None, "a list is what was asked for"


def test_an_article_for_subscribers_is_no_paywall() -> None:
    body = page(f"<h1>The ferry</h1>{PARAGRAPH * 3}<p>Read on with a subscription.</p>")
    assert judged(body, sent_to="https://paper.example/abo/die-faehre") is None


@pytest.mark.parametrize("title", ["Log in - The Paper", "Anmelden", "Вход", "登录", "تسجيل الدخول"])
def test_a_login_form_and_nothing_else_is_a_wall(title: str) -> None:
    body = page("<form><input name=u><input type=password name=p><button>OK</button></form>", title=title)
    assert judged(body) == ("blocked", "login wall")


# ---- moved, drawn by scripts, no page ---------------------------------------------------------------

MOVED = {
    "a refresh": page("<p>Wait.</p>", '<meta http-equiv="Refresh" content="0; URL=\'/neu/\'">'),
    "a refresh without a word": page("", '<meta http-equiv=refresh content="3,url=https://other.example/">'),
    "a line of script": page("<script>window.location.href = '/latest';</script>"),
    "a call": page('<script>location.replace("https://other.example/")</script>'),
    "words": page('<h1>This page has moved</h1><p>It is <a href="/b">here</a> now.</p>'),
    "German words": page("<p>Unsere Website ist umgezogen: <a href=//neu.example>neu.example</a></p>"),
    "Spanish words": page("<p>La página se ha movido a <a href=/nueva>otra dirección</a>.</p>"),
    "Russian words": page("<p>Сайт переехал на <a href=/new>новый адрес</a>.</p>"),
    "Japanese words": page("<p>このページは移転しました。<a href=/new>新しいページ</a></p>"),
}


@pytest.mark.parametrize("name", MOVED)
def test_a_notice_of_another_address_is_told(name: str) -> None:
    assert judged(MOVED[name]) == ("moved", "")


def test_the_new_address_is_named() -> None:
    found = trouble(document(page("", '<meta http-equiv="refresh" content="0;url=/neu/">')))
    assert found == Trouble(
        kind="moved",
        reason="the page only sends on to https://paper.example/neu/; "
        "if that is where the list is now, make it the source's url",
    )


@pytest.mark.parametrize(
    "body",
    [
        page("<h1>paper.example</h1><p>This domain is for sale!</p><a href=/buy>Buy</a>"),
        page("<script src='https://img.sedoparking.com/js/a.js'></script><h1>paper.example</h1>"),
        page("<h1>Welcome to nginx!</h1><p>If you see this page, the server works.</p>"),
        page("<h1>Account Suspended</h1><p>Contact your provider.</p>", title="Account Suspended"),
    ],
)
def test_a_parked_domain_has_moved(body: str) -> None:
    assert judged(body) == ("moved", "parked domain")


@pytest.mark.parametrize(
    "body",
    [
        page(
            "<noscript>You need to enable JavaScript to run this app.</noscript>"
            '<div id="root"></div><script src="/static/main.js"></script>'
        ),
        page('<div id="app"></div><script type="module" src="/assets/index.js"></script>'),
        page('<app-root></app-root><script src="/main.js" type="module"></script>'),
        page("<script src='/bundle.js'></script>"),
        page(
            "<header>Газета</header><main></main><noscript>Включите JavaScript</noscript>"
            '<script src="/a.js"></script>'
        ),
        page(
            '<div id="__nuxt"><!----></div><script>window.__NUXT__={}</script><script src="/n.js"></script>'
        ),
    ],
)
def test_an_empty_shell_needs_a_browser(body: str) -> None:
    assert judged(body) == ("needs-browser", "")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "no HTML page"),
        (b"\0" * 999, "no HTML page"),
        (b"%PDF-1.7 \xe2\xe3", "no HTML page"),
        (b'{"items": []}', "JSON (type: api reads it) came instead of a page"),
        (b'<?xml version="1.0"?>\n<rss version="2.0"><channel><title>A</title>', "a feed (type: feed"),
        (b"<urlset><url><loc>/</loc></url></urlset>", "a sitemap (type: sitemap"),
    ],
)
def test_what_is_no_page_is_told(body: bytes, says: str) -> None:
    found = trouble(document(body))
    assert found is not None
    assert found.kind == "not-html"
    assert says in found.reason
    assert HERE in found.reason


# ---- whoever sends it -------------------------------------------------------------------------------


def test_it_becomes_a_parse_error() -> None:
    found = trouble(document(b""))
    assert found is not None
    error = found.error()
    assert isinstance(error, ParseError)
    assert (error.kind, str(error)) == ("not-html", found.reason)


def test_secrets_in_addresses_are_not_told() -> None:
    sent_to = "https://paper.example/login?token=hush&next=/"
    found = trouble(document(page("<h1>Hi</h1>"), url=sent_to, hops=((302, sent_to),)))
    assert found is not None
    assert "hush" not in found.reason


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 20_000,
        page("<p>a" * 50_000),
        page(f"<script>{'location=' * 100_000}</script>"),
        page("", '<meta http-equiv=refresh content="' + "0;" * 50_000 + '">'),
        page("", "<meta http-equiv=refresh content='0;url=https://[x'>"),
        page("<a href='https://[::1'>x</a>", "<base href='https://[x'>"),
        page(f"<i id='{'x' * 500_000}'></i>" * 3),
        "<!--" * 100_000 + "<html>",
    ],
)
def test_hostile_pages_are_judged_in_no_time(body: str) -> None:
    found = trouble(document(body, url="https://paper.example/[", hops=((302, "http://[x"),)))
    assert found is None or found.kind in {"blocked", "moved", "needs-browser", "not-html"}
