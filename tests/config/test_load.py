from datetime import date, timedelta
from pathlib import Path

import pytest

from feedsvc.config import Config, Environment, load
from feedsvc.config.draft import SECTIONS
from feedsvc.errors import ConfigError
from feedsvc.sources import TYPES
from feedsvc.sources.feed import FeedSource
from feedsvc.sources.folder import FolderSource
from tests.config.conftest import MAIN, SOURCES, Write

ENV = Environment(host="127.0.0.1", port=8000)


def blocks(name: str) -> list[tuple[str, str]]:
    """The pairs of lines in a file beside this one."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    _, *pairs = text.strip().split("\n\n")
    assert len(pairs) > 10
    return [(text, expected) for text, expected in (pair.splitlines() for pair in pairs)]


def problems(directory: Path) -> list[str]:
    """What is wrong, as ``file:line:col: ...`` with files seen from the config directory."""
    with pytest.raises(ConfigError) as caught:
        load(directory, ENV)
    return [str(problem).removeprefix(f"{directory}/") for problem in caught.value.problems]


def test_a_whole_config(write: Write) -> None:
    directory = write()
    config = load(directory, ENV)
    assert config.site.title == "Example feeds"
    assert config.fetch.max_bytes == 10_000_000
    assert [category.id for category in config.categories] == ["world", "about"]
    news, notes = config.sources
    assert isinstance(news, FeedSource)
    assert (news.url, news.categories, news.every) == (
        "https://example.org/rss",
        ("world",),
        timedelta(minutes=15),
    )
    assert isinstance(notes, FolderSource)
    assert notes.every == timedelta(minutes=15)  # that of defaults


@pytest.mark.parametrize("day", ["2026-11-24", "'2026-11-24'"])
def test_a_day_needs_no_quotes(write: Write, day: str) -> None:
    main = f"site: {{title: T}}\ncategories:\n  - {{id: world, title: World, retired: {day}}}\n"
    assert load(write(main=main, news="sources: []\n"), ENV).ends("c/world") == date(2026, 11, 24)


def test_a_folder_is_seen_from_the_file_that_names_it(write: Write) -> None:
    directory = write(
        main=MAIN + "sources:\n  - {id: top, type: folder, path: notes}\n",
        deep="sources: [{id: deep, type: folder, path: notes}, {id: fixed, type: folder, path: /srv}]\n",
    )
    paths = {source.id: source.location for source in load(directory, ENV).sources}
    assert paths == {
        "top": f"file://{directory}/notes/",
        "deep": f"file://{directory}/sources/notes/",
        "fixed": "file:///srv/",
    }


def test_files_are_read_in_the_order_of_their_names(write: Write) -> None:
    one = "sources:\n  - {{id: {}, type: feed, url: 'https://example.org/{}'}}\n"
    directory = write(b=one.format("b", "b"), a=one.format("a", "a"))
    (directory / "sources" / ".hidden.yaml").write_text("nonsense")
    (directory / "sources" / "notes.txt").write_text("nonsense")
    (directory / "sources" / "c.yml").write_text(one.format("c", "c"))
    assert [source.id for source in load(directory, ENV).sources] == ["a", "b", "c"]


@pytest.mark.parametrize("text", ["", "# all of it switched off\n", "sources:\n", "sources: []\n", "---\n"])
def test_a_file_with_nothing_in_it_is_fine(write: Write, text: str) -> None:
    assert load(write(news=text), ENV).sources == ()


def test_a_byte_order_mark_is_skipped(write: Write) -> None:
    directory = write()
    main = directory / "feedsvc.yaml"
    main.write_bytes(b"\xef\xbb\xbf" + main.read_bytes())
    assert load(directory, ENV).site.title == "Example feeds"


def test_the_address_without_site_url_is_where_the_web_listens(write: Write) -> None:
    directory = write(main="categories: [{id: world, title: W}, {id: about, title: A}]\n")
    assert load(directory, Environment(host="0.0.0.0", port=8123)).base_url() == "http://127.0.0.1:8123"
    assert load(directory, Environment(host="::1", port=80)).base_url() == "http://[::1]:80"


def test_without_a_config_the_way_to_one_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path / "config") == [
        "feedsvc.yaml:1:1: no such directory: 'feedsvc init' writes a config to start from"
    ]
    assert problems(tmp_path) == [
        "feedsvc.yaml:1:1: no such file: 'feedsvc init' writes a config to start from"
    ]


def test_a_file_in_another_encoding(write: Write) -> None:
    directory = write()
    (directory / "sources" / "news.yaml").write_bytes(b"sources:\n  # caf\xe9\n")
    assert problems(directory) == ["sources/news.yaml:2:1: not UTF-8: save the file in that encoding"]


def test_all_problems_of_all_files_come_at_once(write: Write) -> None:
    directory = write(
        main="sit: {}\n" + MAIN.replace("limit: 50}\nfetch", "limit: 0}\nfetch"),
        a="sources:\n  - {id: x, type: fed, url: 'https://example.org/'}\n",
        b="sources:\n\t- x\n",
        c="sources:\n  - {id: y, type: feed, url: 'https://example.org/', categories: [wrold]}\n",
    )
    assert problems(directory) == [
        f"feedsvc.yaml:1:1: unknown key 'sit': did you mean 'site'? ({', '.join(sorted(SECTIONS))})",
        "feedsvc.yaml:3:31: defaults: 'limit' must be at least 1, not 0",
        "sources/a.yaml:2:19: source 'x': unknown source type 'fed': did you mean 'feed'? ("
        + ", ".join(sorted(TYPES))
        + ")",
        "sources/b.yaml:2:1: a tab cannot be used for indentation in YAML: use spaces",
        "sources/c.yaml:2:67: source 'y': unknown category 'wrold': did you mean 'world'? (about, world)",
    ]


@pytest.mark.parametrize(("item", "expected"), blocks("wrong-sources.txt"))
def test_what_is_wrong_with_a_source_is_told_at_its_place(write: Write, item: str, expected: str) -> None:
    assert problems(write(news=f"sources:\n  - {item}\n")) == [f"sources/news.yaml:{expected}"]


@pytest.mark.parametrize(("main", "expected"), blocks("wrong-main.txt"))
def test_what_is_wrong_in_the_main_file(write: Write, main: str, expected: str) -> None:
    assert problems(write(main=main, news="")) == [f"feedsvc.yaml:{expected}"]


def test_an_id_that_is_taken_names_both_places(write: Write) -> None:
    one = "sources:\n  - {id: x, type: feed, url: 'https://example.org/'}\n"
    directory = write(a=one, b="# more\n" + one)
    (problem,) = problems(directory)
    assert problem == (
        "sources/b.yaml:3:10: source 'x': this id is already taken at "
        f"{directory}/sources/a.yaml:2:10: choose another"
    )


def test_two_sources_cannot_both_have_been_the_same_one(write: Write) -> None:
    one = "  - {{id: {}, type: feed, url: 'https://example.org/', was: [old]}}\n"
    directory = write(news="sources:\n" + one.format("x") + one.format("y"))
    assert problems(directory) == [
        "sources/news.yaml:3:60: source 'y': 'old' is already in 'was' of source 'x'"
    ]


def test_only_the_main_file_has_more_than_sources(write: Write) -> None:
    assert problems(write(news="categories: []\n")) == [
        "sources/news.yaml:1:1: 'categories' belongs in feedsvc.yaml: a file in sources/ holds only 'sources'"
    ]


def test_an_unreadable_main_file_makes_no_category_unknown(write: Write) -> None:
    assert problems(write(main="site: [\n", news=SOURCES)) == [
        "feedsvc.yaml:2:1: the file ends too early: a bracket or quote is never closed"
    ]


def test_a_wrong_category_is_still_a_known_name(write: Write) -> None:
    main = MAIN.replace("title: About", "title: 5")
    assert problems(write(main=main, news=SOURCES)) == [
        "feedsvc.yaml:6:24: category 'about': 'title' must be text, not 5: put it in quotes, \"5\""
    ]


def test_many_sources_load_in_bearable_time(write: Write) -> None:
    lines = (f"  - {{id: s{n}, type: feed, url: 'https://example.org/{n}'}}\n" for n in range(200))
    config: Config = load(write(news="sources:\n" + "".join(lines)), ENV)
    assert len(config.sources) == 200


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("FEEDSVC_PORT", "eighty", "FEEDSVC_PORT: Input should be a valid integer"),
        (
            "FEEDSVC_PORT",
            "70000",
            "FEEDSVC_PORT: Input should be less than or equal to 65535",
        ),
    ],
)
def test_a_variable_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        Environment.read()
    assert str(caught.value).startswith(f"environment:1:1: {expected}")


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("FEEDSVC_PORT=8001\nFEEDSVC_HOST=0.0.0.0\nOTHER=1\nFEEDSVC_LATER=1\n")
    monkeypatch.setenv("FEEDSVC_PORT", "8002")
    environment = Environment.read()
    assert (environment.host, environment.port) == ("0.0.0.0", 8002)
    assert "FEEDSVC" not in repr(environment)
    assert environment.database_url not in repr(environment)
