"""Which people, agencies or desks does a byline name, without the words around them?"""

import re
from collections.abc import Iterator
from typing import Final

from feedsvc.pages.article.months import month_of
from feedsvc.pages.article.naming import key
from feedsvc.pages.article.written import find_dates
from feedsvc.refine.text import one_line, words

_LONGEST: Final = 60  # characters of one name
_MOST_WORDS: Final = 6
_MOST_LINES: Final = 12

# What was done, and by: "written by", "Eingestellt von". Then names of the role, as labels.
_DONE: Final = (
    "written posted published reported reporting created submitted edited story article words text texte "
    "texto analysis opinion commentary perspective "
    "testo report review photos? "
    "artikel beitrag bericht gastbeitrag kommentar interview essay kolumne geschrieben verfasst "
    "veröffentlicht eingestellt erstellt "
    "écrit rédigé publié proposé escrito publicado redactado scritto pubblicato inserito geschreven "
    "geplaatst skrevet skriven ditulis"
).replace(" ", "|")
_ROLE: Final = (
    "authors? autor(?:en|in|es|a|as|i|e|ka|ius)? auteure?s? redaktion redactie redacción "
    "verfasser(?:in)? tekst text texte texto "
    "written reporter writer journaliste? автор(?:ы)? текст byline szerző yazar penulis schrijver "
    "skribent forfatter kirjoittaja "
    "toimittaja συντάκτης escriben? schreibt scrive كتب بقلم מאת"
).replace(" ", "|")
_DID: Final = "by|von|par|por|da|di|de|door|av|af|przez|oleh|bởi|od|autor"
_BY: Final = re.compile(
    rf"[^\w(]*(?:(?:(?:(?:eine?|an?|une?)\s+)?(?:{_DONE})\s+)?(?:{_DID})(?:\s*:)?\s+|by(?=\s*:)|a cura di\s+"
    rf"|(?:the )?(?:{_ROLE})(?:[/*:_]in(?:nen)?)?(?:\s*[:：|]\s*|\s+)"
    rf"|(?:作者|撰文|文|記者|记者|著者|執筆|글)\s*[:：/●]\s*|(?:作者|撰文|文|記者|记者)\s*|@)",
    re.IGNORECASE,
)
_GLUED: Final = re.compile(r"By(?=[A-Z]|by\s)")  # elements without a space between them
_BY_LINE: Final = re.compile(
    rf"[-–—*/|\s]*(?:(?i:{_DONE})\s+)?(?:(?:By|BY|by|Von|VON|von|Par|PAR|Por|POR|Di|Door|Av|Af"
    rf"|Oleh)(?::\s*|\s+)(?=[^\W\d_])|By(?=[A-Z][a-z.]|by\s))"
    rf"|[-–—*/|\s]*(?i:{_ROLE}|作者|文)(?:[/*:_]in(?:nen)?)?\s*[:：]\s*(?=[^\W\d_])"
)
_ALONE: Final = re.compile(
    rf"(?:(?:{_DONE})\s+)?(?:by|von|par|por|door|av|af|oleh|{_ROLE})\s*:?", re.IGNORECASE
)
_JUST_BY: Final = re.compile(rf"(?<!\w)(?:{_DID})$", re.IGNORECASE)
# What ends a byline: a date, a number, a bar, a role in brackets, another remark.
_END: Final = re.compile(
    r"\s*(?:[|•·∙●►»/]\s|\s[-–—]\s|[(\[<:;@]|https?:|\b(?:am|on|vom|at|um|in|updated|published|posted"
    r"|last|aktualisiert|stand"
    r"|veröffentlicht|publié|publicado|mis à jour|follow|for|für|via|aus|from|chez)\s*:?\s|,?\s*\d)",
    re.IGNORECASE,
)
_BRACKETED: Final = re.compile(r"\[([^\[\]]+)\]$|\(([^(),]+)\)$")
_AND: Final = re.compile(
    r"\s*(?:,\s*(?:and|und|et|y|e)\s|(?:[,;&、，]|\s/\s)|\s(?:and|und|et|sowie|och|og|en|και|и|та|ve|și|és"
    r"|dan|và|with|con)\s)\s*"
)
_SHORT_AND: Final = re.compile(r"\s(?:y|e|i|a|ja)\s")
_JOB: Final = re.compile(
    r"\b(?:reporter|editor|writer|correspondent|journalist\w*|redakt(?:eur|ör|ion[sm])\w*|redact(?:or"
    r"|eur|rice)|korrespondent\w*|kolumnist\w*"
    r"|columnist\w*|contributor|producer|director|chef|head|manager|professor|photographer|fotograf\w*"
    r"|ceo|founder|staff writer"
    r"|intern|volont\w*|blogger\w*|autorin|expert\w*|analyst|chief|freelance|staff\w*|mitglied|member"
    r"|miembro|redaktion|corresponsal|periodista|giornalista|bureau chief|desk editor|rédac\w+|pigiste)\b",
    re.IGNORECASE,
)
_MARKS: Final = " ,-–—|*•·:●◆■▲►・/／[]"
# What stands behind a name without a mark between them: a day or a month in English, or another name.
_AFTER: Final = re.compile(
    r"(?<=\w)\s+(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|June|July|August"
    r"|September|October|November|December|and|und|et|y|og|och|en)$"
)
_STUCK_JOB: Final = re.compile(
    r"(?<=[a-zà-ÿ])(?=(?:Staff|Senior|Writer|Reporter|Editor|Correspondent|Contributor|Columnist)\b)"
)
_STUCK: Final = re.compile(r"[a-zà-ÿ]{4}[A-ZÀ-Þ][a-zà-ÿ]")  # "WriterLos Angeles"
_DEGREES: Final = words("ma md phd ba bsc msc mba mph llm jd rn cfa cpa")
# Words for employers and offices: behind a person's name they say for whom, and as what, that person works.
_FIRM: Final = re.compile(
    r"\b(?:news|post|times|press|daily|weekly|agency|agentur|zeitung|tribune|herald|journal|magazin\w*|media"
    r"|corp\w*|inc|ltd|llc|gmbh|universit\w*|institut\w*|project|division|department|cloud|group|team|bureau"
    r"|office|network|radio|tv|fellow|president\w*|präsident\w*|minister\w*|associates?|foundation|stiftung"
    r"|school|college|cent(?:er|re)|edition|source|company|research\w*|\w*sprecher(?:in)?"
    r"|geschäftsführer(?:in)?|\w*leiter(?:in)?)\b",
    re.IGNORECASE,
)
_PARTICLES: Final = words(
    "af al av bin binti da das de del della den der di do dos du e ei el ibn la le les lo of ten ter the "
    "und van "
    "vom von vor y zu zum zur im für mit dpa and i"
)
_NOBODY: Final = words(
    "admin administrator anonym anonymous author autor auteur autore editor gast guest root user "
    "webmaster wordpress none null "
    "undefined byline und and et publiziert veröffentlicht published posted publié publicado pubblicato "
    "geplaatst geschrieben verfasst written erstellt updated aktualisiert actualizado datum date stand "
    "share print comments kommentare facebook twitter instagram email e-mail more mehr by von "
    "home news follow profil profile impressum kontakt contact"
)
# Words that a label next to a byline may consist of, though a name may have some of them.
_LABELS: Final = _NOBODY - {"redaktion", "editor"} | words(
    "username login log sign in out up on at the from last first now connect directly submitted opened "
    "publish le la el il de view views website bluesky mastodon threads linkedin youtube whatsapp telegram "
    "reddit pinterest subscribe background staff reporter correspondent contributor contributors columnist "
    "freelance journalist producer photographer senior junior chief special writer writers authors read "
    "also see bio about comment comments contact posts articles all автор 作者 著者 記者 记者 編集者 "
    "编辑 編輯 责任编辑 イラスト 翻訳 翻訳者 監訳 写真 撮影 기자"
)
_SENTENCE: Final = re.compile(
    r"[!?…\"“”„]|\w{3,}\.\s+\w{3,}|\b(?:is|are|ist|sind|est|was|hat|has|you|your|wir|ich|sie|this|that|alle|all|posts|beiträge|articles|artikel)\b",
    re.IGNORECASE,
)


