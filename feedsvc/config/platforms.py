"""What is known of platforms? (config/platforms.yaml: the admin's own file before the one that is shipped)"""

import json
from importlib.resources import files
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from feedsvc.config.explain import explain
from feedsvc.config.positions import Located, locate
from feedsvc.config.suggest import naming
from feedsvc.errors import ConfigError, Problem
from feedsvc.sources.platforms import Platform, PlatformFeed

FILE: Final = "platforms.yaml"
KEY: Final = "platforms"


def platforms(directory: Path) -> tuple[Platform, ...]:
    """All that is known, the admin's own entries first; one of the same id replaces the shipped one.

    Raises ConfigError.
    """
    own = directory / FILE
    first = read(own) if own.is_file() else ()
    replaced = {one.id for one in first}
    shipped = shipped_file()
    rest = () if shipped == own.resolve() else read(shipped)
    return (*first, *(one for one in rest if one.id not in replaced))


def shipped_file() -> Path:
    """The file that comes with feedsvc: in the package, in a source tree in config/."""
    package = Path(str(files("feedsvc")))
    places = (package / "sample" / FILE, package.parent / "config" / FILE)
    return next((path for path in places if path.is_file()), places[0]).resolve()


def read(path: Path) -> tuple[Platform, ...]:
    """The entries of one file. Raises ConfigError with every problem in it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([Problem(str(path), 1, 1, f"cannot be read: {error}")]) from error
    located = locate(text, str(path))
    problems = list(located.problems)
    found = _entries(located, problems)
    if problems:
        raise ConfigError(problems)
    return found


def _entries(located: Located, problems: list[Problem]) -> tuple[Platform, ...]:
    if located.data is None:
        return ()
    data = located.data if isinstance(located.data, dict) else {}
    items = data.get(KEY, [])
    if not isinstance(located.data, dict) or not isinstance(items, list):
        problems.append(located.problem((KEY,), f"put a list of platforms under the key '{KEY}:'"))
        return ()
    problems += [
        located.problem((key,), naming("key", key, [KEY]), at_key=True) for key in data if key != KEY
    ]
    found: dict[str, Platform] = {}
    for number, item in enumerate(items):
        platform = _entry(located, number, item, problems)
        if platform is not None and platform.id in found:
            problems.append(located.problem((KEY, number, "id"), f"the id '{platform.id}' is there twice"))
        elif platform is not None:
            found[platform.id] = platform
    return tuple(found.values())


def _entry(located: Located, number: int, item: object, problems: list[Problem]) -> Platform | None:
    named = item.get("id") if isinstance(item, dict) else None
    who = f"platform '{named}'" if isinstance(named, str) else f"platform {number + 1}"
    try:
        return Platform.model_validate_json(json.dumps(item), strict=True)
    except ValidationError as error:
        for detail in error.errors():
            model = PlatformFeed if "feeds" in detail["loc"][:-1] else Platform
            place = (KEY, number, *detail["loc"])
            at_key = detail["type"] == "extra_forbidden"
            problems.append(located.problem(place, f"{who}: {explain(detail, model)}", at_key=at_key))
    return None
