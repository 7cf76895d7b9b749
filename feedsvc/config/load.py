"""Is the config directory right, and if not: what is wrong, where, and what is allowed?"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from feedsvc.config.cross import cross_check
from feedsvc.config.draft import MAIN, Draft
from feedsvc.config.environment import Environment
from feedsvc.config.positions import locate
from feedsvc.config.settings import Config
from feedsvc.errors import ConfigError, Problem


def load(directory: Path, env: Environment | None = None) -> Config:
    """Read ``feedsvc.yaml`` and ``sources/*.yaml``. Raises ConfigError with every problem of every file.

    ``env`` tells where the web process listens, which is what an unset ``site.url`` stands for.
    """
    return parse(read_files(directory), env)


def read_files(directory: Path) -> dict[Path, str]:
    """The texts of the config, ``feedsvc.yaml`` first. Raises ConfigError if there is none."""
    main = directory / MAIN
    if not main.is_file():
        what = "no such file" if directory.is_dir() else "no such directory"
        raise ConfigError([Problem(str(main), 1, 1, f"{what}: 'feedsvc init' writes a config to start from")])
    others = sorted(path for path in (directory / "sources").glob("*.y*ml") if not path.name.startswith("."))
    return _read([main, *(path for path in others if path.suffix in {".yaml", ".yml"})])


def _read(paths: Iterable[Path]) -> dict[Path, str]:
    texts, problems = {}, []
    for path in paths:
        try:
            texts[path] = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            problems.append(Problem(str(path), line, 1, "not UTF-8: save the file in that encoding"))
        except OSError as error:
            problems.append(Problem(str(path), 1, 1, f"cannot be read: {error.strerror}"))
    if problems:
        raise ConfigError(problems)
    return texts


def parse(texts: Mapping[Path, str], env: Environment | None = None) -> Config:
    """What ``load`` does, from texts by path (``feedsvc.yaml`` first). Raises ConfigError."""
    draft = Draft()
    for number, (path, text) in enumerate(texts.items()):
        draft.take(path, locate(text, str(path)), main=number == 0)
    problems = [*draft.problems, *cross_check(draft)]
    if problems:
        order = {str(path): number for number, path in enumerate(texts)}
        raise ConfigError(sorted(problems, key=lambda p: (order[p.file], p.line, p.column)))
    return Config(
        **draft.sections,
        categories=tuple(found.value for found in draft.categories if found.value),
        sources=tuple(found.value for found in draft.sources if found.value),
        views=tuple(found.value for found in draft.views if found.value),
        listening=(env or Environment.read()).listening(),
    )
