import re
from pathlib import Path

import pytest

from feedsvc.config.platforms import platforms, read, shipped_file
from feedsvc.errors import ConfigError
from feedsvc.sources.platforms import Platform, candidates

SHIPPED = read(shipped_file())
OWN = """\
platforms:
  - id: forge
    title: Our forge
    match: ["forge.example/{user}"]
    feeds: [{url: "{origin}/{user}.rss"}]
  - {id: github, title: GitHub, match: ["github.com/{owner}/{repo}"], feeds: []}
"""


def feeds(found: tuple[Platform, ...], url: str, page: str | None = None) -> list[str]:
    return [one.url for one in candidates(found, [url], page)]


def test_the_shipped_file_is_the_one_in_config() -> None:
    assert shipped_file() == Path(__file__).parents[2] / "config" / "platforms.yaml"
    assert len({one.id for one in SHIPPED}) == len(SHIPPED) > 60


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        (
            "https://www.youtube.com/channel/UCabc/videos",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabc",
        ),
        ("https://youtube.com/playlist?list=PL1", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"),
        ("https://github.com/ann/tool", "https://github.com/ann/tool/releases.atom"),
        ("https://github.com/ann/tool/tree/main", "https://github.com/ann/tool/commits/main.atom"),
        ("https://gitlab.com/ann/tool", "https://gitlab.com/ann/tool/-/releases.atom"),
        ("https://codeberg.org/ann/tool", "https://codeberg.org/ann/tool/releases.atom"),
        ("https://old.reddit.com/r/birds/", "https://www.reddit.com/r/birds/.rss"),
        ("https://bsky.app/profile/ann.example", "https://bsky.app/profile/ann.example/rss"),
        ("https://medium.com/@ann/story-1", "https://medium.com/feed/@ann"),
        ("https://ann.substack.com/p/one", "https://ann.substack.com/feed"),
        ("https://ann.tumblr.com/", "https://ann.tumblr.com/rss"),
        ("https://ann.wordpress.com", "https://ann.wordpress.com/feed/"),
        ("https://ann.blogspot.com/", "https://ann.blogspot.com/feeds/posts/default"),
        (
            "https://stackoverflow.com/questions/tagged/c",
            "https://stackoverflow.com/feeds/tag?tagnames=c&sort=newest",
        ),
        ("https://vimeo.com/ann", "https://vimeo.com/ann/videos/rss"),
        ("https://arxiv.org/list/cs.LG/recent", "https://rss.arxiv.org/rss/cs.LG"),
        ("https://news.ycombinator.com/", "https://news.ycombinator.com/rss"),
        ("https://lobste.rs/t/python", "https://lobste.rs/t/python.rss"),
        ("https://pypi.org/project/lxml/", "https://pypi.org/rss/project/lxml/releases.xml"),
    ],
)
def test_what_is_known_without_the_page(url: str, feed: str) -> None:
    assert feeds(SHIPPED, url)[0] == feed


@pytest.mark.parametrize(
    ("url", "page", "feed"),
    [
        (
            "https://www.youtube.com/@ann",
            '{"externalId":"UCabc"}',
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabc",
        ),
        (
            "https://youtu.be/v1",
            '{"channelId":"UCabc"}',
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabc",
        ),
        (
            "https://social.example/@ann",
            '<link type="application/activity+json">',
            "https://social.example/@ann.rss",
        ),
        (
            "https://talk.example/t/birds/7",
            '<meta content="Discourse 3">',
            "https://talk.example/t/birds/7.rss",
        ),
        ("https://lemmy.example/c/birds", "Lemmy", "https://lemmy.example/feeds/c/birds.xml?sort=New"),
        (
            "https://tube.example/c/ann/videos",
            '<meta property="og:platform" content="PeerTube">',
            "https://tube.example/feeds/videos.atom?videoChannelName=ann",
        ),
        (
            "https://git.example/ann/tool",
            'content="git,forge,forgejo"',
            "https://git.example/ann/tool/releases.atom",
        ),
        ("https://git.example/ann/tool", 'content="GitLab"', "https://git.example/ann/tool/-/releases.atom"),
        (
            "https://podcasts.apple.com/us/podcast/birds/id7",
            r'"feedUrl":"https:\/\/birds.example\/rss"',
            "https://birds.example/rss",
        ),
        (
            "https://soundcloud.com/ann",
            '<meta content="soundcloud://users:42">',
            "https://feeds.soundcloud.com/users/soundcloud:users:42/sounds.rss",
        ),
    ],
)
def test_what_is_known_with_the_page(url: str, page: str, feed: str) -> None:
    assert feeds(SHIPPED, url) != [feed]
    assert feeds(SHIPPED, url, page)[0] == feed


def test_an_ordinary_page_is_nobody_s() -> None:
    assert feeds(SHIPPED, "https://paper.example/world/2026/story", "<html><body>Story</body></html>") == []


def test_an_admin_adds_to_it_and_replaces(tmp_path: Path) -> None:
    (tmp_path / "platforms.yaml").write_text(OWN)
    found = platforms(tmp_path)
    assert feeds(found, "https://forge.example/ann") == ["https://forge.example/ann.rss"]
    assert feeds(found, "https://github.com/ann/tool") == []
    assert feeds(found, "https://vimeo.com/ann") == ["https://vimeo.com/ann/videos/rss"]
    assert platforms(tmp_path / "nowhere") == SHIPPED


def test_every_mistake_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "platforms.yaml"
    path.write_text(
        "platforms:\n"
        "  - {id: a, title: A, match: ['a.example/{b}'], feeds: [{url: '{origin}/{c}'}]}\n"
        "  - {id: b, title: B, match: ['https://b.example'], feeds: []}\n"
        "  - {id: c, titel: C, match: [c.example], feeds: []}\n"
        "  - {id: d, title: D, match: [d.example], feeds: [{adress: x}]}\n"
        "  - nothing\n"
        "platform: x\n"
    )
    with pytest.raises(ConfigError) as raised:
        platforms(tmp_path)
    told = [str(problem).removeprefix(f"{path}:") for problem in raised.value.problems]
    assert told[0].startswith("7:1: unknown key 'platform': did you mean 'platforms'?")
    assert told[1].startswith(
        "2:5: platform 'a': {c} in '{origin}/{c}' is not in the pattern 'a.example/{b}'"
    )
    assert told[2].startswith("3:30: platform 'b': 'match': 'https://b.example' is no pattern")
    assert any("4:13: platform 'c': unknown key 'titel': did you mean 'title'?" in line for line in told)
    assert any("'url' is missing: Template of the feed's address." in line for line in told)
    assert told[-1].startswith("6:5: platform 5: must be a mapping")


@pytest.mark.parametrize("text", ["- a\n", "platforms: x\n", "platforms: [\n", "platforms: [{id: a}"])
def test_a_file_of_another_kind(tmp_path: Path, text: str) -> None:
    (tmp_path / "platforms.yaml").write_text(text)
    with pytest.raises(ConfigError, match=r"platforms\.yaml:\d+:\d+: "):
        platforms(tmp_path)


def test_the_example_in_the_docs_holds(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "discover.md").read_text()
    (example,) = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "platforms.yaml").write_text(example)
    found = read(tmp_path / "platforms.yaml")
    assert feeds(found, "https://forge.example/ann/tool/wiki") == [
        "https://forge.example/ann/tool/releases.atom"
    ]
    page = '<meta content="Forge 2"><script>{"userId":"7"}</script>'
    assert feeds(found, "https://git.example/u/ann", page) == ["https://git.example/feeds/7.atom"]
