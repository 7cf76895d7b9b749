"""Who is given a token for private feeds, and from whom is one taken?"""

import hashlib
import secrets
from typing import Final

import click

from feedsvc.addresses import BEGINNING
from feedsvc.cli.output import json_line, plain, say, table
from feedsvc.cli.session import Options, session
from feedsvc.errors import FeedsvcError, NotFound
from feedsvc.model import Token
from feedsvc.services import Services

BYTES: Final = 24  # of chance: 192 bits
SHOWN: Final = 8  # characters that a list shows, to tell tokens apart


@click.group()
def token() -> None:
    """Give and take tokens, which let readers into private feeds."""


@token.command()
@click.argument("name")
@click.option(
    "--feed",
    "feeds",
    multiple=True,
    metavar="KEY",
    help="A private category or saved feed, such as c/board or v/digest; may be repeated. Default: all.",
)
@click.pass_context
def create(ctx: click.Context, name: str, *, feeds: tuple[str, ...]) -> None:
    """Make a token for NAME and show it, this once.

    It is put into the address of a feed (/t/TOKEN/c/ID.rss), or given to a reader as the password of HTTP
    Basic, with any user name.
    """
    options = Options.of(ctx)
    secret = BEGINNING + secrets.token_urlsafe(BYTES)
    with session(options) as services:
        keys = tuple(sorted({_key(services, one) for one in feeds}))
        made = Token(
            name=name,
            beginning=secret[:SHOWN],
            digest=hashlib.sha256(secret.encode()).hexdigest(),
            feeds=keys,
            created=services.clock(),
        )
        services.store.add_token(made)
        config = services.config()
        base, open_to = config.base_url(), keys or config.private()
    if options.as_json:
        json_line({"name": name, "token": secret, "feeds": keys})
        return
    click.echo(secret)
    say("It is not shown again. Readers subscribe to:")
    for key in open_to:
        say(f"  {base}/t/{secret}/{key}.rss")


@token.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """All tokens: whose, how they begin, and for which feeds."""
    options = Options.of(ctx)
    with session(options) as services:
        found = services.store.tokens()
    if options.as_json:
        for one in found:
            json_line(
                {"name": one.name, "beginning": one.beginning, "feeds": one.feeds, "created": one.created}
            )
        return
    table(
        ("name", "token", "feeds", "created"),
        [
            (one.name, f"{one.beginning}…", ", ".join(one.feeds) or "all", f"{one.created:%Y-%m-%d}")
            for one in found
        ],
        empty="no tokens: 'feedsvc token create NAME' makes one",
    )


@token.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.pass_context
def revoke(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Take tokens back: within two seconds they open nothing any more."""
    options = Options.of(ctx)
    with session(options) as services:
        for name in names:
            services.store.revoke_token(name)
            if options.as_json:
                json_line({"name": name, "revoked": True})
            else:
                click.echo(f"{plain(name)}: revoked")


def _key(services: Services, given: str) -> str:
    """``board`` or ``c/board`` -> ``c/board``. Raises NotFound, or FeedsvcError if it is public."""
    config = services.config()
    for key in (given, f"c/{given}", f"v/{given}"):
        try:
            public = config.is_public(key)
        except NotFound:
            continue
        if public:
            raise FeedsvcError(f"{given!r} is public, it needs no token: 'access: token' makes it private")
        return key
    raise NotFound(f"no feed {given!r}: private are {', '.join(config.private()) or 'none'}")
