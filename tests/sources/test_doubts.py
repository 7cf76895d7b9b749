import pytest

from feedsvc.sources.doubts import Asked, folded, is_near


@pytest.mark.parametrize(
    ("asked", "feed", "near"),
    [
        ("https://a.example/", "https://a.example/feed", 0.0),
        ("https://a.example/", "https://a.example/sport/rss.xml", -0.5),
        ("https://a.example/sport/", "https://a.example/sport/rss.xml", 1.0),
        ("https://a.example/sport/", "https://a.example/rss.php?section=Sport", 1.0),
        ("https://a.example/sport/chess", "https://a.example/sport/feed", 0.5),
        ("https://a.example/sport/", "https://a.example/feed", 0.0),
        ("https://a.example/%E4%BD%93%E8%82%B2", "https://a.example/体育.rss", 1.0),
    ],
)
def test_how_near_a_feed_is_to_a_page(asked: str, feed: str, near: float) -> None:
    assert is_near(feed, Asked(url=asked)) == near


def test_titles_are_compared_by_their_letters() -> None:
    assert folded(" “Birds” – 3 of them! ") == folded("birds: 3 of THEM") == "birds3ofthem"
