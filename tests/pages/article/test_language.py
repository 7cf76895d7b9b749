"""In which language is an article written?"""

import pytest

from tests.pages.article.paper import TEXT, found

GERMAN = (
    "<p>Die Brücke über die Lenn ist seit Montag gesperrt, weil Taucher Risse in zwei Pfeilern fanden und "
    "das nicht für den Verkehr gut ist, der auf der Brücke von und zu der Stadt fährt.</p>"
    "<p>Verletzt wurde niemand, doch müssen täglich neuntausend Autos über die alte Straße ausweichen, die "
    "bei der Mühle liegt und auch sonst nicht die beste ist, die sich von dem Ort aus erreichen lässt.</p>"
)


@pytest.mark.parametrize(
    ("html", "head", "text", "language"),
    [
        ("<html lang='en-GB'>", "", TEXT, "en-GB"),
        ("<html>", "<meta property='og:locale' content='en_US'>", TEXT, "en-US"),
        ("<html>", "<meta http-equiv='content-language' content='en'>", TEXT, "en"),
        ("<html lang='en'>", "", GERMAN * 2, "de"),  # the template's, not the author's
        ("<html lang='de-AT'>", "", GERMAN, "de-AT"),
        ("<html lang='!'>", "", GERMAN, "de"),
        ("<html>", "", GERMAN, "de"),
        ("<html>", "", "<p>Lorem ipsum.</p>", None),
        (
            "<html lang='en'>",
            "",
            "<p>" + "橋脚にひびが見つかったため、橋は通行止めになっている。" * 8 + "</p>",
            "ja",
        ),
        (
            "<html lang='zh-Hant'>",
            "",
            "<p>" + "大橋因發現裂縫而關閉，工程師正在調查。" * 8 + "</p>",
            "zh-Hant",
        ),
    ],
)
def test_language(html: str, head: str, text: str, language: str | None) -> None:
    assert found(f"<h1>A headline</h1>{text}", html=html, head=head).language == language