def names_in(text: str, *, strict: bool = True) -> Iterator[str]:
    """The names of a byline, in its order; none where it names nobody. Each line of it speaks for itself."""
    found: list[str] = []
    for line in text.split("\n")[:_MOST_LINES]:
        names = [
            name
            for name in _names_in(one_line(line), strict=strict)
            if not found or not _is_addition(name, found[0])
        ]
        if found and not names:
            break
        found += names
    for name, following in zip(found, (*found, "")[1:], strict=True):
        if not _are_initials(name, following):
            yield name


def _names_in(text: str, *, strict: bool) -> Iterator[str]:
    text = _GLUED.sub("By ", text, count=1) if _GLUED.match(text) else text
    text = _STUCK_JOB.sub(", ", text)
    for _ in range(3):
        if not (found := _BY.match(text)) or not text[found.end() :].strip(" :"):
            break
        text = text[found.end() :].strip(" :")
    if bracketed := _BRACKETED.match(text):
        text = bracketed[1] or bracketed[2]
    if text.startswith("("):
        return
    if dated := next(find_dates(text), None):
        text = text[: dated.start] if dated.start > 1 else text[dated.end :]
    if " " in text:
        text = text[: found.start()] if (found := _END.search(f"{text} ", 2)) else text
    parts = [_trimmed(part) for part in _AND.split(text)]
    if len(parts) == 1 and all(len(side.split()) > 1 for side in _SHORT_AND.split(text)):
        parts = [_trimmed(part) for part in _SHORT_AND.split(text)]
    for number, name in enumerate(parts):
        if is_name(name, strict=strict) and not (number and _is_addition(name, parts[0])):
            yield name


