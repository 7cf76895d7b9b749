"""What is configured, where is it wrong, and how is it changed?"""

from feedsvc.config.advice import advice
from feedsvc.config.draft import MAIN
from feedsvc.config.edit import remove, set_enabled
from feedsvc.config.environment import Environment, variables
from feedsvc.config.load import load, parse, read_files
from feedsvc.config.schema import schema, schema_text
from feedsvc.config.settings import (
    ALL,
    MOST_AT_ONCE,
    Category,
    Config,
    Defaults,
    Fetch,
    Site,
    View,
    Wanted,
    default_tag,
)

__all__ = [
    "ALL",
    "MAIN",
    "MOST_AT_ONCE",
    "Category",
    "Config",
    "Defaults",
    "Environment",
    "Fetch",
    "Site",
    "View",
    "Wanted",
    "advice",
    "default_tag",
    "load",
    "parse",
    "read_files",
    "remove",
    "schema",
    "schema_text",
    "set_enabled",
    "variables",
]
