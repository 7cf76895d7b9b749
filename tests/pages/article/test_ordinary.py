"""Which article does a page show that says nothing about itself but what a reader sees?"""

from collections.abc import Callable

import pytest

from feedsvc.model import Document
from feedsvc.pages import page as pages
from feedsvc.pages.article import extract

Shape = Callable[[str, str, str, tuple[str, ...]], str]
Case = tuple[str, str, str, tuple[str, ...], str]

ENGLISH = (
    "The bridge over the Lenn was closed on Monday after divers found cracks in two of its pillars.",
    "Engineers had been called in because lorry drivers complained of a shaking that grew week by week.",
    "Nobody was hurt, but about nine thousand cars a day now have to go round by the old mill road.",
    "The town council wants to put up a temporary crossing for bicycles and people on foot by Easter.",
    "How long the repair will take, and who is going to pay for it, nobody was ready to say so far.",
    "A meeting for everybody who lives nearby will be held in the school hall on Thursday evening.",
)
GERMAN = (
    "Die Brücke über die Lenn ist seit Montag gesperrt, weil Taucher Risse in zwei Pfeilern fanden.",
    "Gerufen worden waren die Fachleute, nachdem Fahrer von Lastwagen über ein Beben geklagt hatten.",
    "Verletzt wurde niemand, doch müssen täglich neuntausend Autos über die alte Mühlstraße ausweichen.",
    "Der Stadtrat will bis Ostern einen Steg für alle bauen, die zu Fuß oder mit dem Rad kommen.",
    "Wie lange die Arbeiten dauern werden und wer sie bezahlt, wollte bisher niemand sagen.",
    "Eine Versammlung für die Nachbarn findet am Donnerstagabend in der Aula der Schule statt.",
)
SPANISH = (
    "El puente sobre el Lenn está cerrado desde el lunes porque los buzos hallaron grietas en dos pilares.",
    "Los ingenieros acudieron después de que varios camioneros se quejaran de un temblor cada vez mayor.",
    "No hubo heridos, pero unos nueve mil coches al día tienen que dar la vuelta por el camino del molino.",
    "El ayuntamiento quiere levantar antes de Pascua un paso provisional para peatones y ciclistas.",
    "Nadie ha querido decir hasta ahora cuánto durarán las obras ni quién va a pagar la reparación.",
    "El jueves por la tarde habrá una reunión para los vecinos en el salón de actos de la escuela.",
)
RUSSIAN = (
    "Мост через Ленну закрыт с понедельника, потому что водолазы нашли трещины в двух опорах.",
    "Инженеров вызвали после того, как водители грузовиков стали жаловаться на сильную тряску.",
    "Никто не пострадал, но около девяти тысяч машин в день теперь едут по старой мельничной дороге.",
    "Городской совет хочет построить к Пасхе временный переход для пешеходов и велосипедистов.",
    "Сколько времени займёт ремонт и кто за него заплатит, пока никто не готов был сказать.",
    "Собрание для всех, кто живёт рядом, пройдёт в четверг вечером в актовом зале школы.",
)
JAPANESE = (
    "レン川にかかる橋は、二本の橋脚にひびが見つかったため、月曜日から通行止めになっている。潜水士が確認した。",
    "トラックの運転手から揺れが週ごとに大きくなっているという苦情があり、技術者が調査に呼ばれていたという。",
    "けが人はいなかったが、一日およそ九千台の車が古い水車小屋の道を回り道しなければならなくなっている。",
    "町議会は復活祭までに、歩行者と自転車のための仮の橋をかけたい考えで、業者との話し合いを始めている。",
    "修理にどれくらいの時間がかかるのか、だれが費用を負担するのかについては、まだ明らかにされていない。",
    "近くに住む人たちのための説明会が、木曜日の夕方に学校の講堂で開かれることになっていると町は発表した。",
)


def bare(section: str, headline: str, byline: str, paragraphs: tuple[str, ...]) -> str:
    text = "".join(f"<p>{one}</p>\n" for one in paragraphs)
    return f"<p>{section}</p><h1>{headline}</h1><p>{byline}</p>{text}"


def boxed(section: str, headline: str, byline: str, paragraphs: tuple[str, ...]) -> str:
    text = "".join(f"<div><div>{one}</div></div>" for one in paragraphs)
    return (
        "<div><ul><li><a href='/'>One</a></li><li><a href='/b'>Two</a></li></ul></div>"
        f"<div><div>{section}</div><h1>{headline}</h1><div>{byline}</div><div>{text}</div></div>"
        "<div><a href='/i'>Imprint</a> <a href='/p'>Privacy</a></div>"
    )


