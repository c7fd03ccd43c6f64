"""Votes of seats within a consultation, as secretariat, seats and strangers ask; hidden is hidden everywhere."""

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.at_once import Deed, at_once
from tests.consulted import Consulted, signed_in
from tests.made_up_polls import make_poll
from tests.topics.test_polls import focal
from tests.world import NOW, World
from torogoz.domain.consultations import ConsultationRefused, Part, Reply
from torogoz.domain.polls import HideUntil, Kind, Secrecy, Voters
from torogoz.shared.polls import drawn_codes, urns
from torogoz.shared.polls.actions import Asks, Choice
from torogoz.shared.polls.models import Ballot, Participation, Poll
from torogoz.topics.consultation import actions, vote_actions
from torogoz.topics.consultation.actions import Invited
from torogoz.topics.consultation.models import Draft
from torogoz.topics.consultation.process_models import Invitation
from torogoz.topics.consultation.vote_actions import VoteSaid

pytestmark = pytest.mark.django_db

LINES = {
    Kind.RANK: "Ventanilla única | One desk\nMenos espera | Less waiting\nInformación antes | Information before",
    Kind.BUDGET: "Agua | Water | 60\nTeléfono | Telephone | 60\nCamas | Beds | 30.50",
}
NUMBERS: dict[Kind, dict[str, str]] = {
    Kind.RANK: {},
    Kind.DOTS: {"dots": "5", "most": "3"},
    Kind.QUADRATIC: {"credits": "9"},
    Kind.BUDGET: {"budget": "100"},
    Kind.SCALE: {},
}


def announced(kind: Kind, bodies: Iterable[Invitation]) -> dict[str, Any]:
    """What the secretariat types of a vote, from now for an hour."""
    return {
        "title_es": "Qué va primero (inventada)",
        "title_en": "What comes first (made up)",
        "question_es": "¿Qué va primero?",
        "question_en": "What comes first?",
        "options": LINES.get(kind, LINES[Kind.RANK]),
        "bodies": [str(one.key) for one in bodies],
        "secrecy": "named",
        "change": "yes",
        "hide_until": "closed",
        "closes_at": timezone.localtime(timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        **NUMBERS[kind],
    }


class Council:
    """A consultation at work whose bodies have all accepted, and what its officers do through the pages."""

    def __init__(self, world: World, *more: str, **rules: Any) -> None:
        self.world = world
        self.held = Consulted(world, **{"quorum_seats": 0, **rules})
        bodies = [Invited("government", Part.DECIDES, 1, institution=code) for code in more]
        if bodies:
            actions.invite(by=self.held.secretariat, process=self.held.fresh(), bodies=bodies, now=timezone.now())
        for one in self.held.process.invitations.all():
            actions.answer_invitation(
                by=self.held.secretariat,
                invitation=one,
                reply=Reply.YES,
                note="",
                version=one.version,
                now=timezone.now(),
            )
        self.process = self.held.fresh()
        self.secretary = signed_in(self.held.secretariat)
        self.health, self.labour = (signed_in(world.officers[name]) for name in ("focal_health", "focal_labour"))
        self.work = f"/consultation/work/{self.process.key}"

    def opened(self, kind: Kind, **changes: Any) -> Poll:
        """A vote as the secretariat's form opens it, from now for an hour."""
        answer = self.send(kind, **changes)
        assert answer.status_code == 302, re.findall(r'class="error".*?</', answer.content.decode(), re.DOTALL)
        return Poll.objects.latest("pk")

    def send(self, kind: Kind, **changes: Any) -> Any:
        said = announced(kind, self.process.invitations.all())
        return self.secretary.post(f"{self.work}/votes/new/{kind.value}/", said | changes)

    def vote(self, client: Client, poll: Poll, body: str, *, do: str = "cast", **said: Any) -> Any:
        """Send the ballot of a body."""
        seat = next(one for one in poll.roll.all() if body in (one.name_es, getattr(one.institution, "code", "")))
        options = {f"option_{one.code}": "0" for one in poll.options.all()}
        return client.post(f"/consultation/votes/{poll.key}/", {"do": do, "row": str(seat.key), **options, **said})

    def officer(self, code: str) -> Client:
        return signed_in(focal(self.world, code))


def shut(poll: Poll) -> None:
    Poll.objects.filter(pk=poll.pk).update(
        opens_at=timezone.now() - timedelta(hours=2), closes_at=timezone.now() - timedelta(seconds=1)
    )


def read(client: Client, poll: Poll, name: str = "results/") -> Any:
    return client.get(f"/consultation/votes/{poll.key}/{name}")


def text_of(answer: Any) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", plain)


def controls(answer: Any, within: str) -> list[tuple[str, str]]:
    """The names and values of what a ballot offers, in their order: of the part of a page that begins with `within`."""
    page = answer.content.decode()
    page = page.partition(f'aria-labelledby="{within}"')[2].partition("</section>")[0] if within else page
    found = re.findall(r"<(?:option|input|textarea|select)[^>]*>", page)
    names = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in found]
    said = [(name[1] if name else "", value[1] if value else "") for name, value in names]
    kept = ("option_", "approved", "stance", "reason")
    return [each for each in said if each[0].startswith(kept) or (not each[0] and each[1])]


