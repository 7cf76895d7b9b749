"""Do secrets stay out of every config that is stored or shown, and reach the one who fetches?"""

import json
from pathlib import Path

import pytest

from feedsvc.config import Config, variables
from feedsvc.config.secrets import names, reveal
from feedsvc.errors import FetchError
from feedsvc.sources.feed import FeedSource

URL = "https://example.org/feed?key=${env:FEED_KEY}&user=${env:FEED_USER}"
SOURCE = FeedSource(id="wire", type="feed", url=URL)


def test_a_secret_is_put_in_where_it_is_named() -> None:
    found = reveal(SOURCE, {"FEED_KEY": "k3y", "FEED_USER": "me", "OTHER": "x"})
    assert found.url == "https://example.org/feed?key=k3y&user=me"
    assert (found.id, found.type) == ("wire", "feed")


def test_the_stored_config_keeps_the_name() -> None:
    config = Config(sources=(SOURCE,))
    assert json.loads(config.to_json())["sources"][0]["url"] == URL
    again = Config.from_json(config.to_json()).source("wire")
    assert (
        reveal(again, {"FEED_KEY": "k", "FEED_USER": "u"}).location == "https://example.org/feed?key=k&user=u"
    )


def test_a_source_tells_its_secrets() -> None:
    assert names(SOURCE) == ("FEED_KEY", "FEED_USER")
    assert names(FeedSource(id="a", type="feed", url="https://example.org/$KEY/${KEY}")) == ()


@pytest.mark.parametrize("environment", [{}, {"FEED_KEY": ""}, {"FEED_USER": "me"}])
def test_what_is_not_set_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(FetchError, match=r"no FEED_KEY, which source 'wire' refers to") as caught:
        reveal(SOURCE, environment)
    assert caught.value.kind == "secret"


def test_a_value_that_does_not_fit_is_not_shown() -> None:
    source = FeedSource.model_construct(id="wire", type="feed", url="${env:FEED_URL}")
    with pytest.raises(FetchError, match=r"with FEED_URL put in, 'url' of source 'wire' is not") as caught:
        reveal(source, {"FEED_URL": "hunter2"})
    assert "hunter2" not in repr(caught.value) + repr(caught.value.__cause__)


def test_a_secret_is_no_reference() -> None:
    found = reveal(SOURCE, {"FEED_KEY": "${env:FEED_USER}", "FEED_USER": "me"})
    assert found.url == "https://example.org/feed?key=${env:FEED_USER}&user=me"


def test_secrets_may_stand_in_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("FEED_KEY=from-file\nFEED_USER=from-file\n")
    monkeypatch.setenv("FEED_USER", "from-environment")
    found = variables()
    assert (found["FEED_KEY"], found["FEED_USER"]) == ("from-file", "from-environment")
