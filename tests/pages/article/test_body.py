"""The body of an article page: what survives, what goes, and plain pages in many shapes and languages."""

from collections.abc import Callable, Sequence

import lxml.html
import pytest

from feedsvc.model import Document
from feedsvc.pages.article.body import Body, body
from feedsvc.pages.page import read

ENGLISH = (
    "The council voted on Tuesday evening to rebuild the old harbour bridge, which is closed since May.",
    "Work is due to begin in September and will take two years, the mayor told a crowded meeting in town.",
    "“We have waited long enough,” she said.",
    "Shopkeepers on the south bank have lost a third of their customers since the closure, a survey showed.",
    "The ferry that has carried commuters in the meantime will run until the first lane opens to traffic.",
    "Opponents of the plan, who wanted a tunnel instead, said that they would take the decision to court.",
)
GERMAN = (
    "Der Gemeinderat hat am Dienstagabend beschlossen, die alte Hafenbrücke neu zu bauen.",
    "Die Arbeiten sollen im September beginnen und zwei Jahre dauern, sagte die Bürgermeisterin im Saal.",
    "„Wir haben lange genug gewartet“, sagte sie.",
    "Die Geschäfte am Südufer haben seit der Sperrung ein Drittel ihrer Kundschaft verloren.",
    "Die Fähre, die seither die Pendler übersetzt, soll fahren, bis die erste Spur geöffnet ist.",
    "Die Gegner des Plans, die lieber einen Tunnel hätten, wollen den Beschluss vor Gericht anfechten.",
)
RUSSIAN = (
    "Городской совет во вторник вечером проголосовал за восстановление старого портового моста.",
    "Работы начнутся в сентябре и продлятся два года, сообщила мэр на переполненном собрании в ратуше.",
    "«Мы ждали достаточно долго», — сказала она.",
    "Магазины на южном берегу потеряли с момента закрытия моста треть покупателей, показал опрос.",
    "Паром, который перевозит жителей, будет ходить до открытия первой полосы движения.",
    "Противники плана, которые хотели построить тоннель, намерены обжаловать решение в суде.",
)
ARABIC = (
    "صوت مجلس المدينة مساء الثلاثاء على إعادة بناء جسر الميناء القديم المغلق منذ الربيع الماضي.",
    "ومن المقرر أن تبدأ الأعمال في سبتمبر وأن تستمر عامين، كما قالت رئيسة البلدية في الاجتماع.",
    "وقالت: «لقد انتظرنا بما فيه الكفاية».",
    "وفقدت المتاجر على الضفة الجنوبية ثلث زبائنها منذ الإغلاق بحسب استطلاع أجري هذا الشهر.",
    "وستستمر العبارة التي تنقل الركاب في العمل حتى افتتاح المسار الأول أمام حركة المرور.",
    "وقال معارضو الخطة الذين كانوا يريدون نفقا إنهم سيطعنون في القرار أمام المحكمة.",
)
CHINESE = (
    "市议会周二晚间投票决定重建自春天以来一直关闭的旧港口大桥，工程预算已获通过。",
    "市长在拥挤的市政厅会议上表示，工程将于九月开始，预计需要两年时间才能完成。",
    "她说：“我们已经等得够久了。”",
    "一项调查显示，自大桥关闭以来，南岸的商店已经失去了三分之一的顾客。",
    "在此期间运送上班族的渡轮将一直运行到第一条车道开放通行为止。",
    "反对这一计划、主张修建隧道的人士表示，他们将就这一决定向法院提起诉讼。",
)
JAPANESE = (
    "市議会は火曜日の夜、春から閉鎖されている古い港の橋を架け替えることを決めた。",
    "市長は満員の集会で、工事は九月に始まり、二年かかる見通しだと説明した。",
    "「もう十分に待ちました」と市長は語った。",
    "調査によると、南岸の商店は橋の閉鎖以来、客の三分の一を失ったという。",
    "その間、通勤客を運んできた渡し船は、最初の車線が開通するまで運航を続ける。",
    "トンネルを望んでいた反対派は、この決定を裁判で争うと述べている。",
)

