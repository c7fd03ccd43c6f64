"""Pages of votes of seats for who works in a consultation: the list, a new vote, the ballot, closing, taking on."""

from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from torogoz.domain.access import Verb
from torogoz.domain.consultations import ProcessState
from torogoz.domain.polls import FEWEST, HideUntil, Kind, Moment
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.polls import actions as polls
from torogoz.shared.polls.drawn_codes import code_of, drawn
from torogoz.shared.polls.models import Poll, Seat
from torogoz.shared.ui.templatetags.ui import localised
from torogoz.topics.consultation import queries, vote_actions, vote_queries, vote_shown, words
from torogoz.topics.consultation.forms import DeedForm
from torogoz.topics.consultation.online_words import MOMENTS
from torogoz.topics.consultation.process_models import Invitation, Process
from torogoz.topics.consultation.vote_forms import BallotForm, NewVoteForm, TakeForm, WithdrawVoteForm
from torogoz.topics.consultation.vote_queries import Vote
from torogoz.topics.consultation.vote_words import HIDES, KINDS, TAKEN
from torogoz.topics.consultation.working import REFUSED, Deed, Work, by_key, seen

WHAT = "poll"
GET_OR_POST = ["GET", "HEAD", "POST"]


@never_cache
@require_safe
def votes(request: HttpRequest, key: UUID) -> HttpResponse:
    """The votes of a consultation, for its secretariat and the bodies convened; the kinds of a new one."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    if here is None or not (here.convenes or here.invitations):
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    seen(request, here, now)
    page = {
        "process": here.process,
        "rows": rows_of(vote_queries.votes_in(here.process, now)),
        "kinds": KINDS.items() if here.convenes and here.process.state == ProcessState.AT_WORK else (),
    }
    return render(request, "consultation/votes/list.html", page)


def rows_of(found: list[Any]) -> list[dict[str, Any]]:
    """Votes for a list: each with its kind and where it stands."""
    return [
        {"poll": poll, "kind": KINDS[Kind(poll.kind)][0], "badge": MOMENTS[stands][0], "word": MOMENTS[stands][1]}
        for poll, stands in found
    ]


@never_cache
@require_http_methods(GET_OR_POST)
def new_vote(request: HttpRequest, key: UUID, kind: str) -> HttpResponse:
    """Announce a vote of one kind: the secretariat, while the consultation is at work."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    asked = next((one for one in KINDS if one.value == kind), None)
    if here is None or not here.convenes or asked is None or here.process.state != ProcessState.AT_WORK:
        return not_found(request, verb=Verb.CONVENE, what=WHAT, subject=key, now=now)
    process, bodies = here.process, vote_queries.may_vote(here.process)
    work = Work(
        request,
        {
            "open": Deed(
                partial(NewVoteForm, kind=asked, bodies=bodies),
                lambda form, _row: vote_actions.open_vote(
                    by=officer, process=process, said=form.said(now), now=now, token=form.cleaned_data["token"]
                ),
                _("La votación está anunciada. Lo que pregunta ya no cambia."),
            )
        },
        elsewhere=["look"],
    )
    if work.missing:
        return not_found(request, verb=Verb.CONVENE, what=WHAT, subject=key, now=now)
    if work.done and isinstance(work.result, Poll):
        return redirect("consultation:vote", key=work.result.key)
    looked = None
    if request.POST.get("do") == "look":
        looked = NewVoteForm(request.POST, kind=asked, bodies=bodies, auto_id="open-%s")
    form = looked or work.form("open")
    wrong: list[DeedForm] = [looked] if looked else list(work.bound.values())
    page = {
        "process": process,
        "form": form,
        "preview": vote_shown.ballot_to_come(looked.said(now).asks) if looked and looked.is_valid() else None,
        "kind": KINDS[asked],
        "rule": [words.rule_in_words(process), *words.quorum_in_words(process)] if asked is Kind.SCALE else [],
        "bodies": bodies,
        **(_quorum(process, bodies) if asked is Kind.SCALE else {}),
        "wrong": wrong,
    }
    status = REFUSED if form and form.errors else work.status
    return render(request, "consultation/votes/new.html", page, status=status)