@pytest.fixture
def council(world: World) -> Council:
    return Council(world)


def rank(*order: str) -> dict[str, str]:
    return {f"option_{code}": str(at) for at, code in enumerate(order, 1)}


def test_a_ranking_from_its_opening_to_its_table_of_pairs(council: Council) -> None:
    poll = council.opened(Kind.RANK)
    assert council.vote(council.health, poll, "MINSAL", **rank("B", "A", "C")).status_code == 302
    assert council.vote(council.labour, poll, "MTPS", **rank("B", "C")).status_code == 302
    paper = council.vote(
        council.secretary, poll, "Asociación inventada", do="paper", sheet="hoja 3", **rank("A", "B", "C")
    )
    assert paper.status_code == 302
    closed = council.secretary.post(f"/consultation/votes/{poll.key}/", {"do": "close"})
    assert closed.status_code == 302
    page = text_of(read(council.health, poll))
    assert "1. B. Menos espera" in page
    assert "Menos espera gana a cada una de las otras" in page
    assert "B. Menos espera 2 – 3" in page, "the row of B in the table of pairs"
    assert "2. A. Ventanilla única" in page
    rows = list(csv.DictReader(io.StringIO(read(council.health, poll, "results.csv").content.decode())))
    assert {(one["of"], float(one["value"])) for one in rows if one["what"] == "place"} == {
        ("A", 2),
        ("B", 1),
        ("C", 3),
    }
    assert json.loads(read(council.labour, poll, "results.json").content)["kind"] == "rank"
    assert read(council.labour, poll, "results.pb").status_code == 404, "no budget"


def test_a_tie_is_said_as_a_tie(council: Council) -> None:
    poll = council.opened(Kind.RANK)
    council.vote(council.health, poll, "MINSAL", **rank("A", "B"))
    council.vote(council.labour, poll, "MTPS", **rank("B", "A"))
    shut(poll)
    page = text_of(read(council.secretary, poll))
    assert re.search(r"1\. A\. Ventanilla única; B\. Menos espera \W*empate", page)
    assert "Ninguna opción gana a todas las otras" in page


@pytest.mark.parametrize("kind", [Kind.RANK, Kind.BUDGET, Kind.SCALE])
def test_while_it_is_hidden_pages_and_files_say_the_same_to_everybody_whatever_was_voted(
    council: Council, kind: Kind
) -> None:
    actions.publish(by=council.held.secretariat, process=council.process, results=False, shown=True, now=timezone.now())
    process = council.held.fresh()
    actions.publish(by=council.held.secretariat, process=process, results=True, shown=True, now=timezone.now())
    poll = council.opened(kind)
    readers = (Client(), council.health, council.secretary)

    def seen() -> list[tuple[int, str]]:
        answers = [read(who, poll, f"results{end}") for who in readers for end in ("/", ".csv", ".json", ".pb")]
        return [(one.status_code, re.sub(r"csrf\w+\S*", "", text_of(one))) for one in answers]

    seen()  # what was just done is said once
    before = seen()
    assert [status for status, _ in before] == [200, 404, 404, 404] * 3
    said: dict[str, Any] = {
        Kind.RANK: rank("A"),
        Kind.BUDGET: {"approved": ["A"]},
        Kind.SCALE: {"stance": "agree"},
    }[kind]
    assert council.vote(council.health, poll, "MINSAL", **said).status_code == 302
    assert "Ya votó." in text_of(council.health.get(f"/consultation/votes/{poll.key}/"))
    assert seen() == before
    shut(poll)
    assert [status for status, _ in seen()] == [200, 200, 200, 200 if kind is Kind.BUDGET else 404] * 3


