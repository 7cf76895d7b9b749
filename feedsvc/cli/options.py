"""Which options does every command take, before its name and after it?"""

import os
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

KEY: Final = "feedsvc.options"  # where the values gather, in the meta that all contexts share
HINT: Final = "Global options (see 'feedsvc --help') are taken here too."


def global_options(*, hidden: bool = False) -> list[click.Parameter]:
    """New option objects each time: a click parameter belongs to one command."""

    def option(*names: str, **attributes: Any) -> click.Option:
        return click.Option(names, expose_value=False, callback=_remember, hidden=hidden, **attributes)

    return [
        option(
            "-c",
            "--config",
            "config_dir",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="DIR",
            help="Config directory; default: FEEDSVC_CONFIG, else config.",
        ),
        option(
            "--db",
            "database_url",
            metavar="URL",
            help="Database; default: FEEDSVC_DATABASE_URL, else a SQLite file under data/.",
        ),
        option("-v", "--verbose", "verbose", count=True, help="Say more; twice for details."),
        option("-q", "--quiet", "quiet", count=True, help="Say less: problems only."),
        option(
            "--log-format",
            "log_format",
            type=click.Choice(["console", "json"]),
            help="Form of the log lines.",
        ),
        option("--json", "as_json", is_flag=True, help="Machine output: one JSON value a line."),
        option("--no-color", "no_color", is_flag=True, help="Plain text; so does NO_COLOR."),
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            hidden=hidden,
            callback=_print_version,
            help="Print the version and stop.",
        ),
    ]


def given(ctx: click.Context) -> dict[str, Any]:
    """The options that were written, whether before the command or after it (the later one counts)."""
    values: dict[str, Any] = ctx.meta.setdefault(KEY, {})
    return values


def share(command: click.Command) -> click.Command:
    """Have a command, and all below it, take the global options too."""
    if isinstance(command, click.Group):
        for child in command.commands.values():
            share(child)
    command.params.extend(global_options(hidden=True))
    command.epilog = f"{command.epilog}\n\n{HINT}" if command.epilog else HINT
    return command


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    values = given(ctx)
    name = str(param.name)
    if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
        values[name] = values.get(name, 0) + value if param.name in {"verbose", "quiet"} else value
    if values.get("no_color") or os.environ.get("NO_COLOR"):
        ctx.find_root().color = ctx.color = False


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"feedsvc {version('feedsvc')}")
        ctx.exit()