def _quorum(process: Process, bodies: list[Invitation]) -> dict[str, Any]:
    """What the quorum asks and these bodies cannot give: with names, and, of those that may vote so, in secret."""
    of_the_state = [one for one in bodies if one.institution is not None]
    in_secret = vote_queries.never_reached(process, of_the_state, secret=True)
    return {
        "short": words.lacking_in_words(vote_queries.never_reached(process, bodies, secret=False)),
        "short_in_secret": words.lacking_in_words(in_secret),
        "secret_may_be": not in_secret and len(of_the_state) >= FEWEST,
    }


@never_cache
@require_http_methods(GET_OR_POST)
def vote(request: HttpRequest, key: UUID) -> HttpResponse:
    """One vote: what it asks, the ballot of one's own seat, and what the secretariat may do with it."""
    now, officer = timezone.now(), officer_of(request)
    asked = vote_queries.vote_with(officer, key, now)
    if asked is None or asked.here is None:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    work = Work(request, {**_ballots(asked, officer, now), **_secretariat(asked, officer, now)})
    if work.missing:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    if work.done and isinstance(work.result, str):
        # The code of a secret ballot: it is shown once and kept nowhere, so it stands in this answer.
        return render(request, "consultation/votes/cast.html", {"vote": asked, "code": work.result})
    if work.done:
        return redirect("consultation:vote", key=key)
    seen(request, asked.here, now)
    page = _page(asked, officer, work, now) | {"wrong": list(work.bound.values())}
    return render(request, "consultation/votes/vote.html", page, status=work.status)


def _ballots(asked: Vote, officer: Officer, now: Any) -> dict[str, Deed]:
    """The ballots that the officer may cast: of the own seats, and of those that vote on paper."""
    if not asked.is_open:
        return {}
    form = partial(BallotForm, poll=asked.poll, options=list(asked.poll.options.order_by("position", "pk")))
    voted = vote_queries.voted(asked)
    # A secret ballot that was sent may be sent again by who never saw the answer: its own code tells it.
    again = asked.poll.may_change or asked.secret
    own = [one for one in vote_queries.own_seats(asked, now) if again or one.pk not in voted]
    paper = [one for one in vote_queries.paper_seats(asked) if asked.poll.may_change or one.pk not in voted]
    changing = asked.secret and any(one.pk in voted for one in own)

    def cast(form: BallotForm, seat: Seat) -> str | None:
        said = {"content": form.content(), "reason": form.cleaned_data.get("reason", ""), "now": now, "by": officer}
        if asked.secret:
            code = form.cleaned_data.get("code", "")
            drawn = form.cleaned_data.get("drawn", "")
            return polls.cast_secret(poll=asked.poll, seat=seat, code=code, drawn=drawn, **said)
        polls.cast_named(seat=seat, sheet=form.cleaned_data.get("sheet", ""), **said)
        return None

    deeds = {}
    if own:
        done = _("El voto está en la urna.") if asked.secret else _("Se guardó el voto de su institución.")
        deeds["cast"] = Deed(partial(form, asks_code=changing, draws=asked.secret), cast, done, by_key(own))
    if paper:
        deeds["paper"] = Deed(partial(form, asks_sheet=True), cast, _("Se guardó el voto en papel."), by_key(paper))
    return deeds


