"""How does a shell complete our commands?"""

import click
from click.shell_completion import get_completion_class

from feedsvc.errors import FeedsvcError

USE = """\b
bash  eval "$(feedsvc completion bash)"
zsh   eval "$(feedsvc completion zsh)"
fish  feedsvc completion fish | source
"""


@click.command(epilog=USE)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that lets SHELL complete commands and options."""
    kind = get_completion_class(shell)
    if kind is None:
        raise FeedsvcError(f"no completion for {shell}")
    root = ctx.find_root().command
    click.echo(kind(root, {}, "feedsvc", "_FEEDSVC_COMPLETE").source())
