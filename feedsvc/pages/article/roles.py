"""What is an element there for, by its tag, its ARIA role and the names that its class and id give it?"""

import re
from enum import IntEnum
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement


class Role(IntEnum):
    """Of several names of one element, the one with the smaller number counts."""

    BODY = 1  # said to be the text of the article
    SUBTITLE = 2  # a second headline
    LEAD = 3  # the first paragraph, which stands apart
    TALK = 4  # what readers say of it
    CAPTION = 5  # what is said of a picture
    ASIDE = 6  # something beside the article
    OUTSIDE = 7  # by its tag or ARIA role no part of any article
    ARTICLE = 8  # said to be the article, with whatever goes with it
    PLAIN = 9


_TAGS: Final = {
    "article": Role.ARTICLE,
    "aside": Role.ASIDE,
    "figcaption": Role.CAPTION,
    "form": Role.ASIDE,
    "main": Role.ARTICLE,
}
_ARIA: Final = {
    **dict.fromkeys(("alert", "alertdialog", "banner", "complementary", "contentinfo"), Role.OUTSIDE),
    **dict.fromkeys(("dialog", "menu", "menubar", "navigation", "search"), Role.OUTSIDE),
    **dict.fromkeys(("tablist", "toolbar"), Role.OUTSIDE),
    **dict.fromkeys(("article", "main"), Role.ARTICLE),
}
_PROPERTIES: Final = {
    **dict.fromkeys(("articlebody", "reviewbody", "text"), Role.BODY),
    **dict.fromkeys(("author", "datemodified", "datepublished", "keywords", "publisher"), Role.ASIDE),
    **dict.fromkeys(("comment", "comments"), Role.TALK),
    "caption": Role.CAPTION,
}

# Names of classes and ids that the web's systems and designers use, in several languages. A name is split
# into its words ("shareBar--top" is "share bar top"); each alternative matches whole words in a row.
_BODY: Final = r"""
(?:article|art|articulo|artikel|post|entry|story|news|blog|blogpost|single|page|main|node|text|detail|content)s?
 (?:body|text|txt|content|contents|copy|bodycopy|bodytext|richtext)
|articlebody|articletext|articlecontent|articletxt|bodytext|bodycopy|storybody|storytext|storycontent
|postbody|postcontent|posttext|entrycontent|newstext|newscontent|newsbody|textbody|body (?:copy|text)
|rich ?text|field (?:name )?body|artikeltext|cuerpo|nota cuerpo|corps|texte|testo|texto|haber metni
"""
_NO_BODY: Final = r"""
meta|header|head|footer|foot|top|bottom|list|grid|title|teaser|preview|excerpt|summary|wrap(?:per)?s?
|container|layout|area|aside|side|sidebar|image|media|related|links?|info|inner wrap
"""
_SUBTITLE: Final = r"""
deck|dek|strapline|tag ?line|sub ?titles?|sub ?head(?:line|ing)?s?|sub ?titulo|sottotitolo|occhiello
|soustitre|untertitel
"""
_LEAD: Final = r"""
lead|lede|leadtext|standfirst|intro|introtext|introduction|teaser ?text|summary|abstract|excerpt
|vorspann|anleser|anriss|anrisstext|chapo|chapeau|bajada|entradilla|sapo|sommario|ingress|manchet|perex
"""
_TALK: Final = r"""
comment(?:s|list|form|section|area)?|respond|replies|disqus\w*|discussion|livefyre|reactions?
|kommentar(?:e|er)?|komentar\w*|comentarios?|commentaires?|commenti|reacties|yorum\w*
"""
_CAPTION: Final = r"""
captions?|captiontext|\w+caption|credits?|imagedescription
|(?:image|photo|picture|img) (?:source|copyright|description)|legende?|bildunterschrift|bildnachweis
|bildtext|leyenda|didascalia
"""
_ASIDE: Final = r"""
shar(?:e|es|ing|ed|er|ebar|etools|ethis|edaddy)|social\w*|sociable|addtoany|addthis|heateor|sns|essb
|follow(?:us|ers)?|likes?|likebox|bookmarks?|printfriendly|toolbar|toolbox|tools|actions|buttons?
|controls?|ratings?|votes?|poll|survey|quiz|petition|read(?:ing)? time|dropdown|teilen|partage\w*|compartir
|compartilh\w*|condividi\w*|udostepnij|delen|paylas|related\w*|recommend\w*|recirc\w*
|read ?(?:more|also|next)|also ?(?:read|like)|see ?also|most ?(?:read|popular|viewed)
|more (?:from|on|stories|articles|news|posts)|more(?:stories|news)|popular\w*|trending\w*|latest\w*
|up ?next|next (?:post|article|story|up)|prev(?:ious)? (?:post|article|story)|nextprev|prevnext|teasers?
|promo\w*|outbrain|taboola|zergnet|mgid|revcontent|carousel|slider|ticker|suggest\w*|similar\w*|yarpp
|crp|link ?list|quick ?links|pull ?quotes?|verwandte?|relacionad[ao]s?|correlat[ie]|powiazane|polecane
|gerelateerd|terkait|baca juga|kanren|leia ?(?:mais|tambem)|lire aussi|mehr zum thema|ads?|adv|advert\w*
|adsense|adsbygoogle|adslot|adunit|adbox|adwrap\w*|advads|banner\w*|sponsor\w*|commercial|dfp|gpt
|affiliate|disclosure|werbung|anzeigen?|publicidade?|publicite|pubblicita|reklam\w*|advertentie
|newsletter\w*|subscri\w*|suscri\w*|abonnement|abo box|sign ?(?:up|in)|log ?in|register|registration
|opt ?in|mailchimp|mc4wp|donat\w*|cta|call to action|membership|app (?:promo|banner)|nav|navi|navbar
|navigation|menu\w*|breadcrumb\w*|crumbs?|pagination|pager|pagenav|paging|sitemap|skip|skiplink
|sidebar\w*|sidebars|side bar|seitenleiste|rail|rightrail|\w*footer|footer\w*|foot|rodape|fusszeile
|site header|masthead|topbar|bottombar|copyright|disclaimer|byline\w*|author\w*|autor\w*|bio|biography
|dateline|timestamp|datetime|pub ?date|published|post ?date|postmeta
|(?:post|entry|article) (?:meta|info)|articlemeta|meta ?data|meta|tags|taglist|tag (?:list|cloud|links)
|tagcloud|keywords|post categories|cat links|category list|topics|etiquetas|schlagworte?|kicker|eyebrow
|overline|dachzeile|cookie\w*|consent|gdpr|popup\w*|pop up|modal\w*|overlay\w*|lightbox|tooltip|toast
|screen reader(?: text)?|sr only|srt|visually ?hidden|noprint|hidden print
"""
# Names that say what a box has or is about, not what it is: "has-sidebar", "tag-politics".
_STATE: Final = re.compile(
    r" (?:has|have|no|not|with|without|is|tag|category|type|format|status|term|js|enabled) (?!tags? )\w| $"
)
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")
# What style compilers hang on to a name: "Body_root__oTAAd".
_HASH: Final = re.compile(
    r"(?:__|[_-])(?=[A-Za-z0-9]*(?:[A-Z]{2}[A-Za-z0-9]|[0-9][A-Z]|[A-Z][0-9]))[A-Za-z0-9]{5,8}$"
)
_LONGEST_NAMES: Final = 400  # characters


