"""Which commands are there, and where does each live? (nothing heavy is imported before one is run)"""

from types import MappingProxyType
from typing import Final

from feedsvc.cli.root import Root

COMMANDS: Final = MappingProxyType(
    {
        "serve": ("feedsvc.cli.serve:serve", "Collect and serve: web and scheduler in one."),
        "web": ("feedsvc.cli.serve:web", "Serve the finished feeds and the pages."),
        "scheduler": ("feedsvc.cli.serve:scheduler", "Collect due sources and publish, until stopped."),
        "init": ("feedsvc.cli.files:init", "Write a config to start from."),
        "check": ("feedsvc.cli.files:check", "Validate the config: file:line:col of every problem."),
        "schema": ("feedsvc.cli.files:schema", "Print the JSON Schema of the config, for editors."),
        "collect": ("feedsvc.cli.collect:collect", "Poll sources now, a result line each."),
        "preview": ("feedsvc.cli.preview:preview", "Show what would be collected; store nothing."),
        "extract": ("feedsvc.cli.extract:extract", "Take the article out of pages; store nothing."),
        "validate": ("feedsvc.cli.validate:validate", "Check feeds by their specifications."),
        "discover": ("feedsvc.cli.discover:discover", "Find what can be collected at an address."),
        "add": ("feedsvc.cli.add:add", "Configure what is at an address as a source."),
        "feed": ("feedsvc.cli.feed:feed", "Print the finished bytes of a feed."),
        "source": ("feedsvc.cli.source:source", "List, show, run, pause, resume and remove sources."),
        "article": ("feedsvc.cli.article:article", "List, show and hide stored articles."),
        "token": ("feedsvc.cli.token:token", "Give and take tokens for private feeds."),
        "export": ("feedsvc.cli.export:export", "Write the feeds as OPML, all articles, or the site."),
        "import": ("feedsvc.cli.bring:bring", "Take over subscriptions from OPML."),
        "db": ("feedsvc.cli.db:db", "Migrate the database, or show its state."),
        "doctor": ("feedsvc.cli.doctor:doctor", "Look for what is wrong, and say what to do."),
        "completion": ("feedsvc.cli.completion:completion", "Print the shell completion script."),
    }
)

cli = Root(
    name="feedsvc",
    table=COMMANDS,
    help="Collects articles from configured sources and publishes per-category RSS, Atom and JSON feeds.\n\n"
    "\b\nfeedsvc init       writes a config to start from\n"
    "feedsvc serve      collects and serves on http://127.0.0.1:8000/\n\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 config invalid, 4 some of it failed.",
)


def main() -> None:
    """The ``feedsvc`` command."""
    cli.main(prog_name="feedsvc")


__all__ = ["COMMANDS", "cli", "main"]