def test_the_public_waits_for_the_results_of_the_consultation_too(council: Council) -> None:
    poll = council.opened(Kind.RANK)
    council.vote(council.health, poll, "MINSAL", **rank("A"))
    shut(poll)
    stranger, listed = Client(), f"/consultation/processes/{council.process.code}/votes/"
    assert [read(stranger, poll).status_code, stranger.get(listed).status_code] == [404, 404]
    actions.publish(by=council.held.secretariat, process=council.process, results=False, shown=True, now=timezone.now())
    assert "Qué va primero" in text_of(stranger.get(listed))
    assert "Tabla de pares" not in text_of(read(stranger, poll))
    assert read(stranger, poll, "results.csv").status_code == 404
    assert "Tabla de pares" in text_of(read(council.labour, poll)), "who is convened sees it"
    process = council.held.fresh()
    actions.publish(by=council.held.secretariat, process=process, results=True, shown=True, now=timezone.now())
    assert "Tabla de pares" in text_of(read(stranger, poll))
    assert read(stranger, poll, "results.csv").status_code == 200
    public = text_of(stranger.get(f"/consultation/processes/{council.process.code}/"))
    assert "Votaciones de las instancias convocadas" in public


def test_one_votes_for_the_own_institution_and_only_who_is_convened_sees_the_vote(council: Council) -> None:
    poll = council.opened(Kind.RANK)
    assert council.vote(council.health, poll, "MTPS", **rank("A")).status_code == 404
    assert council.vote(council.secretary, poll, "MINSAL", **rank("A")).status_code == 404, "the secretariat neither"
    outside = council.officer("PNC")
    for client in (outside, signed_in(council.world.officers["rights_a"])):
        assert client.get(f"/consultation/votes/{poll.key}/").status_code == 404
        assert client.get(f"{council.work}/votes/").status_code == 404
        assert client.get(f"{council.work}/votes/new/rank/").status_code == 404
    assert council.health.get(f"{council.work}/votes/new/rank/").status_code == 404
    assert council.health.post(f"/consultation/votes/{poll.key}/", {"do": "close"}).status_code == 404
    assert Client().get(f"/consultation/votes/{poll.key}/").status_code == 302
    assert not Ballot.objects.exists()


def test_it_is_closed_early_only_once_all_have_voted_and_nobody_has_seen_results(council: Council) -> None:
    poll = council.opened(Kind.RANK)
    council.vote(council.health, poll, "MINSAL", **rank("A"))
    page = council.secretary.get(f"/consultation/votes/{poll.key}/").content.decode()
    assert "Faltan 2 votos" in page
    assert 'value="close"' not in page
    refused = council.secretary.post(f"/consultation/votes/{poll.key}/", {"do": "close"})
    assert refused.status_code == 422
    assert "falta el voto de 2" in refused.content.decode()
    seen = council.opened(Kind.RANK, hide_until="off")
    assert council.secretary.post(f"/consultation/votes/{seen.key}/", {"do": "close"}).status_code == 404
    poll.refresh_from_db()
    assert poll.ended_at is None


def test_a_vote_is_changed_where_the_rules_say_so_and_only_there(council: Council) -> None:
    free, once = council.opened(Kind.RANK), council.opened(Kind.RANK, change="no")
    for poll in (free, once):
        assert council.vote(council.health, poll, "MINSAL", **rank("A")).status_code == 302
    page = council.health.get(f"/consultation/votes/{free.key}/").content.decode()
    assert re.search(r'<option value="1" selected', page), "what was voted is shown, to be changed"
    assert council.vote(council.health, free, "MINSAL", **rank("B")).status_code == 302
    assert council.vote(council.health, once, "MINSAL", **rank("B")).status_code == 404
    assert [one.content for one in Ballot.objects.filter(seat__poll=free).order_by("number")] == [
        {"places": {"A": 1}},
        {"places": {"B": 1}},
    ]
    assert Ballot.objects.filter(seat__poll=once).count() == 1


SECRET = ("MINSAL", "MTPS", "PNC", "PGR", "GAMI")


def secret_vote(world: World, kind: Kind = Kind.BUDGET, **changes: Any) -> tuple[Council, Poll]:
    council = Council(world, "PNC", "PGR", "GAMI")
    of_the_state = [str(one.key) for one in council.process.invitations.filter(institution__isnull=False)]
    return council, council.opened(kind, secrecy="secret", bodies=of_the_state, **changes)


