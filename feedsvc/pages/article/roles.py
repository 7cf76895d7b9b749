"""What is an element there for, by its tag, its ARIA role and the names that its class and id give it?"""

import re
from enum import IntEnum
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement


class Role(IntEnum):
    PLAIN = 0
    BODY = 1  # said to be the text of the article
    ARTICLE = 2  # said to be the article, with whatever goes with it
    LEAD = 3  # the first paragraph, which stands apart
    SUBTITLE = 4  # a second headline
    CAPTION = 5  # what is said of a picture
    ASIDE = 6  # by its name something beside the article
    TALK = 7  # what readers say of it
    OUTSIDE = 8  # by its tag or role no part of any article


_TAGS: Final = {
    "nav": Role.OUTSIDE, "footer": Role.OUTSIDE, "aside": Role.ASIDE, "form": Role.ASIDE,
    "article": Role.ARTICLE, "main": Role.ARTICLE, "figcaption": Role.CAPTION,
}
_ARIA: Final = {
    **dict.fromkeys(
        ("alert", "alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "menubar", "navigation",
        "search", "tablist", "toolbar"), Role.OUTSIDE),
    "main": Role.ARTICLE, "article": Role.ARTICLE,
}
_PROPERTIES: Final = {
    **dict.fromkeys(("articlebody", "reviewbody", "text"), Role.BODY),
    **dict.fromkeys(("author", "datemodified", "datepublished", "keywords", "publisher"), Role.ASIDE),
    **dict.fromkeys(("comment", "comments"), Role.TALK),
    "caption": Role.CAPTION,
}

# A name is split into its words ("shareBar--top" is "share bar top"); patterns match whole words.
_BODY: Final = re.compile(
    r" (?:article|art|articulo|artikel|post|entry|story|news|blog|blogpost|single|page|main|node|text|detail|content)s? "
    r"(?:body|text|txt|content|contents|copy|bodycopy|bodytext|richtext) "
    r"| (?:articlebody|articletext|articlecontent|bodytext|bodycopy|storybody|storytext|storycontent|postbody|postcontent"
    r"|posttext|entrycontent|newstext|newscontent|newsbody|textbody|body copy|body text|rich ?text"
    r"|artikeltext|articletxt|field (?:name )?body|cuerpo|nota cuerpo|corps|texte|testo|texto|haber metni) "
)
_NO_BODY: Final = re.compile(r" (?:meta|header|head|footer|foot|top|bottom|list|grid|title|teaser|preview|excerpt|summary|wrap(?:per)?s?|container|layout|area|aside|side|sidebar|image|media|related|link|links|info|inner wrap) ")
_LEAD: Final = re.compile(r" (?:lead|lede|leadtext|standfirst|vorspann|intro|introtext|introduction|teaser ?text|sommario|summary|abstract|excerpt|chapo|chapeau|bajada|entradilla|sapo|ingress|manchet|perex|anleser|anriss|anrisstext) ")
_SUBTITLE: Final = re.compile(r" (?:deck|dek|strapline|tag ?line|sub ?titles?|sub ?head(?:line|ing)?s?|sub ?titulo|sottotitolo|occhiello|soustitre|untertitel) ")
_CAPTION: Final = re.compile(r" (?:captions?|captiontext|wp caption text|\w+caption|imagedescription|credits?|legende?|bildunterschrift|bildnachweis|bildtext|leyenda|didascalia|(?:image|photo|picture|img) (?:source|copyright|description)) ")
_TALK: Final = re.compile(r" (?:comment(?:s|list|form|section|area)?|kommentare?|comentarios?|commentaires?|commenti|respond|replies|disqus\w*|discussion|livefyre|reactions?) ")
_ASIDE: Final = re.compile(
    r"^ widgets? | (?:"
    # what readers do with it
    r"shar(?:e|es|ing|ed|er|ebar|etools|ethis)|social\w*|sociable|addtoany|addthis|follow(?:us|ers)?|like(?:s|box)|bookmarks?|printfriendly|toolbar|toolbox|tools|actions|buttons?"
    r"|rating|ratings|vote|votes|poll"
    # what else there is to read
    r"|related\w*|recommend\w*|recirc\w*|readmore|read more|read also|readnext|read next|more (?:from|on|stories|articles|news)|more(?:stories|news)|most (?:read|popular|viewed)|mostread|mostpopular|popular\w*|trending\w*|latest\w*|upnext|up next|next (?:post|article|story|up)|prev(?:ious)? (?:post|article|story)|nextprev|prevnext|teasers?|promo\w*|outbrain|taboola|zergnet|mgid|revcontent|carousel|slider"
    r"|suggest\w*|similar\w*|also (?:like|read)|alsoread|seealso|see also|jp relatedposts|yarpp|crp"
    # what is sold
    r"|ad|ads|adv|advert\w*|adsense|adslot|adunit|adbox|adwrap\w*|advads|banner\w*|sponsor\w*|commercial|dfp|gpt|werbung|anzeige|publicidade?|publicite|pubblicita|reklam\w*"
    r"|newsletter\w*|subscri\w*|signup|sign up|signin|sign in|login|register|registration|optin|opt in|mailchimp|donat\w*|cta|call to action|membership"
    # where one is
    r"|nav|navi|navbar|navigation|menu\w*|breadcrumb\w*|crumbs?|pagination|pager|pagenav|paging|sitemap|skip|skiplink"
    r"|sidebar\w*|sidebars|side bar|rail|rightrail|\w*footer|footer\w*|foot|site header|masthead|topbar|bottombar|copyright|disclaimer"
    # who, when, about what
    r"|byline\w*|author\w*|autor\w*|bio|biography|about (?:the )?author|dateline|timestamp|datetime|pub ?date|published|post ?date|postmeta|post meta|entry meta|article meta|articlemeta|meta ?data|meta|post info|article info|tags|taglist|tag list|tagcloud|tag links|keywords|post categories|cat links|category list|topics"
    # what is laid over it
    r"|cookie\w*|consent|gdpr|popup\w*|pop up|modal\w*|overlay\w*|lightbox|tooltip|toast|screen reader(?: text)?|sr only|srt|visually ?hidden|noprint|hidden print"
    r") "
)
# Names that say what a box has or is about, not what it is.
_STATE: Final = re.compile(r" (?:has|have|no|not|with|without|is|tag|category|type|format|status|term|js|enable[sd]?) (?!tags? )\w| $")
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")
# What style compilers hang on to a name: "Body_root__oTAAd".
_HASH: Final = re.compile(r"(?:__|[_-])(?=[A-Za-z0-9]*(?:[A-Z]{2}[A-Za-z0-9]|[0-9][A-Z]|[A-Z][0-9]))[A-Za-z0-9]{5,8}$")
_LONGEST_NAME: Final = 400


