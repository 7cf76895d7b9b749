"""Which rules are there, how bad is it to break each, and what is to be done then?"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Level = Literal["error", "warning"]

_LONGEST: Final = 200  # characters of a value that is quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``says`` is filled in with what was found; ``do`` is what to do about it."""

    level: Level
    says: str
    do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that is broken. ``line`` counts from 1; ``place`` names the part of the document in words."""

    level: Level
    code: str
    message: str
    advice: str
    line: int | None = None
    place: str = ""


def found(code: str, /, *, line: int | None = None, place: str = "", **values: object) -> Finding:
    """That the rule ``code`` is broken there."""
    rule = RULES[code]
    quoted = {name: _short(value) for name, value in values.items()}
    return Finding(
        level=rule.level,
        code=code,
        message=rule.says.format(**quoted),
        advice=rule.do.format(**quoted),
        line=line,
        place=place,
    )


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _error(says: str, do: str) -> Rule:
    return Rule(level="error", says=says, do=do)


def _warning(says: str, do: str) -> Rule:
    return Rule(level="warning", says=says, do=do)


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        # ---- the document ----
        "no-feed": _error("{what} is no feed", "Publish RSS 2.0, Atom 1.0 or JSON Feed 1.1 at this address."),
        "not-well-formed": _error(
            "the XML is broken: {error}",
            "Readers refuse the whole document. Write it with an XML library, not as text.",
        ),
        "too-many": _error(
            "there is more that is wrong", "The first {most} findings are told: begin with them."
        ),
        "doctype": _warning(
            "the document has a DOCTYPE", "Leave it out: many readers refuse documents with one."
        ),
        "characters": _warning(
            "{element} has characters that mean nothing ({value})",
            "They come from a text in another encoding: decode it as Windows-1252 or as what it is.",
        ),
        "encoding": _warning("the document is in {encoding}", "Write it in UTF-8, which every reader knows."),
        "version-old": _warning(
            "{version} is an old format", "Publish RSS 2.0 or Atom 1.0: readers know both, and their rules."
        ),
        "version-draft": _error("{version} is a draft that was replaced", "Publish Atom 1.0 (RFC 4287)."),
        "version-unknown": _error("there is no RSS {version}", 'Write version="2.0".'),
        "namespace-unknown": _warning(
            "the namespace {value} is written otherwise: {right}", "Readers compare it letter by letter."
        ),
        "schema": _error("the schema of RFC 4287 does not allow this: {error}", "See RFC 4287, appendix B."),
        # ---- elements ----
        "missing": _error("{parent} has no {element}", "Add it: the specification asks for it."),
        "missing-advised": _warning("{parent} has no {element}", "Add it: {reason}."),
        "twice": _error("{parent} has more than one {element}", "Leave one."),
        "twice-advised": _warning("{parent} has more than one {element}", "Leave one: {reason}."),
        "unknown": _error("{parent} may not have an element {element}", "Is it misspelt, or misplaced?"),
        "unknown-extension": _warning(
            "the vocabulary of {element} has no such element", "Is it misspelt? Case counts."
        ),
        "misplaced": _error("{element} stands after the first entry", "Put it before the entries."),
        "order": _warning(
            "content:encoded has no description before it",
            "Put description first: some readers take the last.",
        ),
        "blank": _warning("{element} is empty", "Fill it in, or leave it out."),
        "text-between": _error("there is text in {parent} outside of its elements", "Take it out."),
        "attribute-missing": _error("{element} has no attribute {name}", "Add it."),
        "attribute-unknown": _error(
            "{element} has an attribute {name}, which means nothing", "Is it misspelt?"
        ),
        "too-many-ways": _warning(
            "{parent} has both {element} and {other}", "They mean the same: leave one."
        ),
        # ---- values ----
        "url": _error(
            "{element} is no absolute URL: {value!r}", "Write it whole, from https:// on, spaces as %20."
        ),
        "url-web": _error("{element} is no http or https address: {value!r}", "Readers can follow no other."),
        "url-relative": _warning(
            "{element} is a relative address: {value!r}", "Write it whole: feeds are copied to other places."
        ),
        "url-characters": _error(
            "{element} has characters that no URL may have: {value!r}", "Percent-encode them (RFC 3986)."
        ),
        "date": _error("{element} is no date as {form} has it: {value!r}", "Write it like {example}."),
        "date-weekday": _error(
            "{element}: that day is no {value}", "Leave the day's name out, or put it right."
        ),
        "date-obsolete": _warning(
            "{element} is written in an obsolete form: {value!r}", "Write it like {example}."
        ),
        "date-future": _warning(
            "{element} lies in the future: {value!r}",
            "Publish it when it is due; check the clock and the zone.",
        ),
        "date-implausible": _warning(
            "{element} can hardly be true: {value!r}", "Leave it out if it is not known."
        ),
        "number": _error("{element} is no {kind}: {value!r}", "Write digits alone."),
        "size": _error("{element} is {value}, and at most {most} is allowed", "Use a smaller picture."),
        "choice": _error("{element} is {value!r}", "It must be one of: {choices}."),
        "language": _error(
            "{element} is no language: {value!r}", "Write a tag such as en or en-GB (BCP 47)."
        ),
        "email": _error("{element} is no address: {value!r}", "Write it as somebody@example.org (Name)."),
        "email-name": _warning(
            "{element} names nobody: {value!r}", "Write it as somebody@example.org (Name)."
        ),
        "media-type": _error("{element} is no media type: {value!r}", "Write one such as audio/mpeg."),
        "length-unknown": _warning("{element} is 0", "Tell the true number of bytes: readers show it."),
        "too-long": _error("{element} has more than {most} characters", "Shorten it."),
        "html-in-words": _warning(
            "{element} has markup in it: {value}", "Only words belong here: readers show tags as they stand."
        ),
        "uuid": _error("{element} is no UUID: {value!r}", "Write 8-4-4-4-12 hexadecimal digits."),
        # ---- identity, links ----
        "id-missing": _warning(
            "{parent} has no {element}", "Add one that never changes, or edits come as news."
        ),
        "id-twice": _error("{parent} has the {element} of another one: {value!r}", "Give each its own."),
        "entry-twice": _warning(
            "{parent} has the id of another one: {value!r}", "Publish only the latest version of an entry."
        ),
        "entry-twice-alike": _error(
            "{parent} has the id and the date of another one: {value!r}", "Give each entry an id of its own."
        ),
        "guid-permalink": _error(
            "{element} is said to be a permanent link and is none: {value!r}", 'Add isPermaLink="false".'
        ),
        "guid-short": _warning(
            "{element} is but a number: {value!r}", "Make it unique in the world, as a tag: or URL."
        ),
        "self-missing": _warning(
            "{parent} does not say where it is",
            'Add a link with rel="self" (JSON: feed_url): it names the subscription.',
        ),
        "self-differs": _warning(
            "it was fetched from elsewhere than it says to be: {value!r}", "Name the canonical address."
        ),
        "alternate-twice": _error(
            "{parent} has two alternate links of the same type and language", "Leave one, or tell them apart."
        ),
        "relation": _warning(
            "{value!r} is no registered relation of links", "Use one of IANA's, or a URI of your own."
        ),
        "no-text": _warning(
            "{parent} has neither content nor summary", "Add one: readers show nothing else."
        ),
        "nothing-to-read": _error("{parent} has neither title nor text", "Add one of them."),
        "needs-link": _error("{parent} has neither content nor an alternate link", "Add one of them."),
        "summary-missing": _error(
            "{parent} has content elsewhere and no summary", "Add one: not every reader can show it."
        ),
        "image-differs": _warning(
            "the image's {element} is not that of the channel", "Readers show the channel's: say the same."
        ),
        # ---- markup ----
        "script": _error(
            "{element} has script in it: {value}", "Take it out: readers refuse it, or worse, run it."
        ),
        "markup-risky": _warning("{element} has <{value}> in it", "Take it out: readers drop it."),
        "markup-style": _warning("{element} has style in it: {value}", "Take it out: readers drop it."),
        "url-inside": _warning(
            "{element} has a relative address in it: {value!r}", "Write it whole: readers know no base."
        ),
        "text-type": _error("{element} has type {value!r}", "It must be text, html or xhtml."),
        "xhtml": _error(
            "{element} has type xhtml and no single div in it", "Put all of it in one xhtml:div."
        ),
        "xhtml-foreign": _warning(
            "{element} has a <{value}> that is no XHTML", "Declare the namespace of XHTML."
        ),
        "base64": _error(
            "{element} has type {value!r} and is not in Base64", "Encode it, or choose another type."
        ),
        # ---- history, retraction ----
        "archive-alone": _warning(
            "an archive page links to no other one", "Link prev-archive and next-archive (RFC 5005 4)."
        ),
        "archive-current": _warning(
            "an archive page does not link the current feed", 'Add a link with rel="current" (RFC 5005 4).'
        ),
        "complete-linked": _error(
            "a complete feed links {value}", "A complete feed has no other parts (RFC 5005 2)."
        ),
        "history-in-entry": _warning(
            "{parent} has a link {value!r}", "Such links belong to the feed (RFC 5005)."
        ),
        "tombstone-entry": _error(
            "{parent} is there and is said to be deleted: {value!r}", "Leave the later of the two."
        ),
        # ---- JSON Feed ----
        "not-json": _error("the JSON is broken: {error}", "Write it with a JSON library."),
        "json-type": _error("{element} is {value}", "It must be {kind}."),
        "json-version": _error("{element} is {value!r}", 'Write "https://jsonfeed.org/version/1.1".'),
        "json-old": _warning("{element} is of version 1.0", "Use {right}, as version 1.1 has it."),
        "json-key-twice": _error(
            "the key {value!r} stands twice in one object", "Leave one: readers see only the last."
        ),
        "json-key-unknown": _warning(
            "{parent} has a key {value!r}, which means nothing", "Begin keys of your own with an underscore."
        ),
        "json-next": _error("{element} leads to the feed itself", "Leave it out on the last page."),
        # ---- HTTP ----
        "http-type": _warning("it is served as {value}", "Serve it as {right}."),
        "http-type-wrong": _error("it is served as {value}", "Serve it as {right}: readers go by it."),
        "http-charset": _warning(
            "it is served as {value} and says of itself {other}",
            "The header counts (RFC 7303): make them agree.",
        ),
        "http-validators": _warning(
            "there is neither ETag nor Last-Modified",
            "Send one: readers ask again and again, and then for nothing.",
        ),
        "http-not-304": _warning(
            "asked again with its own {value} it is sent whole",
            "Answer 304 to If-None-Match and If-Modified-Since.",
        ),
        "http-unstable": _warning(
            "it is another document at each visit", "Change bytes only when the content changes."
        ),
        "http-cache": _warning(
            "there is no Cache-Control", "Say max-age: readers and proxies then know when to come again."
        ),
        "http-no-store": _warning(
            "Cache-Control is {value!r}", "Let it be kept for some minutes: it is the same for everybody."
        ),
        "http-vary": _warning(
            "Vary is {value!r}",
            "Vary on Accept-Encoding alone: shared caches keep a copy for every other value.",
        ),
    }
)
