"""What a vote came to, for its page: the outcome with the computation that it follows from, ties said as ties."""

from dataclasses import asdict
from typing import Any

from torogoz.domain.deliberation import Stance
from torogoz.domain.polls import Kind
from torogoz.shared.polls.actions import Asks
from torogoz.shared.polls.counting import Results
from torogoz.shared.polls.models import Option, Poll
from torogoz.shared.ui.templatetags.ui import language, localised
from torogoz.topics.consultation.vote_forms import BallotForm
from torogoz.topics.consultation.vote_words import STAGES, ballot_in_words
from torogoz.topics.consultation.words import RESULT_BADGES, RESULTS, STANCES, reason_in_words


def ballot_to_come(asks: Asks) -> dict[str, Any]:
    """The ballot of a vote that is not announced yet, for who writes it; nothing is stored."""
    words = {name: getattr(asks, name) for name in ("title_es", "title_en", "question_es", "question_en")}
    poll = Poll(kind=asks.kind.value, secrecy=asks.secrecy.value, rules=dict(asks.rules), **words)
    options = [
        Option(code=each.code, name_es=each.name_es, name_en=each.name_en, cost=each.cost) for each in asks.options
    ]
    return {"poll": poll, "form": BallotForm(poll=poll, options=options, auto_id="preview-%s")}


def ballot_before(poll: Poll) -> dict[str, Any]:
    """The ballot of a vote that has not opened, for the secretariat."""
    options = list(poll.options.order_by("position", "pk"))
    return {"poll": poll, "form": BallotForm(poll=poll, options=options, auto_id="preview-%s")}


def results_shown(poll: Poll, found: Results) -> dict[str, Any]:
    """The outcome of any kind, the ballots by name of a named vote."""
    names = {one.code: localised(one, "name") for one in found.options}
    page: dict[str, Any] = {"found": found, "names": [(one.code, names[one.code]) for one in found.options]}
    if found.too_few:
        return page
    if found.ranking is not None:
        page |= _ranking(found, names)
    elif found.tally is not None:
        page |= _tally(found, names)
    elif found.decided is not None:
        page |= _scale(found)
    elif found.kind is Kind.BUDGET:
        page |= _budget(poll, found, names)
    return page | {"ballots": _ballots(found)}


def _places(places: tuple[tuple[str, ...], ...], names: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"place": at, "options": [(code, names[code]) for code in tied], "tied": len(tied) > 1}
        for at, tied in enumerate(places, 1)
    ]


def _ranking(found: Results, names: dict[str, Any]) -> dict[str, Any]:
    ranking = found.ranking
    assert ranking is not None
    winner = ranking.condorcet_winner
    tables = [
        [
            {
                "code": one,
                "name": names[one],
                "cells": [
                    {"count": int(table[i, j]), "wins": table[i, j] > table[j, i], "self": i == j}
                    for j in range(len(ranking.options))
                ],
            }
            for i, one in enumerate(ranking.options)
        ]
        for table in (ranking.pairwise, ranking.strongest)
    ]
    return {
        "places": _places(ranking.places, names),
        "winner": names[winner] if winner and found.voted else "",
        "pairwise": tables[0],
        "strongest": tables[1],
    }


def _tally(found: Results, names: dict[str, Any]) -> dict[str, Any]:
    tally = found.tally
    assert tally is not None
    rows = [
        {
            "place": each["place"],
            "tied": each["tied"],
            "name": name,
            "total": tally.totals[code],
            "for": tally.supporters[code],
            "against": tally.opponents[code],
        }
        for each in _places(tally.places, names)
        for code, name in each["options"]
    ]
    return {"totals": rows, "unspent": tally.unspent, "quadratic": found.kind is Kind.QUADRATIC}


def _scale(found: Results) -> dict[str, Any]:
    decided = found.decided
    assert decided is not None
    return {
        "result": RESULTS[decided.result],
        "result_badge": RESULT_BADGES[decided.result],
        "tally": [(STANCES[stance], decided.tally.get(stance, 0)) for stance in Stance],
        "silent": decided.silent,
        "reasons": [reason_in_words({**asdict(one), "why": one.why.value}) for one in decided.reasons],
        "consensus": found.consensus,
        "unnamed": []
        if found.ballots and found.ballots[0].body
        else [(STANCES[Stance(one.content["stance"])], one.reason) for one in found.ballots if one.reason],
    }


def _budget(poll: Poll, found: Results, names: dict[str, Any]) -> dict[str, Any]:
    funded = {one.option for one in found.paid}
    english = language() == "en"
    support = {code: sum(one.weight for one in found.ballots if code in one.content["approved"]) for code in names}
    rounds = [
        {
            "name": names[one.option],
            "code": one.option,
            "cost": float(one.cost),
            "stage": STAGES[one.stage],
            "price": float(one.price) if one.price is not None else None,
            "support": support[one.option],
            "tied": [names[code] for code in one.tied],
            "by": [(en if english else es, float(amount)) for es, en, amount in one.by],
        }
        for one in found.paid
    ]
    bought = found.bought
    return {
        "rounds": rounds,
        "budget": float(poll.rules["budget"]),
        "shares": {name: float(getattr(bought, name)) for name in ("share", "added", "spent", "unspent")}
        if bought
        else None,
        "rest": [
            {"name": names[one.code], "cost": one.cost, "support": support[one.code]}
            for one in found.options
            if one.code not in funded
        ],
    }


def _ballots(found: Results) -> list[dict[str, Any]]:
    """By body, what each voted; empty of a secret vote."""
    english = language() == "en"
    field = "name_en" if english else "name_es"
    return [
        {
            "body": one.name_en if english else one.name_es,
            "weight": one.weight,
            "said": STANCES[Stance(one.content["stance"])]
            if found.kind is Kind.SCALE
            else ballot_in_words(found.kind, one.content, found.options, field),
            "reason": one.reason,
        }
        for one in found.ballots
        if one.body
    ]
