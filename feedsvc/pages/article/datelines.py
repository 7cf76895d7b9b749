"""Which days does a reader see around the headline, and which of them are of a change?"""

import re
from typing import Final, NamedTuple

from feedsvc.pages.article.moments import Claim, Moment, day_of, is_possible, read_moment
from feedsvc.pages.article.surroundings import DATE, Headline, Line, Spot, Surroundings, is_in_card
from feedsvc.pages.article.written import find_dates

LONGEST: Final = 200  # characters of a dateline
DIGIT: Final = re.compile(r"\d")

_UPDATED: Final = re.compile(
    r"updat|modif|aktuali|actuali|atualiz|aggiorn|mis(?:e)? à jour|bijgewerkt|uppdater|opdater|oppdater"
    r"|обновл|изменен"
    r"|güncelle|päivit|diperbarui|cập nhật|更新|修改|수정|geändert|^stand\b|edited|redigert|muokattu|frissít"
    r"|uuend|zmienion"
    r"|last\s+rev|corrig|ενημερ|תאריך עדכון|עודכן|تحديث",
    re.IGNORECASE,
)
_ISSUED: Final = re.compile(
    r"publi|veröff|erst|posted|pubbl|gepubl|опубл|yayın|發布|发布|등록|입력|creat|erschien|opprett",
    re.IGNORECASE,
)
_NEAR: Final = (-700, 1_500)  # characters from the headline


class Seen(NamedTuple):
    """The days that stand around the headline, and those that say they are of a change."""

    claims: list[Claim]
    changed: list[Moment]

    @classmethod
    def around(cls, around: Surroundings, headline: Headline | None, *, month_first: bool) -> "Seen":
        seen = cls([], [])
        start = around.start(headline)
        for spot in around.of(DATE):
            if len(spot.text) <= LONGEST and not is_in_card(spot):
                seen._take_spot(spot, _nearness(spot.place - start), month_first=month_first)
        for line in around.lines:
            if len(line.text) <= LONGEST and DIGIT.search(line.text) and line.place != start:
                seen._take_line(line, _nearness(line.place - start), month_first=month_first)
        return seen

    def _take_spot(self, spot: Spot, near: float, *, month_first: bool) -> None:
        attribute = spot.element.get("datetime") or spot.element.get("content") or ""
        moments = _moments(attribute, spot.text, month_first=month_first)
        if moments and _is_of_change(spot):
            self.changed.extend(moments)
        elif near > 0:
            weight, source = near * _mark(spot, machine=bool(attribute)), "time" if attribute else "dateline"
            self.claims.extend(Claim(when, weight, source) for when in moments)

    def _take_line(self, line: Line, near: float, *, month_first: bool) -> None:
        end = 0
        for found in find_dates(line.text, month_first=month_first):
            lead, end = line.text[max(end, found.start - 40) : found.start], found.end
            if not is_possible(found.when):
                continue
            if _UPDATED.search(lead) and not _ISSUED.search(lead):
                self.changed.append(found.when)
            elif near > 0:
                plainness = _plainness(line, found.end - found.start)
                self.claims.append(Claim(found.when, near * plainness, "dateline"))


def _nearness(distance: int) -> float:
    low, high = _NEAR
    if not low <= distance <= high:
        return 0.0
    return 1.0 - abs(distance) / (high if distance >= 0 else -low) * 0.7


def _moments(attribute: str, text: str, *, month_first: bool) -> list[Moment]:
    told = read_moment(attribute) if attribute else None
    written = [one.when for one in find_dates(text, month_first=month_first) if is_possible(one.when)][:1]
    if told is None:
        return list(written)
    return [told, *(one for one in written if day_of(one) == day_of(told))]


def _mark(spot: Spot, *, machine: bool) -> float:
    names = f"{spot.element.get('class', '')} {spot.element.get('itemprop', '')}".lower()
    rating = 2.8 if spot.element.tag == "time" else 2.0
    return rating + 0.7 * machine + 0.5 * ("publi" in names or "entry" in names)


def _is_of_change(spot: Spot) -> bool:
    classes = spot.element.get("class") or ""
    if "publi" in classes.lower():
        return False
    names = f"{classes} {spot.element.get('itemprop', '')}".replace("entry-date", "")
    said = _UPDATED.search(spot.text) and not _ISSUED.search(spot.text)
    return bool(said or _UPDATED.search(names))


def _plainness(line: Line, size: int) -> float:
    """A line that is little more than a date is a dateline; a day within a sentence may be any day."""
    share = size / max(1, len(line.text))
    return 2.3 if share > 0.3 else 1.2 if len(line.text) < 120 else 0.3