def _trimmed(part: str) -> str:
    """Without the punctuation around it; the dot of an initial stays."""
    name = _AFTER.sub("", part.strip(_MARKS)).strip(_MARKS)
    return name if re.search(r"(?:^|\s)[^\W\d_]\.$", name) else name.strip(" .")


def _are_initials(name: str, following: str) -> bool:
    """``AB`` in front of ``Ana Bell`` stands in the place of a picture."""
    return (
        name.isupper()
        and 1 < len(name) < 4
        and "".join(word[0] for word in following.split()).upper().startswith(name[0])
    )


def is_byline(text: str) -> bool:
    """Does a line begin with a word such as "by"?"""
    return bool(_BY_LINE.match(text))


def is_by(text: str) -> bool:
    """Is a line such a word alone, the name being on the next one?"""
    return len(text) < 24 and bool(_ALONE.fullmatch(text))


def follows_by(name: str, text: str) -> bool:
    """Does a word such as "by" stand in front of the name?"""
    before = text[: text.find(name)].rstrip(" :")
    return bool(_JUST_BY.search(before))


def is_name(text: str, *, strict: bool = True) -> bool:
    """Could this be the name of a person, an agency or a desk? Not ``strict``: written in whatever case."""
    parts = text.split()
    if not 2 <= len(text) <= _LONGEST or not 0 < len(parts) <= _MOST_WORDS or not any(map(str.isalpha, text)):
        return False
    if (
        key(text) in _NOBODY
        or all(key(part) in _LABELS for part in parts)
        or text[-1] in ":："
        or "admin" in text.lower()
        or ("/" in text.strip("/") and len(parts) > 1)
        or "://" in text
        or "www." in text
        or text[0] in "@#"
    ):
        return False
    if _SENTENCE.search(text) or (len(parts) > 1 and any(char.isdigit() for char in text)):
        return False
    if len(parts) == 1:
        return True
    return (not strict and len(parts) < 4) or all(map(_is_part, parts))


def is_personal(name: str) -> bool:
    """Does it look like first name and surname, as sites of one person are called?"""
    parts = name.split()
    plain = all(part.isalpha() and part[0].isupper() and not part.isupper() for part in parts)
    return plain and 1 < len(parts) < 4 and parts[0].lower() not in _PARTICLES


def _is_part(part: str) -> bool:
    """Of a name of several words, each has a capital, or is written without them, or is a particle."""
    first = next((char for char in part if char.isalpha()), "")
    return (
        not first
        or not first.islower()
        or part.lower() in _PARTICLES
        or part[:2].lower() in {"d'", "d’", "l'"}
    )


def _is_addition(name: str, first: str) -> bool:
    """A job or a place that follows a full name."""
    return (
        bool(_JOB.search(name) or _STUCK.search(name))
        or (is_personal(first) and (bool(_FIRM.search(name)) or key(name) in _DEGREES))
        or (month_of(name) > 0 and len(name) < 10)
        or (len(first.split()) > 1 and len(name.split()) == 1 and not name.isupper())
    )
