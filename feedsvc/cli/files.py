"""Is the config right, what may it say, and how does one begin? (init, check, schema)"""

import shutil
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

import click

from feedsvc.cli.output import json_line, say
from feedsvc.cli.root import INVALID
from feedsvc.cli.session import Options
from feedsvc.config import MAIN, Config, Environment, advice, parse, read_files, schema_text
from feedsvc.config.platforms import platforms
from feedsvc.errors import ConfigError, FeedsvcError, Problem

# What is known of platforms comes with each version; a copy would hide what a newer one knows.
NOT_COPIED: Final = shutil.ignore_patterns("platforms.yaml")
SAMPLE: Final = "sample"  # in the installed package; in a source tree config/ itself is the sample


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.pass_context
def init(ctx: click.Context, directory: Path) -> None:
    """Write a config to start from: config/ and .env.example in DIRECTORY (default: here).

    Nothing that is there already is touched.
    """
    target, env = directory / "config", directory / ".env.example"
    for path in (target / MAIN, env):
        if path.exists():
            raise FeedsvcError(f"{path} is there already: nothing was written")
    try:
        shutil.copytree(sample_config(), target, dirs_exist_ok=True, ignore=NOT_COPIED)
        env.write_text(env_example(), encoding="utf-8")
    except OSError as error:
        raise FeedsvcError(f"{error.filename}: {error.strerror}") from error
    say(f"wrote {target} and {env}")
    here = "" if directory == Path() else f"cd {directory} && "
    say(f"next: {here}feedsvc serve, then open http://127.0.0.1:8000/")


def sample_config() -> Path:
    """Where the config that comes with feedsvc is."""
    package = Path(str(files("feedsvc")))
    return next(path for path in (package / SAMPLE, package.parent / "config") if path.is_dir())


def env_example() -> str:
    """Every variable with its meaning and default, commented out."""
    lines = [
        "# Copy to .env and change what you need; a variable of the environment wins over this file.",
        "",
    ]
    for name, field in Environment.model_fields.items():
        lines += [f"# {field.description}", f"#FEEDSVC_{name.upper()}={field.default}", ""]
    return "\n".join(lines)


@click.command()
@click.argument("file", required=False, type=click.Path(allow_dash=True))
@click.option("--strict", is_flag=True, help="Warnings are problems too.")
@click.pass_context
def check(ctx: click.Context, file: str | None, *, strict: bool) -> None:
    """Validate the config; every problem is named as file:line:col.

    FILE: check this text (- for stdin) as if it were part of the config: in place of the file of the same
    name, or as one more file of sources.
    """
    options = Options.of(ctx)
    try:
        config = parse(_texts(options.config_dir, file), options.environment)
        platforms(options.config_dir)
    except ConfigError as error:
        if options.as_json:
            json_line({"ok": False, "problems": error.problems})
        raise
    doubts = advice(config)
    for doubt in doubts:
        say(f"warning: {doubt}")
    if options.as_json:
        json_line({"ok": not (strict and doubts), **_counts(config), "warnings": doubts})
    else:
        click.echo(
            "config ok: {categories} categories, {sources} sources ({paused} paused)".format(
                **_counts(config)
            )
        )
    if strict and doubts:
        ctx.exit(INVALID)


def _counts(config: Config) -> dict[str, int]:
    paused = sum(not source.enabled for source in config.sources)
    return {"categories": len(config.categories), "sources": len(config.sources), "paused": paused}


def _texts(directory: Path, file: str | None) -> Mapping[Path, str]:
    if file is None:
        return read_files(directory)
    if file != "-" and Path(file).is_dir():
        return read_files(Path(file))
    if file != "-" and Path(file).name == MAIN:
        return read_files(Path(file).parent)
    texts = dict(read_files(directory))
    named = {path.resolve(): path for path in texts}
    path = named.get(Path(file).resolve(), directory / "sources" / "-" if file == "-" else Path(file))
    texts[path] = _text(file)
    return texts


def _text(file: str) -> str:
    try:
        with click.open_file(file, encoding="utf-8-sig") as stream:
            return str(stream.read())
    except OSError as error:
        raise ConfigError([Problem(file, 1, 1, f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise ConfigError([Problem(file, 1, 1, "not UTF-8: save the file in that encoding")]) from error


@click.command()
def schema() -> None:
    """Print the JSON Schema of feedsvc.yaml and sources/*.yaml, for editors."""
    click.echo(schema_text(), nl=False)