TEXTS = {
    "en": ("Council votes to rebuild the harbour bridge", "Local news", ENGLISH),
    "de": ("Gemeinderat baut die Hafenbrücke neu", "Lokales", GERMAN),
    "ru": ("Горсовет восстановит портовый мост", "Общество", RUSSIAN),
    "ar": ("مجلس المدينة يعيد بناء جسر الميناء", "محليات", ARABIC),
    "zh": ("市议会决定重建旧港口大桥", "本地", CHINESE),
    "ja": ("市議会、港の橋の架け替えを決定", "地域", JAPANESE),
}

Shape = Callable[[str, str, Sequence[str]], str]
SHAPES: dict[str, Shape] = {
    "p": lambda head, section, texts: (
        f"<p>{section}</p><h1>{head}</h1>" + "".join(f"<p>{one}</p>" for one in texts)
    ),
    "div": lambda head, section, texts: (
        f"<div>{section}</div><div><h1>{head}</h1></div>" + "".join(f"<div>{one}</div>" for one in texts)
    ),
    "label below": lambda head, section, texts: (
        f"<h1>{head}</h1><p>{section}</p>" + "".join(f"<p>{one}</p>" for one in texts)
    ),
    "br": lambda head, section, texts: (
        f"<div><span>{section}</span><h2>{head}</h2>{'<br><br>'.join(texts)}</div>"
    ),
    "one br": lambda head, section, texts: f"<h1>{head}</h1><div>{'<br>'.join(texts)}</div>",
    "article": lambda head, section, texts: (
        f"<article><header><span>{section}</span><h1>{head}</h1></header><section>"
        + "".join(f"<p>{one}</p>" for one in texts)
        + "</section></article>"
    ),
    "wrapped": lambda head, section, texts: (
        f"<main><div><div>{section}</div><h1>{head}</h1></div>"
        + "".join(f"<div class='x{n}'><div><p>{one}</p></div></div>" for n, one in enumerate(texts))
        + "</main>"
    ),
    "layout table": lambda head, section, texts: (
        f"<table><tr><td><a href='/'>{section}</a></td></tr><tr><td><h1>{head}</h1>"
        + "".join(f"<p>{one}</p>" for one in texts)
        + "</td></tr></table>"
    ),
}


def extracted(markup: str, *, head: str = "", title: str | None = None) -> Body:
    page = f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>{markup}</body></html>"
    return body(read(Document(url="https://example.org/news/bridge.html", body=page.encode())), title=title)


def paragraphs(texts: Sequence[str] = ENGLISH) -> str:
    return "".join(f"<p>{one}</p>" for one in texts)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("language", TEXTS)
def test_a_page_without_any_hints_yields_exactly_its_paragraphs(shape: str, language: str) -> None:
    head, section, texts = TEXTS[language]
    found = extracted(SHAPES[shape](head, section, texts), title=head)
    assert found.text.split("\n") == list(texts)
    assert extracted(SHAPES[shape](head, section, texts), head=f"<title>{head}</title>").text == found.text


def test_paragraphs_that_say_the_same_are_all_kept() -> None:
    filler = "This sentence stands here only so that there is a paragraph which is long enough to be one."
    found = extracted(f"<h1>A headline of some length</h1>{paragraphs([filler] * 6)}")
    assert found.text.split("\n") == [filler] * 6


