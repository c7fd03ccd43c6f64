"""What a ballot of each kind holds, checked with the formulas that will count it."""

from collections.abc import Collection, Mapping
from typing import Any

from torogoz.domain.deliberation import Stance, check_stance
from torogoz.domain.polls import Kind, PollRefused
from torogoz.statistics.deliberation.priorities import SpentTooMuch, check_dots, check_quadratic

Content = dict[str, Any]


def checked(kind: Kind, rules: Mapping[str, Any], options: Collection[str], content: Mapping[str, Any]) -> Content:
    """The ballot as it is stored: options in their order, whole numbers, nothing else. Raises PollRefused."""
    if kind is Kind.SCALE:
        return {"stance": _stance(content).value}
    if kind is Kind.RANK:
        return {"places": _numbers(options, content.get("places"), least=1)}
    if kind is Kind.BUDGET:
        return {"approved": _approved(options, content.get("approved"))}
    votes = _numbers(options, content.get("votes"), least=0 if kind is Kind.DOTS else None)
    _check_spent(kind, rules, list(options), votes)
    return {"votes": votes}


def checked_reason(kind: Kind, content: Content, reason: str) -> str:
    """The reason of a ballot on a scale; of another ballot there is none. Raises DeliberationRefused."""
    return check_stance(Stance(content["stance"]), reason) if kind is Kind.SCALE else ""


def _stance(content: Mapping[str, Any]) -> Stance:
    try:
        return Stance(str(content.get("stance", "")))
    except ValueError as why:
        raise PollRefused("stance", "no_stance") from why


def _numbers(options: Collection[str], given: object, *, least: int | None) -> dict[str, int]:
    """Whole numbers by option, without zeros; at least one."""
    if not isinstance(given, Mapping):
        raise PollRefused("", "kind")
    for option, number in given.items():
        if option not in options:
            raise PollRefused("", "option", option=option)
        if isinstance(number, bool) or not isinstance(number, int) or (least is not None and number < least):
            raise PollRefused(str(option), "number")
    found = {option: int(given[option]) for option in options if given.get(option)}
    if not found:
        raise PollRefused("", "empty")
    return found


def _approved(options: Collection[str], given: object) -> list[str]:
    if isinstance(given, str) or not isinstance(given, Collection):
        raise PollRefused("approved", "kind")
    for option in given:
        if option not in options:
            raise PollRefused("approved", "option", option=option)
    if not given:
        raise PollRefused("approved", "empty")
    return [option for option in options if option in given]


def _check_spent(kind: Kind, rules: Mapping[str, Any], options: list[str], votes: Mapping[str, int]) -> None:
    try:
        if kind is Kind.DOTS:
            check_dots(options, votes, dots=rules["dots"], most=rules.get("most"))
        else:
            check_quadratic(options, votes, credits_each=rules["credits"])
    except SpentTooMuch as why:
        quadratic = kind is Kind.QUADRATIC
        spent = sum(each * each for each in votes.values()) if quadratic else sum(votes.values())
        of = rules["credits"] if quadratic else rules["dots"]
        if spent <= of:
            spent, of = max(votes.values()), rules["most"]
        raise PollRefused("", "spent", spent=spent, of=of) from why