def tabled(section: str, headline: str, byline: str, paragraphs: tuple[str, ...]) -> str:
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<table><tr><td><a href='/'>Home</a></td></tr><tr><td><h2>{section}</h2><h1>{headline}</h1>"
        f"<p><i>{byline}</i></p>{text}</td></tr></table>"
    )


def headed(section: str, headline: str, byline: str, paragraphs: tuple[str, ...]) -> str:
    """The site's name is the first-order heading, as on many older sites."""
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<title>{headline} - The Lenn Herald</title><h1><a href='/'>The Lenn Herald</a></h1>"
        "<ul><li><a href='/w'>Weather</a><li><a href='/s'>Sports pages</a></ul>"
        f"<span>{section}</span><h2>{headline}</h2><div>{byline}</div>{text}<p>© The Lenn Herald</p>"
    )


def unheaded(section: str, headline: str, byline: str, paragraphs: tuple[str, ...]) -> str:
    """Nothing is a heading, but the title of the page repeats one of its lines."""
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<title>The Lenn Herald | {headline}</title><div><b>{section}</b></div>"
        f"<div><font size=5>{headline}</font></div><div>{byline}</div>{text}"
    )


CASES = [
    ("Local", "Cracks close the bridge over the Lenn", "By Ana Bell and Bo Cell", ENGLISH, "en"),
    ("Aus der Stadt", "Risse in den Pfeilern: Brücke gesperrt", "Von Ana Bell und Bo Zell", GERMAN, "de"),
    ("Sociedad", "Las grietas cierran el puente del Lenn", "Por Ana Bell y Bo Zell Ruiz", SPANISH, "es"),
    ("Город", "Трещины закрыли мост через Ленну", "Автор: Анна Белова", RUSSIAN, "ru"),
    ("地域", "橋脚にひび、レン川の橋が通行止めに", "作者：山田花子", JAPANESE, "ja"),
]
AUTHORS = {
    "en": ("Ana Bell", "Bo Cell"),
    "de": ("Ana Bell", "Bo Zell"),
    "es": ("Ana Bell", "Bo Zell Ruiz"),
    "ru": ("Анна Белова",),
    "ja": ("山田花子",),
}


@pytest.mark.parametrize("shape", [bare, boxed, tabled, headed, unheaded])
@pytest.mark.parametrize("case", CASES, ids=[case[-1] for case in CASES])
def test_section_headline_and_exactly_the_paragraphs(shape: Shape, case: Case) -> None:
    section, headline, byline, paragraphs, language = case
    markup = f"<html><body>{shape(section, headline, byline, paragraphs)}</body></html>"
    found = extract(pages.read(Document(url="https://paper.example/x/1", body=markup.encode())))
    assert found.title == headline
    assert found.section == (section,)
    assert found.text.split("\n") == list(paragraphs)
    assert found.authors == AUTHORS[language]
    assert found.language == language


@pytest.mark.parametrize(
    ("dateline", "when"),
    [
        ("24.11.2026, 10:30 Uhr", "2026-11-24T10:30:00"),
        ("November 24, 2026", "2026-11-24"),
        ("2026年11月24日 10時30分", "2026-11-24T10:30:00"),
        ("Tuesday, 24 November 2026 | 10:30 am EST", "2026-11-24T10:30:00-05:00"),
    ],
)
def test_the_dateline_says_when(dateline: str, when: str) -> None:
    markup = f"<html><body>{boxed('Local', CASES[0][1], dateline, ENGLISH)}</body></html>"
    found = extract(pages.read(Document(url="https://paper.example/x/1", body=markup.encode())))
    assert found.published is not None
    assert found.published.isoformat() == when
    assert found.text.split("\n") == list(ENGLISH)
    assert found.authors == ()


@pytest.mark.parametrize("name", ["Paper", "The Lenn Valley Courier", "A day in the valley | Courier"])
def test_what_the_window_is_called_is_no_headline(name: str) -> None:
    """Where a page says one thing of itself, and says the same on all of its pages, the heading counts."""
    text = bare("Town", "The bridge is closed", "By Ann Lee", ENGLISH)
    markup = f"<html><head><title>{name}</title></head><body>{text}</body></html>"
    found = extract(pages.read(Document(url="https://valley.example/bridge", body=markup.encode())))
    assert (found.title, found.section) == ("The bridge is closed", ("Town",))
    assert found.text.splitlines() == list(ENGLISH)