NOISE = {
    "navigation": "<nav><ul><li><a href=/a>Politics and more politics</a></li></ul></nav>",
    "footer": "<footer><p>The Example Times is published by Example Media in Exampletown.</p></footer>",
    "share bar": '<div class="share-bar"><a href="#">Share</a> <span>Send it to your friends.</span></div>',
    "read also": '<p><b>Read also:</b> <a href="/b">The bridge that nobody wanted to close</a></p>',
    "read also, in German": '<p>Lesen Sie auch: <a href="/b">Die Brücke, die niemand sperren wollte</a></p>',
    "read also, in Russian": '<p>Читайте также: <a href="/b">Мост, который никто не хотел закрывать</a></p>',
    "read also, in Chinese": '<p>延伸阅读：<a href="/b">没有人愿意关闭的桥</a></p>',
    "a link alone": '<p><a href="/b">The bridge that nobody wanted to close</a></p>',
    "related articles": (
        '<section><h3>Related articles</h3><ul><li><a href="/c">Ferry timetable changes again</a></li>'
        '<li><a href="/d">Tunnel plan in detail</a></li></ul></section>'
    ),
    "teasers": (
        '<div><div><h4><a href="/c">Ferry timetable changes again</a></h4><p>More boats.</p></div>'
        '<div><h4><a href="/d">Tunnel plan in detail, with maps</a></h4><p>Long read.</p></div></div>'
    ),
    "newsletter": (
        '<form action="/s"><p>Our best stories in your mailbox every morning, free of charge.</p>'
        "<input type=email><button>Go</button></form>"
    ),
    "newsletter, by its name": '<div class="Newsletter__box"><p>The best of the day, for you.</p></div>',
    "cookies": '<div id="cookie-consent"><p>We use cookies to make this site better for you.</p></div>',
    "comments": (
        '<section class="comments"><p>'
        + "I have lived by the harbour for forty years and have never seen such a thing. " * 12
        + "</p></section>"
    ),
    "advertisement": '<div class="ad-slot"><p>Buy our boots now, there are no better ones.</p></div>',
    "author": '<div class="author-bio"><p>Ann Example has written about harbours for years.</p></div>',
    "follow us": "<p>Follow us on Facebook, Twitter and Instagram for more of this.</p>",
    "rights": "<p>© 2026 The Example Times. All rights reserved.</p>",
    "credit": "<p>Photo: Ann Example / AFP</p>",
    "tags": '<ul class="tags"><li>bridges</li><li>harbour</li></ul>',
    "script": "<script>var paragraph = 'This is no text for readers, however long it may be.';</script>",
    "hidden": '<p style="display: none">This is not to be seen by anybody, however long it may be.</p>',
}


@pytest.mark.parametrize("noise", NOISE)
def test_what_is_not_the_article_goes(noise: str) -> None:
    middle = "".join(f"<p>{one}</p>" for one in ENGLISH[:3]) + NOISE[noise] + paragraphs(ENGLISH[3:])
    after = paragraphs() + NOISE[noise]
    for inner in (middle, after):
        found = extracted(f"<h1>Council votes to rebuild the bridge</h1><article>{inner}</article>")
        assert found.text.split("\n") == list(ENGLISH)


def test_lists_quotes_headings_tables_and_code_survive() -> None:
    found = extracted(
        f"<h1>Council votes to rebuild the bridge</h1><article>{paragraphs(ENGLISH[:2])}"
        "<h2>What it costs</h2><ul><li>Steel: <b>4 million</b></li><li>Work<ul><li>by day</li></ul></li></ul>"
        "<blockquote><p>Never again.</p></blockquote>"
        "<table><tr><th>Year<th>Cost</tr><tr><td>2026<td></tr><tr><td>2027<td>3</tr></table>"
        f"<pre>if open:\n    cross()</pre>{paragraphs(ENGLISH[2:])}</article>"
    )
    assert (
        "<h2>What it costs</h2><ul><li>Steel: <b>4 million</b></li><li>Work<ul><li>by day</li></ul></li></ul>"
        "<blockquote><p>Never again.</p></blockquote>"
        "<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2026</td><td></td></tr>"
        "<tr><td>2027</td><td>3</td></tr></table><pre>if open:\n    cross()</pre>"
    ) in found.html
    assert (
        "What it costs\nSteel: 4 million\nWork\nby day\nNever again.\nYear | Cost\n2026\n2027 | 3"
        in found.text
    )