def code_in(answer: Any) -> str:
    found = re.findall(r"<strong>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</strong>", answer.content.decode())
    return str(found[0])


def test_a_secret_ballot_gives_a_code_that_shows_that_it_lies_in_the_urn_and_not_what_it_says(world: World) -> None:
    council, poll = secret_vote(world)
    officers = {code: council.officer(code) for code in SECRET}
    cast = council.vote(officers["MINSAL"], poll, "MINSAL", approved=["A"])
    code = code_in(cast)
    actions.publish(by=council.held.secretariat, process=council.process, results=False, shown=True, now=timezone.now())
    here = f"/consultation/votes/{poll.key}/receipt/"
    found = Client().post(here, {"code": code.lower().replace("-", " ")})
    assert found.status_code == 200
    told = text_of(found)
    assert "Sí: la papeleta de ese código está en la urna" in told
    assert not [name for name in ("Agua", "MINSAL", "Salud") if name in told]
    wrong = Client().post(here, {"code": "2222-2222-2222-2222"})
    assert wrong.status_code == 422
    assert "Sí: la papeleta" not in text_of(wrong)
    again = council.vote(officers["MINSAL"], poll, "MINSAL", approved=["B"])
    assert again.status_code == 422, "without the code the ballot stays"
    assert code_in(council.vote(officers["MINSAL"], poll, "MINSAL", approved=["B"], code=code)) == code
    assert Participation.objects.filter(poll=poll).count() == 1
    for name in SECRET[1:]:
        council.vote(officers[name], poll, name, approved=["A", "B"])
    assert council.secretary.post(f"/consultation/votes/{poll.key}/", {"do": "close"}).status_code == 302
    page = text_of(read(council.secretary, poll))
    assert "Qué votó cada institución" not in page
    assert "Quién pagó" not in page
    pb = read(council.secretary, poll, "results.pb").content.decode()
    assert [line.split(";")[-1] for line in pb.splitlines()[-5:]] == ["A,B"] * 4 + ["B"]
    assert "MINSAL" not in pb


def test_in_secret_fewer_than_five_do_not_vote_and_nobody_on_paper(world: World, council: Council) -> None:
    few = council.send(Kind.RANK, secrecy="secret", bodies=[str(council.held.invitation("MINSAL").key)])
    assert few.status_code == 422
    assert "al menos 5" in text_of(few)
    paper = council.send(Kind.RANK, secrecy="secret")
    assert "En secreto solo votan instituciones del Estado" in text_of(paper)
    assert not Poll.objects.exists()


def test_a_secret_vote_whose_results_would_be_seen_before_it_closes_is_refused(world: World) -> None:
    council = Council(world, "PNC", "PGR", "GAMI")
    of_the_state = [str(one.key) for one in council.process.invitations.filter(institution__isnull=False)]
    for early in ("off", "voted"):
        refused = council.send(Kind.RANK, secrecy="secret", hide_until=early, bodies=of_the_state)
        assert refused.status_code == 422
        assert "esconde sus resultados al menos hasta que cierra" in text_of(refused), early
    assert not Poll.objects.exists()
    assert council.opened(Kind.RANK, secrecy="secret", hide_until="closed", bodies=of_the_state).secrecy == "secret"


def shown_before(client: Client, poll: Poll) -> tuple[str, str]:
    """The code that the page of a vote shows before one votes, and its form's signed one."""
    page = client.get(f"/consultation/votes/{poll.key}/").content.decode()
    (code,) = re.findall(r"<strong>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</strong>", page)
    (signed,) = re.findall(r'name="drawn" value="([^"]+)"', page)
    return str(code), str(signed)