def _one(table: str) -> re.Pattern[str]:
    return re.compile(rf" (?:{table.replace(chr(10), '')}) ")


_IS_BODY: Final = _one(_BODY)
_IS_NO_BODY: Final = _one(_NO_BODY)
_IS_ASIDE: Final = re.compile(rf"^ widgets? |{_one(_ASIDE).pattern}")
_NAMED: Final = (
    (Role.SUBTITLE, _one(_SUBTITLE)),
    (Role.LEAD, _one(_LEAD)),
    (Role.TALK, _one(_TALK)),
    (Role.CAPTION, _one(_CAPTION)),
    (Role.ASIDE, _IS_ASIDE),
)


def role_of(element: HtmlElement) -> Role:
    """The first that speaks: what machines are told, the names, the tag."""
    tag, get = element.tag, element.get
    if tag == "body":  # its class names what kind of page it is
        return Role.PLAIN
    aria, prop = get("role"), get("itemprop")
    told = _ARIA.get(aria.strip().lower()) if aria is not None else None
    if told is None and prop is not None:
        told = _PROPERTIES.get(prop.strip().lower())
    if told is not None and told is not Role.ARTICLE:
        return told
    if tag in {"nav", "footer"}:
        return Role.OUTSIDE
    named = _named(get("class"), get("id"))
    return named if named is not Role.PLAIN else told or _TAGS.get(tag, Role.PLAIN)


def _named(classes: str | None, identity: str | None) -> Role:
    names = classes[:_LONGEST_NAMES].split() if classes else []
    if identity:
        names.append(identity[:_LONGEST_NAMES])
    return min(map(_role_of_name, names), default=Role.PLAIN)


@lru_cache(maxsize=8_192)
def _role_of_name(name: str) -> Role:
    """``shareBar--top`` is looked up as " share bar top "."""
    spelled = f" {' '.join(_WORDS.findall(_HASH.sub('', name))).lower()} "
    if _STATE.match(spelled):
        return Role.PLAIN
    if _IS_BODY.search(spelled) and not _IS_NO_BODY.search(spelled) and not _IS_ASIDE.search(spelled):
        return Role.BODY
    return next((role for role, pattern in _NAMED if pattern.search(spelled)), Role.PLAIN)