def test_figures_keep_their_captions_in_the_markup_alone() -> None:
    found = extracted(
        f"<h1>Council votes to rebuild the bridge</h1><article>{paragraphs(ENGLISH[:2])}"
        '<figure><img src="/i/bridge.jpg" alt="The bridge">'
        f"<figcaption>The bridge at dusk</figcaption></figure>{paragraphs(ENGLISH[2:])}</article>"
    )
    picture = '<img src="https://example.org/i/bridge.jpg" alt="The bridge">'
    assert f"<figure>{picture}<figcaption>The bridge at dusk</figcaption></figure>" in found.html
    assert "dusk" not in found.text


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="data:image/gif;base64,R0lGOD" data-src="/i/real.jpg">',
        '<img src="/i/blank.gif" data-lazy-src="real.jpg" data-original="x">',
        '<img src="/i/blank.gif" data-original="/news/real.jpg">',
        '<img data-srcset="small.jpg 200w, /i/real.jpg 800w">',
        '<img class="lazy" src="data:,"><noscript><img src="/i/real.jpg"></noscript>',
        '<img data-src="/i/real.jpg"><noscript><img src="/i/real.jpg"></noscript>',
    ],
)
def test_pictures_that_load_late_get_their_real_address_once(tag: str) -> None:
    found = extracted(
        f"<h1>Council votes to rebuild the bridge</h1>{paragraphs(ENGLISH[:2])}{tag}{paragraphs()}"
    )
    pictures = lxml.html.fromstring(found.html).xpath("//img/@src")
    assert len(pictures) == 1
    assert pictures[0].endswith("real.jpg")


@pytest.mark.parametrize(
    ("tag", "address"),
    [
        (
            '<iframe src="https://www.youtube.com/embed/abc" title="The opening"></iframe>',
            "https://www.youtube.com/embed/abc",
        ),
        (
            '<div><iframe data-src="//player.vimeo.com/video/1"></iframe></div>',
            "https://player.vimeo.com/video/1",
        ),
        ('<video><source src="/v/bridge.mp4"></video>', "https://example.org/v/bridge.mp4"),
    ],
)
def test_players_become_links_to_the_video(tag: str, address: str) -> None:
    found = extracted(
        f"<h1>Council votes to rebuild the bridge</h1>{paragraphs(ENGLISH[:2])}{tag}{paragraphs()}"
    )
    assert f'<a href="{address}">' in found.html


def test_frames_that_play_nothing_go() -> None:
    frames = '<iframe src="https://ads.example/frame"></iframe><iframe src="javascript:x()"></iframe>'
    found = extracted(f"<h1>Council votes to rebuild the bridge</h1>{paragraphs()}{frames}{paragraphs()}")
    assert "<a" not in found.html


def test_links_are_absolute_by_the_page_s_base() -> None:
    text = f'{ENGLISH[0]} <a href="b.html">As we said.</a>'
    found = extracted(f"<h1>A headline</h1>{paragraphs([text, *ENGLISH])}", head='<base href="/other/">')
    assert '<a href="https://example.org/other/b.html">As we said.</a>' in found.html


def test_the_article_is_told_from_its_neighbours() -> None:
    other = "".join(
        f"<article><h2>Another story, the {n}th</h2><p>{ENGLISH[n % 6]} {ENGLISH[(n + 1) % 6]}</p></article>"
        for n in range(8)
    )
    found = extracted(
        f"<main><article><h1>Council votes to rebuild it</h1>{paragraphs(GERMAN)}</article>{other}</main>"
    )
    assert found.text.split("\n") == list(GERMAN)


@pytest.mark.parametrize(
    "name", ["article-body", "articleBody", "entry-content", "StoryBody__text", "post_content", "cuerpo"]
)
def test_the_body_is_found_by_its_name(name: str) -> None:
    side = "".join(f"<div><p>{one}</p></div>" for one in (*GERMAN, *RUSSIAN))
    found = extracted(
        f'<h1>Council votes</h1><div class="{name} x">{paragraphs()}</div><div>{side[:900]}</div>'
    )
    assert found.text.split("\n") == list(ENGLISH)


