"""Does docs/cli.md name every command and every option?"""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from feedsvc.cli import cli

DOCS = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()


def commands(group: click.Group, path: str, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}", inner)
        else:
            yield f"{path} {name}", command


ALL = dict(commands(cli, "feedsvc", click.Context(cli, info_name="feedsvc")))


@pytest.mark.parametrize("name", sorted(ALL))
def test_the_command_and_its_options_are_described(name: str) -> None:
    _, heading, rest = DOCS.partition(f"\n## {name}\n")
    assert heading, f"docs/cli.md has no heading '## {name}'"
    section = rest.partition("\n## ")[0]
    shown = [one for one in ALL[name].params if isinstance(one, click.Option) and not one.hidden]
    for option in shown:
        if option.name != "help":
            assert f"`{option.opts[-1]}`" in section, f"{name} {option.opts[-1]}"


def test_nothing_is_described_that_is_not_there() -> None:
    headings = {line[3:] for line in DOCS.splitlines() if line.startswith("## ")}
    assert headings - {"Global options"} == set(ALL)