@pytest.mark.parametrize("change", ["yes", "no"])
def test_who_loses_the_answer_to_a_secret_ballot_has_its_code_and_sends_it_again_without_voting_twice(
    world: World, change: str
) -> None:
    council, poll = secret_vote(world, change=change)
    health, labour = council.officer("MINSAL"), council.officer("MTPS")
    code, signed = shown_before(health, poll)
    assert shown_before(health, poll)[0] != code, "each page has its own, and none is kept"
    assert not Participation.objects.exists()
    wrong = council.vote(health, poll, "MINSAL", drawn=signed)
    assert wrong.status_code == 422
    assert code in wrong.content.decode(), "a ballot that was refused keeps its code"
    for _ in range(2):  # the first answer is lost on the way
        assert code_in(council.vote(health, poll, "MINSAL", approved=["A"], drawn=signed)) == code
    assert [(one.number, one.content) for one in urns.ballots_in(poll)] == [(1, {"approved": ["A"]})]
    assert Participation.objects.filter(poll=poll).count() == 1
    other = council.vote(health, poll, "MINSAL", approved=["B"], drawn=signed)
    assert other.status_code == (200 if change == "yes" else 422), "the page that was kept says something else now"
    assert urns.last_of(urns.ballots_in(poll))[0].content == {"approved": ["B" if change == "yes" else "A"]}
    taken = code_in(council.vote(labour, poll, "MTPS", approved=["A"], drawn=signed))
    assert taken != code, "the code of another ballot is nobody else's"
    assert len(urns.last_of(urns.ballots_in(poll))) == 2
    again = health.get(f"/consultation/votes/{poll.key}/").content.decode()
    assert "El código de su papeleta será" not in again
    assert ('value="cast"' in again) is (change == "yes")


def test_a_code_that_somebody_wrote_or_of_another_vote_is_not_taken(world: World) -> None:
    council, poll = secret_vote(world)
    health = council.officer("MINSAL")
    of_the_state = [str(one.key) for one in council.process.invitations.filter(institution__isnull=False)]
    other = council.opened(Kind.BUDGET, secrecy="secret", bodies=of_the_state)
    code, signed = shown_before(health, other)
    given = {code, code_in(council.vote(health, poll, "MINSAL", approved=["A"], drawn=signed))}
    forged = f"2222-2222-2222-2222:{signed.partition(':')[2]}"
    given.add(code_in(council.vote(council.officer("MTPS"), poll, "MTPS", approved=["A"], drawn=forged)))
    assert len(given) == 3
    assert "2222-2222-2222-2222" not in given


