"""How does the command line start: commands found late, options shared, errors told in one line?"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NoReturn

import click
from click.shell_completion import CompletionItem

from feedsvc.cli.options import global_options, share
from feedsvc.errors import ConfigError, FeedsvcError

OK, FAILED, USAGE, INVALID, PARTIAL = range(5)  # exit codes


class Root(click.Group):
    """The ``feedsvc`` group: ``table`` gives the place and the one-line help of each command."""

    def __init__(self, *, table: Mapping[str, tuple[str, str]], **attributes: Any) -> None:
        super().__init__(params=global_options(), no_args_is_help=True, **attributes)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._table:
            return None
        if cmd_name not in self.commands:
            module, _, name = self._table[cmd_name][0].partition(":")
            self.commands[cmd_name] = share(getattr(import_module(module), name))
        return self.commands[cmd_name]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self._table and not args[0].startswith("-"):
            raise click.NoSuchCommand(args[0], possibilities=self._table, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in self._table.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        commands = [
            CompletionItem(name, help=words)
            for name, (_, words) in self._table.items()
            if name.startswith(incomplete)
        ]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            _tell(ctx, "\n".join(map(str, error.problems)), INVALID)
        except FeedsvcError as error:
            _tell(ctx, f"{click.style('error:', fg='red')} {error}", FAILED)


def _tell(ctx: click.Context, message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    ctx.exit(code)
