"""Follow-ups in words: what came out, how it changed, and what a score is worth as long as it is provisional."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from torogoz.domain.instruments import NOT_APPLICABLE, UNKNOWN, Instrument, Item, Part
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.returns.follow_up_queries import FollowUp
from torogoz.topics.returns.plan_words import MOMENTS


def notice(instrument: Instrument) -> str:
    """What has to be said beside every score of this version; nothing of an official one."""
    return instrument.notice.label(language()) if instrument.provisional else ""


def rows(found: Iterable[FollowUp], today: date) -> list[dict[str, Any]]:
    """The moments of a plan in words."""
    return [
        {
            "one": one,
            "moment": one.moment,
            "word": MOMENTS[one.moment],
            "missed": one.missed(today),
            "may_be_made": one.may_be_made(today),
            "score": _score(one.result.whole) if one.result else "",
            "band": _band(one),
            "change": change(one, None),
        }
        for one in found
    ]


def lines(one: FollowUp) -> list[dict[str, str]]:
    """What came out of one follow-up: each dimension, then the whole, with its change."""
    if one.instrument is None or one.result is None:
        return []
    parts = [
        (dimension.code, dimension.words.label(language()), one.result.dimensions[dimension.code])
        for dimension in one.instrument.dimensions
    ]
    return [
        {
            "label": label,
            "score": _score(part),
            "known": _("%(answered)s de %(asked)s") % {"answered": part.answered, "asked": part.asked},
            "change": change(one, code),
        }
        for code, label, part in [*parts, (None, _("En conjunto"), one.result.whole)]
    ]


def answers(one: FollowUp) -> list[tuple[str, str]]:
    """Each question and its answer, under the version that was asked."""
    if one.instrument is None or one.answers is None:
        return []
    return [
        (item.words.label(language()), _answer(item, one.answers.get(item.code, ""))) for item in one.instrument.items
    ]


def change(one: FollowUp, part: str | None) -> str:
    """How much a dimension, or the whole (None), rose; that it cannot be said; nothing of the first follow-up."""
    if one.result is None or one.since is None:
        return ""
    rose = one.rose.get(part) if one.rose else None
    return _signed(rose) if rose is not None else _("no se puede decir")


def _band(one: FollowUp) -> str:
    if one.instrument is None or one.result is None:
        return ""
    band = one.instrument.band_of(one.result.whole.score)
    return band.words.label(language()) if band else ""


def _answer(item: Item, answer: str) -> str:
    if answer in ("", UNKNOWN):
        return _("Se desconoce")
    if answer == NOT_APPLICABLE:
        return _("No aplica")
    return next(option.words.label(language()) for option in item.options if option.code == answer)


def _score(part: Part) -> str:
    return f"{float(part.score):.2f}" if part.score is not None else _("sin puntaje")


def _signed(rose: Fraction) -> str:
    """`+0.12`, `−0.05`, `0.00`; the sign is the one of mathematics, and nothing is rounded away to a wrong sign."""
    text = f"{abs(float(rose)):.2f}"
    return text if text == "0.00" else ("+" if rose > 0 else "−") + text