def test_a_lead_is_text_and_a_second_headline_is_not() -> None:
    lead = (
        "Two years after the closure the council has made up its mind about the bridge, for better or worse."
    )
    page = (
        '<div><h1>Council votes to rebuild the bridge</h1><div class="{}"><p>{}</p></div></div>'
        '<div class="article-body">{}</div>'
    )
    assert extracted(page.format("intro", lead, paragraphs())).text.split("\n") == [lead, *ENGLISH]
    assert extracted(page.format("subtitle", lead, paragraphs())).text.split("\n") == list(ENGLISH)
    assert extracted(page.format("intro", lead[:-1], paragraphs())).text.split("\n") == list(ENGLISH)


def test_linked_headings_head_the_text_beside_them() -> None:
    parts = "".join(f'<h3><a href="/{at}">Bridge {at}</a></h3><p>{one}</p>' for at, one in enumerate(ENGLISH))
    lines = [line for at, one in enumerate(ENGLISH) for line in (f"Bridge {at}", one)]
    found = extracted(
        f"<h1>Council votes to rebuild the bridge</h1><article><p>{ENGLISH[0]}</p>{parts}</article>"
    )
    assert found.text.split("\n") == [ENGLISH[0], *lines]


def test_a_section_that_leads_elsewhere_ends_where_the_text_goes_on() -> None:
    middle = '<h3>Read on the cheap</h3><ul><li><a href="/c">Ferry timetable changes again</a></li></ul>'
    inner = paragraphs(ENGLISH[:2]) + middle + paragraphs(ENGLISH[2:])
    found = extracted(f"<h1>Council votes to rebuild the bridge</h1><article>{inner}</article>")
    assert found.text.split("\n") == list(ENGLISH)


def test_the_text_stays_where_most_of_its_box_is_links() -> None:
    links = "".join(f'<p>See <a href="/{at}">{"a long list of bridges " * 12}</a></p>' for at in range(20))
    inner = f"{paragraphs(ENGLISH[:2])}<div>{paragraphs(ENGLISH[2:])}{links}</div>"
    found = extracted(f"<h1>Council votes</h1><article>{inner}</article>")
    assert found.text.split("\n") == list(ENGLISH)


def test_a_formula_is_part_of_its_line() -> None:
    line = "Where <math><mi>a</mi><mo>=</mo><mn>0</mn></math> holds, the bridge carries what it should."
    found = extracted(f"<h1>Council votes</h1><article>{paragraphs()}<p>{line}</p></article>")
    assert found.text.split("\n")[-1] == "Where a=0 holds, the bridge carries what it should."


def test_names_do_not_hide_what_the_page_is_about() -> None:
    found = extracted(
        f'<div class="page has-sidebar comments-open"><div class="post related-wrap"><h1>Council votes</h1>'
        f'<div class="entry-content"><div class="slider">{paragraphs()}</div></div></div></div>'
    )
    assert found.text.split("\n") == list(ENGLISH)


def test_what_is_only_in_the_page_s_data_is_read_there() -> None:
    told = "\\n".join(one.replace("“", "'").replace("”", "'") for one in ENGLISH)
    data = f'<script type="application/ld+json">{{"@type": "Article", "articleBody": "{told}"}}</script>'
    found = extracted("<div id=root></div>", head=data)
    assert found.text.split("\n") == [one.replace("“", "'").replace("”", "'") for one in ENGLISH]


def test_state_for_scripts_is_read_where_nothing_is_shown() -> None:
    markup = paragraphs(GERMAN).replace("</", "\\u003c/").replace('"', "'")
    data = f'{{"menu": ["Home", "News"], "page": {{"story": {{"title": "T", "parts": ["{markup}"]}}}}}}'
    found = extracted(
        "<div id=root></div>", head=f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'
    )
    assert found.text.split("\n") == list(GERMAN)


@pytest.mark.parametrize(
    "markup", ["", "<script>var x = 1</script>", "<nav><a href=/>Home</a></nav>", "<img src=/x.jpg>"]
)
def test_where_there_is_no_article_there_is_no_text(markup: str) -> None:
    assert extracted(markup).text == ""