def test_drawing_a_code_stores_nothing_and_what_is_signed_is_of_nobody(world: World) -> None:
    council, poll = secret_vote(world)
    health, labour = council.officer("MINSAL"), council.officer("MTPS")
    shown_before(health, poll)
    with CaptureQueriesContext(connection) as asked:
        code, signed = shown_before(health, poll)
    written = [one["sql"] for one in asked if not one["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert not [sql for sql in written if code in sql or signed in sql]
    assert drawn_codes.code_of(poll, signed) == code
    assert signed.split(":")[0] == code, "the code and a signature, and nothing else"
    assert signed.count(":") == 1
    assert code_in(council.vote(labour, poll, "MTPS", approved=["A"], drawn=signed)) == code, "it is bound to nobody"


def test_a_code_that_is_not_found_is_not_said_to_be_not_stored(world: World) -> None:
    council, poll = secret_vote(world)
    actions.publish(by=council.held.secretariat, process=council.process, results=False, shown=True, now=timezone.now())
    page = text_of(Client().post(f"/consultation/votes/{poll.key}/receipt/", {"code": "2222-2222-2222-2222"}))
    assert "Ese código no es de esta votación" in page
    assert "No se ha guardado" not in page


def test_of_a_named_vote_there_is_no_receipt_to_check(council: Council) -> None:
    poll = council.opened(Kind.RANK)
    assert council.health.get(f"/consultation/votes/{poll.key}/receipt/").status_code == 404


def test_a_budget_states_its_rounds_its_tie_and_its_rule_of_completion(council: Council) -> None:
    poll = council.opened(Kind.BUDGET)
    council.vote(council.health, poll, "MINSAL", approved=["A", "B"])
    council.vote(council.labour, poll, "MTPS", approved=["A", "B"])
    shut(poll)
    page = text_of(read(council.secretary, poll))
    assert "A. Agua" in page
    assert "En esta ronda valía lo mismo que Teléfono: se tomó antes el que va primero en la lista." in page
    assert "Regla para completar" in page
    assert "Teléfono: 60.00 USD, 2 escaños lo apoyan" in page, "not funded, with its support"
    assert "Sin gastar 40.00 USD" in page
    pb = read(council.secretary, poll, "results.pb")
    assert pb.headers["Content-Disposition"].endswith('.pb"')
    assert "budget;100" in pb.content.decode()


def test_the_outcome_becomes_a_text_that_the_seats_then_decide_on(council: Council) -> None:
    poll = council.opened(Kind.RANK)
    council.vote(council.health, poll, "MINSAL", **rank("B", "A"))
    take = {"do": "take", "code": "D4", "kind": "commitment", "theme": ""}
    assert council.secretary.post(f"/consultation/votes/{poll.key}/", take).status_code == 404, "it is still open"
    shut(poll)
    assert council.health.post(f"/consultation/votes/{poll.key}/", take).status_code == 404, "the secretariat does"
    assert council.secretary.post(f"/consultation/votes/{poll.key}/", take).status_code == 302
    draft = Draft.objects.get()
    version = draft.versions.get()
    assert version.text_es.splitlines() == [
        "Según la votación «Qué va primero (inventada)» (1 de 3 escaños):",
        "1. Menos espera",
        "2. Ventanilla única",
        "3. Información antes",
    ]
    assert version.text_en.splitlines()[1] == "1. Less waiting"
    assert draft.state == "writing", "the vote decides nothing in its place"
    assert "D4" in text_of(council.secretary.get(f"/consultation/votes/{poll.key}/"))
    assert council.secretary.post(f"/consultation/votes/{poll.key}/", {**take, "code": "D5"}).status_code == 404


@pytest.mark.parametrize(
    ("kind", "lines", "said"),
    [
        (Kind.RANK, "Una | One", "Escriba entre 2 y 26 líneas; hay 1."),
        (Kind.RANK, "Una | One\nDos", "La línea 2 no tiene sus partes"),
        (Kind.BUDGET, "Agua | Water | 60\nLuz | Light | mucho", "El costo de la línea 2 no es un monto"),
        (Kind.BUDGET, "Agua | Water | 60\nagua | Drinking water | 30", "Dos opciones se llaman «agua»"),
        (Kind.RANK, "Agua | Water\nAgua potable | Water", "Dos opciones se llaman «Water»"),
        (Kind.BUDGET, "Agua | Water | NaN\nLuz | Light | 1", "El costo de la línea 1 no es un monto"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_stored(council: Council, kind: Kind, lines: str, said: str) -> None:
    answer = council.send(kind, options=lines)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Poll.objects.exists()


def test_the_form_sent_again_with_other_options_is_refused_and_with_the_same_it_is_one_vote(council: Council) -> None:
    token = str(uuid4())
    first = council.opened(Kind.BUDGET, token=token)
    assert council.send(Kind.BUDGET, token=token).headers["Location"] == f"/consultation/votes/{first.key}/"
    for other in (
        {"options": "Agua | Water | 60\nCamas | Beds | 40"},
        {"budget": "200"},
        {"hide_until": "off"},
        {"bodies": [str(council.held.invitation("MINSAL").key)]},
    ):
        again = council.send(Kind.BUDGET, token=token, **other)
        assert again.status_code == 422
        assert "ya se envió con otras palabras" in text_of(again)
    assert Poll.objects.count() == 1


def test_a_reservation_is_said_or_not_taken(council: Council) -> None:
    poll = council.opened(Kind.SCALE)
    refused = council.vote(council.health, poll, "MINSAL", stance="reservations", reason="")
    assert refused.status_code == 422
    assert "tiene reservas" in text_of(refused)
    assert not Ballot.objects.exists()


def test_disagreement_needs_its_reason_and_the_rule_of_the_consultation_decides(council: Council) -> None:
    poll = council.opened(Kind.SCALE)
    refused = council.vote(council.health, poll, "MINSAL", stance="block", reason=" ")
    assert refused.status_code == 422
    assert not Ballot.objects.exists()
    council.vote(council.health, poll, "MINSAL", stance="block", reason="Falta dinero (inventado).")
    council.vote(council.labour, poll, "MTPS", stance="agree")
    shut(poll)
    page = text_of(read(council.secretary, poll))
    assert "– Cerrada" in page, "its own state, and not that of the outcome"
    assert "Sin acuerdo" in page
    assert "Bloquean 1 escaño de" in page
    assert "Falta dinero (inventado)." in page


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.DOTS, {"option_A": "3", "option_B": "3"}),
        (Kind.QUADRATIC, {"option_A": "3", "option_B": "-1"}),
    ],
)
def test_who_spends_too_much_is_told_and_keeps_what_was_chosen(
    council: Council, kind: Kind, said: dict[str, str]
) -> None:
    poll = council.opened(kind)
    refused = council.vote(council.health, poll, "MINSAL", **said)
    assert refused.status_code == 422
    assert "Gastó más de lo que tiene" in text_of(refused)
    assert '<option value="3" selected' in refused.content.decode()
    assert council.vote(council.health, poll, "MINSAL", option_A="2", option_B="1").status_code == 302
    council.vote(council.labour, poll, "MTPS", option_C="1")
    shut(poll)
    page = text_of(read(council.health, poll))
    assert "1 Ventanilla única 2 1" in page
    assert "empate" in page, "B and C have one each"


def test_a_vote_is_withdrawn_until_it_opens_with_its_reason(council: Council) -> None:
    later = timezone.localtime(timezone.now() + timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M")
    poll = council.opened(Kind.RANK, opens_at=later)
    said = {"do": "withdraw", "reason_es": "Faltaba una opción.", "reason_en": "An option was missing."}
    assert council.vote(council.health, poll, "MINSAL", **rank("A")).status_code == 404, "it is not open yet"
    assert council.secretary.post(f"/consultation/votes/{poll.key}/", said).status_code == 302
    assert "Faltaba una opción." in text_of(read(council.health, poll))
    assert council.secretary.post(f"/consultation/votes/{council.opened(Kind.RANK).key}/", said).status_code == 404


@pytest.mark.parametrize("kind", list(NUMBERS))
def test_the_secretariat_sees_the_ballot_as_it_will_be_before_it_announces_it_and_before_it_opens(
    council: Council, kind: Kind
) -> None:
    seen = council.send(kind, do="look")
    assert seen.status_code == 200
    assert Poll.objects.count() == 0, "a preview announces nothing"
    later = timezone.localtime(timezone.now() + timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M")
    poll = council.opened(kind, opens_at=later)
    waiting, health = read(council.secretary, poll, ""), read(council.health, poll, "")
    assert "Así verá la papeleta quien vote" not in text_of(health)
    assert "Todavía no abre." in text_of(health)
    Poll.objects.filter(pk=poll.pk).update(opens_at=timezone.now() - timedelta(minutes=1))
    voted = controls(read(council.health, poll, ""), "")
    assert voted
    for answer in (seen, waiting):
        assert "Así verá la papeleta quien vote" in text_of(answer)
        assert controls(answer, "preview") == voted
    assert "Así verá la papeleta quien vote" not in text_of(read(council.secretary, poll, ""))


def test_a_preview_of_what_is_not_whole_says_what_is_missing(council: Council) -> None:
    answer = council.send(Kind.RANK, do="look", options="Una sola | Only one")
    assert answer.status_code == 422
    assert "Escriba entre 2 y 26 líneas; hay 1." in text_of(answer)
    assert "Así verá la papeleta quien vote" not in text_of(answer)


def said_of(council: Council) -> VoteSaid:
    """A ranking of all bodies, from now for an hour."""
    now = timezone.now()
    asks = Asks(
        kind=Kind.RANK,
        voters=Voters.SEATS,
        secrecy=Secrecy.NAMED,
        hide_until=HideUntil.CLOSED,
        title_es="Votación inventada",
        title_en="Made-up vote",
        question_es="¿Cuál?",
        question_en="Which?",
        opens_at=now,
        closes_at=now + timedelta(hours=1),
        options=[Choice("A", "Una", "One"), Choice("B", "Otra", "Other")],
    )
    return VoteSaid(asks, [one.key for one in council.process.invitations.all()])


def test_no_vote_is_opened_in_a_consultation_that_was_closed_while_its_form_was_filled_in(council: Council) -> None:
    seen, now = council.held.fresh(), timezone.now()
    actions.take_step(by=council.held.secretariat, process=council.held.fresh(), step="close", now=now)
    with pytest.raises(ConsultationRefused) as why:
        vote_actions.open_vote(by=council.held.secretariat, process=seen, said=said_of(council), now=now)
    assert why.value.code == "state"
    assert not Poll.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["closed", "opened"])
def test_closing_a_consultation_and_opening_a_vote_in_it_wait_for_each_other(world: World, first: str) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the embedded database of a test lives in memory and has one connection")
    council = Council(world)
    by, now, said = council.held.secretariat, timezone.now(), said_of(council)
    seen, other = council.held.fresh(), council.held.fresh()
    deeds: dict[str, Deed] = {
        "closed": lambda: actions.take_step(by=by, process=other, step="close", now=now),
        "opened": lambda: vote_actions.open_vote(by=by, process=seen, said=said, now=now),
    }
    held = deeds.pop(first)
    told = at_once(held, lambda: None, next(iter(deeds.values())))
    assert council.held.fresh().state == "closed"
    assert [getattr(why, "code", why) for why in told] == (["state"] if first == "closed" else [])
    assert Poll.objects.count() == (0 if first == "closed" else 1)


def test_the_desk_leads_to_the_votes_and_to_the_on_line_consultation(council: Council) -> None:
    poll = council.opened(Kind.RANK)
    desk = council.secretary.get(f"{council.work}/").content.decode()
    assert f"{council.work}/online/" in desk
    assert f"/consultation/votes/{poll.key}/" in desk
    own = council.health.get(f"{council.work}/").content.decode()
    assert f"/consultation/votes/{poll.key}/" in own
    online = make_poll(
        council.world, Kind.STATEMENTS, secrecy=Secrecy.TOKEN, voters=Voters.ATTESTED, about=council.process.key
    )
    for closes_at, said in ((timezone.now() + timedelta(days=1), "cierra"), (timezone.now(), "y cerró")):
        Poll.objects.filter(pk=online.pk).update(closes_at=closes_at)
        assert re.search(f"Abri?[eó][^.]*,? {said} ", text_of(council.secretary.get(f"{council.work}/"))), said
    assert f"{council.work}/online/" not in own
    listed = text_of(council.secretary.get(f"{council.work}/votes/"))
    assert "Abrir una votación" in listed
    assert "Abrir una votación" not in text_of(council.health.get(f"{council.work}/votes/"))


def test_the_form_of_a_scale_warns_when_the_quorum_asks_for_a_group_that_nobody_votes_for(world: World) -> None:
    consulted = Consulted(world, quorum_groups={"diaspora": 2, "government": 1})
    client = signed_in(consulted.secretariat)
    work = f"/consultation/work/{consulted.process.key}/votes/new"
    for name in ("MINSAL", "MTPS"):
        one = consulted.invitation(name)
        actions.answer_invitation(
            by=consulted.secretariat, invitation=one, reply=Reply.YES, note="", version=one.version, now=NOW
        )
    page = client.get(f"{work}/scale/").content.decode()
    assert re.search("De «[^»]*» el quórum pide 2 escaños, y quienes pueden votar tienen 0 escaños", page)
    assert page.count("el quórum pide") == 1
    assert "el quórum pide" not in client.get(f"{work}/rank/").content.decode()
    assert "hágala secreta" not in page, "two may not vote in secret"
    refused = client.post(f"{work}/scale/", announced(Kind.SCALE, consulted.process.invitations.filter(reply="yes")))
    assert refused.status_code == 422
    assert "nunca habría quórum: se piden 2 escaños y ellas tienen 0" in text_of(refused)
    assert not Poll.objects.exists()


def test_a_secret_scale_that_could_never_reach_its_quorum_is_refused_and_the_form_says_so_beforehand(
    world: World,
) -> None:
    """Five institutions of the State hold seven seats, and five in secret, where each weighs one."""
    council = Council(world, "PNC", "PGR", "GAMI", quorum_seats=6)
    council.held.process.invitations.filter(institution__code="PNC").update(seats=3)
    page = text_of(council.secretary.get(f"{council.work}/votes/new/scale/"))
    assert (
        "En secreto cada institución pesa un escaño. El quórum pide 6 escaños, y quienes pueden votar tienen 5" in page
    )
    of_the_state = [str(one.key) for one in council.process.invitations.filter(institution__isnull=False)]
    refused = council.send(Kind.SCALE, secrecy="secret", bodies=of_the_state)
    assert refused.status_code == 422
    assert "se piden 6 escaños y ellas tienen 5" in text_of(refused)
    assert not Poll.objects.exists()
    assert council.opened(Kind.SCALE, bodies=of_the_state).rules["quorum_seats"] == 6, "with names they hold seven"
    assert council.send(Kind.SCALE, bodies=of_the_state[:3]).status_code == 422, "three of them do not"


def test_whether_a_result_may_be_seen_or_taken_on_is_asked_of_the_gate_and_counts_no_ballot(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = council.opened(Kind.RANK)
    council.vote(council.health, poll, "MINSAL", **rank("A"))

    def count(_poll: Poll) -> None:
        raise AssertionError("a ballot is counted")

    monkeypatch.setattr("torogoz.shared.polls.queries.count", count)
    here = f"/consultation/votes/{poll.key}/"
    assert "Ver el resultado" not in text_of(council.secretary.get(here))
    shut(poll)
    page = text_of(council.secretary.get(here))
    assert "Ver el resultado" in page
    assert "Tomar el resultado en un texto" in page
    with pytest.raises(AssertionError, match="counted"):
        council.secretary.get(f"{here}results/")
