"""Which secrets does a source need, and what are they here?

A secret is written as ``${env:NAME}`` and stays so in every config that is stored or shown. Only the process
that fetches puts the value in, in memory, just before it is used.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from feedsvc.addresses import is_secret_name
from feedsvc.errors import FetchError
from feedsvc.model import Source

S = TypeVar("S", bound=Source)

_REFERENCE: Final = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}")


def looks_secret(name: str) -> bool:
    """Does a header of this name tell who asks?"""
    return name.lower() == "cookie" or is_secret_name(name)


def is_reference(text: str) -> bool:
    return _REFERENCE.search(text) is not None


def names(source: Source) -> tuple[str, ...]:
    """The environment variables that a source refers to, each once."""
    return tuple(dict.fromkeys(_names(source.model_dump())))


def reveal(source: S, environment: Mapping[str, str]) -> S:
    """The source with its secrets in place; never to be stored, shown or logged.

    :raises FetchError: of kind "secret" if a variable is not set, or its value does not fit.
    """
    wanted = names(source)
    missing = [name for name in wanted if not environment.get(name)]
    if missing:
        told = f"the environment has no {missing[0]}, which source {source.id!r} refers to"
        raise FetchError(source.location, f"Secret missing: {told}.", kind="secret")
    if not wanted:
        return source
    try:
        filled = _filled(source.model_dump(exclude_unset=True), environment)
        return type(source).model_validate(filled, context={"revealed": True})
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        told = f"with {' and '.join(wanted)} put in, {where!r} of source {source.id!r} is not valid"
        # Not the error itself: it quotes the value.
        raise FetchError(source.location, f"Secret unusable: {told}.", kind="secret") from None


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from _REFERENCE.findall(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _names(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _names(one)


def _filled(value: Any, environment: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _REFERENCE.sub(lambda found: environment[found[1]], value)
    if isinstance(value, Mapping):
        return {key: _filled(one, environment) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(one, environment) for one in value]
    return value