def _secretariat(asked: Vote, officer: Officer, now: Any) -> dict[str, Deed]:
    """What the secretariat may do with a vote, by where it stands."""
    if not asked.convenes:
        return {}
    poll, process = asked.poll, asked.process
    deeds: dict[str, Deed] = {}
    if asked.moment is Moment.WAITING:
        deeds["withdraw"] = Deed(
            WithdrawVoteForm,
            lambda form, _row: polls.withdraw_poll(
                by=officer,
                poll=poll,
                reason_es=form.cleaned_data["reason_es"],
                reason_en=form.cleaned_data["reason_en"],
                now=now,
            ),
            _("La votación se retiró antes de abrir."),
        )
    if asked.is_open and poll.hide_until in {HideUntil.CLOSED.value, HideUntil.PUBLISHED.value}:
        deeds["close"] = Deed(
            DeedForm,
            lambda _form, _row: polls.close_poll(by=officer, poll=poll, now=now),
            _("La votación está cerrada."),
        )
    if asked.moment is Moment.CLOSED and poll.hide_until == HideUntil.PUBLISHED.value and poll.published_at is None:
        deeds["publish"] = Deed(
            DeedForm,
            lambda _form, _row: polls.publish_results(by=officer, poll=poll, now=now),
            _("El resultado está publicado para quienes trabajan en la consulta."),
        )
    themes = list(process.themes.order_by("position", "pk"))
    if asked.kind in TAKEN and process.state == ProcessState.AT_WORK and vote_queries.may_be_taken(asked, now):
        deeds["take"] = Deed(
            partial(TakeForm, themes=themes),
            lambda form, _row: vote_actions.take_into_text(
                by=officer,
                process=process,
                poll=poll,
                code=form.cleaned_data["code"],
                kind=form.cleaned_data["kind"],
                theme=next((one for one in themes if str(one.key) == form.cleaned_data["theme"]), None),
                now=now,
            ),
            _("El resultado es ahora la primera versión de un texto. Se decide sobre él como sobre los otros."),
        )
    return deeds


def _page(asked: Vote, officer: Officer, work: Work, now: Any) -> dict[str, Any]:
    voted = vote_queries.voted(asked)
    own = [_own(asked, work, seat, seat.pk in voted) for seat in vote_queries.own_seats(asked, now)]
    paper = [
        {
            "seat": seat,
            "voted": seat.pk in voted,
            "form": work.form("paper", seat, **BallotForm.as_initial(vote_queries.ballot_of(asked, seat))),
        }
        for seat in vote_queries.paper_seats(asked)
    ]
    roll = vote_queries.roll_of(asked) if asked.convenes else []
    return {
        **about(asked),
        "own": own,
        "paper": paper if asked.is_open else [],
        "roll": [{"name": localised(seat, "name"), "weight": seat.weight, "voted": done} for seat, done in roll],
        "missing": sum(not done for _seat, done in roll),
        "told": vote_queries.shows(asked, now),
        "waiting": asked.moment is Moment.WAITING,
        "preview": vote_shown.ballot_before(asked.poll) if asked.convenes and asked.moment is Moment.WAITING else None,
        "taken": vote_queries.taken_into(asked.poll),
        **{name: work.form(name) for name in ("withdraw", "close", "publish", "take")},
    }


def _own(asked: Vote, work: Work, seat: Seat, voted: bool) -> dict[str, Any]:
    """A seat with its ballot; of a secret one also the code that it will have, to be written down before it is cast."""
    stored = BallotForm.as_initial(vote_queries.ballot_of(asked, seat))
    form = work.form("cast", seat, drawn=drawn(asked.poll), **stored) if asked.poll.may_change or not voted else None
    code = code_of(asked.poll, str(form["drawn"].value() or "")) if form and asked.secret and not voted else ""
    return {"seat": seat, "voted": voted, "form": form, "code": code}


def about(asked: Vote) -> dict[str, Any]:
    """What any page of a vote says of it."""
    badge, word = MOMENTS[asked.moment]
    return {
        "vote": asked,
        "poll": asked.poll,
        "process": asked.process,
        "badge": badge,
        "word": word,
        "kind": KINDS[asked.kind],
        "hides": HIDES[HideUntil(asked.poll.hide_until)],
        "rule": words.rule_in_words(asked.process) if asked.kind is Kind.SCALE else "",
        "budget": Decimal(asked.poll.rules["budget"]) if "budget" in asked.poll.rules else None,
    }
