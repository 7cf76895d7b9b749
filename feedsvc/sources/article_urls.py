"""Which addresses of a site are those of articles, as far as their form tells?

Only where nothing better is known: a list of addresses says nothing of what is behind them. Articles are
dated or numbered, or have a sentence for a name, or stand among such; sections, tags, authors and the pages
about a site are none.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import unquote

from feedsvc.refine.text import words

# Directories whose pages are lists or services, in the languages that most software speaks.
_LISTS: Final = words(
    "account admin ajax api asset assets attachment auteur auteurs author authors autor autora autore "
    "autores autori basket buscar busqueda cart cat categoria categorias categorie categories category "
    "cgi-bin checkout collections cuenta etiqueta etiquetas feed feeds forgot-password forum forums "
    "gebruiker hashtag hashtags kategoria kategorie kategorien konto label labels leute login logout "
    "media-kit member members mot-cle mots-cles my-account panier password personas pessoas product "
    "producto productos products produit produits produkt produkte profil profile profiles recherche "
    "register rss rubric schlagwort schlagworte search section sections shop signin signup sitemap "
    "sitemaps static store stores suche sujet sujets tag tagged tags tema temas tervezo thema thematique "
    "themen topic topics user users warenkorb wp-admin wp-content wp-includes wp-json zoeken автор авторы "
    "категория метка метки рубрика теги"
)
# Whole names of pages that nearly every site has.
_SERVICES: Final = words(
    "a-propos about about-me about-us aboutus accessibility accessibility-statement advertise "
    "advertise-with-us advertising agb aviso-legal barrierefreiheit careers chi-siamo code-of-conduct "
    "colofon colophon conditions-generales contact contact-us contacto contacts contato contatti "
    "cookie-policy cookies cookies-policy datenschutz datenschutzerklaerung datenschutzerklärung "
    "disclaimer donate editorial-guidelines faq gdpr help home impressum imprint index "
    "informativa-sulla-privacy jobs karriere kontakt kontakty legal legal-notice mediadaten "
    "mentions-legales newsletter newsletters nutzungsbedingungen o-nas om-oss over-ons page-not-found "
    "plan-du-site politica-de-cookies politica-de-privacidad politica-de-privacidade "
    "politique-de-confidentialite press privacy privacy-notice privacy-policy privacybeleid "
    "privacyverklaring quem-somos qui-sommes-nous quienes-somos site-map sitemap sponsored-posts "
    "subscribe support team terminos-y-condiciones terms terms-and-conditions terms-conditions "
    "terms-of-service terms-of-use thank-you thank-you-page uber-uns ueber-uns wer-wir-sind write-for-us "
    "контакты о-нас реклама"
)
_FILES: Final = words(
    ".avif .css .csv .doc .docx .epub .gif .gz .ico .jpeg .jpg .js .json .m3u8 .mov .mp3 .mp4 .pdf .png "
    ".ppt .pptx .svg .txt .webm .webp .xls .xlsx .xml .zip"
)
_PAGE_SUFFIX: Final = re.compile(r"\.(?:[a-z]{0,2}html?|php\d?|aspx?|jsp|cfm|do|ece|stm)$")
_NO_NAMES: Final = words("amp default index")  # /news/some-title/index.html is named some-title
_PAGINATION: Final = re.compile(r"(?:p|pag|page|pagina|pagine|seite|strana|strona)(?:[-_=/]?\d{1,5})?")
_JOINERS: Final = words("a an and de der des die du e el en et for i in la le les of og och on the to und y")
_BETWEEN_WORDS: Final = re.compile(r"[-_+~.,\s]+")
_YEAR: Final = r"(?<!\d)(?:19|20)\d\d"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_DATED: Final = re.compile(
    rf"({_YEAR})(?P<mark>[-_/.])({_MONTH})(?:(?P=mark)({_DAY}))?(?!\d)"
    rf"|({_YEAR})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?<=/){_YEAR}(?=/)"
)
_A_DAY: Final = re.compile(rf"{_YEAR}(?P<mark>[-_/.]?){_MONTH}(?P=mark){_DAY}(?!\d)")
_NUMBERED: Final = re.compile(
    r"\d{5,}|(?<![a-z\d])(?!(?:19|20)\d\d(?!\d))\d{4}(?![a-z\d])"
    r"|(?<![a-z\d])(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{8,}(?![a-z\d])"
)
_A_NUMBER: Final = re.compile(r"(?!(?:19|20)\d\d$)\d{2,}")
_ID_PARAMETER: Final = re.compile(
    r"(?:^|&)(?:id|p|aid|nid|sid|uid|code|idx|no|(?:art|article|item|news|post|story)(?:_?id|_?no)?)=[\w-]*\d"
)
# Scripts that set neither spaces nor hyphens between words: Thai, Lao, Japanese, Chinese, Korean.
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{6,}")
_SISTERS: Final = 5
_LONG_TITLE: Final = 5  # words; names of sections have fewer


@dataclass(frozen=True, slots=True)
class _Address:
    """Unquoted and in lower case. ``name`` is the last segment that says something, without its suffix."""

    segments: tuple[str, ...]
    name: str
    query: str

    @property
    def path(self) -> str:
        return "/" + "/".join(self.segments)


def likely(urls: Sequence[str], *, of_articles: bool = False) -> Mapping[str, str]:
    """Those that look like addresses of articles, in order, each with what speaks for it.

    ``of_articles``: who lists them calls them articles, so that only the plainly other are left out.
    """
    read = {url: _read(url) for url in urls}
    possible = {url: one for url, one in read.items() if not _is_elsewhere(one)}
    if of_articles:
        return dict.fromkeys(possible, "listed as an article")
    found = {url: why for url, one in possible.items() if (why := _evidence(one))}
    if not found:
        return dict.fromkeys(_sisters(possible, _named(possible)), "many beside it")
    beside = dict.fromkeys(_sisters(possible, found), "articles beside it")
    return {url: found.get(url) or beside[url] for url in possible if url in found or url in beside}


def day_of(url: str) -> date | None:
    """The day that an address names; the first of the month if it names only that."""
    found = _DATED.search(_parts(url)[0])
    if found is None:
        return None
    year, month, day = (found[1], found[3], found[4]) if found[1] else (found[5], found[6], found[7])
    try:
        return date(int(year), int(month), int(day or 1)) if year else None
    except ValueError:
        return None


def _parts(url: str) -> tuple[str, str]:
    """Path and query of an absolute address; by hand, as there may be 50,000 of them."""
    place, _, query = url.partition("#")[0].partition("?")
    _, slash, path = place.partition("://")[2].partition("/")
    return slash + path, query


def _read(url: str) -> _Address:
    path, query = _parts(url)
    segments = tuple(one for one in unquote(path).lower().split("/") if one)
    names = [name for one in segments[-2:] if (name := _PAGE_SUFFIX.sub("", one)) not in _NO_NAMES]
    query = unquote(query).lower()
    return _Address(segments=segments, name=names[-1] if names else "", query=query)


def _is_elsewhere(one: _Address) -> bool:
    """The front page, a list, a page about the site, or no page at all."""
    if not one.name:
        return not _ID_PARAMETER.search(one.query)
    *folders, last = one.segments
    return (
        one.name in _SERVICES
        or last[last.rfind(".") :] in _FILES
        or (not _LISTS.isdisjoint(folders) and not _A_DAY.search(one.path))
        or one.name in _LISTS
        or _PAGINATION.fullmatch(one.name) is not None
        or (bool(folders) and _PAGINATION.fullmatch(f"{folders[-1]}/{one.name}") is not None)
    )


def _evidence(one: _Address) -> str:
    path = one.path
    if dated := _DATED.search(path):
        beside = path[dated.end() :].strip("/") or path[: dated.start()].rpartition("/")[2]
        return "a date in its address" if beside else ""  # alone it is all that was published then
    ids = _NUMBERED.search(one.name) or _NUMBERED.search("/".join(one.segments[-2:]))
    if ids or _A_NUMBER.fullmatch(one.name) or _ID_PARAMETER.search(one.query):
        return "a number in its address"
    # A title may be followed by what its page is known by: /some-long-title-of-it/ar-xyz.
    titled = any(_count_words(folder) >= _LONG_TITLE for folder in one.segments[-2:-1])
    return "a sentence in its address" if titled or _is_sentence(one.name) else ""


def _is_sentence(name: str) -> bool:
    return _UNSPACED.search(name) is not None or _count_words(name) > 2


def _count_words(name: str) -> int:
    found = _BETWEEN_WORDS.split(name)
    return sum(one not in _JOINERS and any(map(str.isalpha, one)) for one in found)


def _named(possible: Mapping[str, _Address]) -> Container[str]:
    """Those whose name has several words."""
    return {url for url, one in possible.items() if len(_BETWEEN_WORDS.split(one.name)) > 1}


def _sisters(possible: Mapping[str, _Address], known: Container[str]) -> Sequence[str]:
    """All in the folders below the front page that hold many pages, at least half of them ``known``."""
    folders: dict[tuple[str, ...], list[str]] = {}
    for url, one in possible.items():
        folders.setdefault(one.segments[:-1], []).append(url)
    return [
        url
        for folder, urls in folders.items()
        if folder and len(urls) >= _SISTERS and sum(one in known for one in urls) * 2 >= len(urls)
        for url in urls
    ]