def role_of(element: HtmlElement, tag: str) -> Role:
    """The first that speaks: what machines are told, the names, the tag."""
    if tag == "body":  # its class names what kind of page it is
        return Role.PLAIN
    get = element.get
    aria, prop = get("role"), get("itemprop")
    told = _ARIA.get(aria.strip().lower()) if aria is not None else None
    if told is None and prop is not None:
        told = _PROPERTIES.get(prop.strip().lower())
    if told is not None and told is not Role.ARTICLE:
        return told
    if tag == "nav" or tag == "footer":
        return Role.OUTSIDE
    named = _named(get("class") or "", get("id") or "")
    if named is not Role.PLAIN:
        return named
    return told or _TAGS.get(tag, Role.PLAIN)


@lru_cache(maxsize=8_192)
def _named(classes: str, identity: str) -> Role:
    names = [_spelled(name) for name in (*classes[:_LONGEST_NAME].split(), identity[:_LONGEST_NAME])]
    names = [name for name in names if not _STATE.match(name)]
    if any(_BODY.search(name) and not _NO_BODY.search(name) and not _ASIDE.search(name) for name in names):
        return Role.BODY
    for role, pattern in ((Role.SUBTITLE, _SUBTITLE), (Role.LEAD, _LEAD), (Role.TALK, _TALK), (Role.CAPTION, _CAPTION), (Role.ASIDE, _ASIDE)):
        if any(pattern.search(name) for name in names):
            return role
    return Role.PLAIN


def _spelled(name: str) -> str:
    """``shareBar--top`` -> " share bar top "."""
    return f" {' '.join(_WORDS.findall(_HASH.sub('', name))).lower()} "
