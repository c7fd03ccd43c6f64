"""The on-line consultation as an old telephone asks it: no account, no script, and nothing hidden leaves."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.made_up_polls import attested, closed_with_votes, online, say
from tests.world import LONG_AGO, World
from torogoz.domain.access import Role
from torogoz.domain.consultations import ConsultationRefused
from torogoz.domain.polls import Answer, Ground, HideUntil
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.polls import online_actions
from torogoz.shared.polls.models import Asked, Attestation, Poll, Vote
from torogoz.site.demonstration.consulting import CODE as DEMONSTRATED
from torogoz.site.demonstration.voting import OPEN, STATEMENTS, load_open_votes, load_votes
from torogoz.topics.consultation.process_models import Process

pytestmark = pytest.mark.django_db

CODE = "inventada"
HERE = f"/consultation/online/{CODE}/"
SWORN = {"country": "USA", "age_group": "30-44", "sex": "", "sworn": "on"}
FILES = ["results.csv", "results.json", "files/comments.csv"]
OF_EACH = ["files/votes.csv", "files/participants-votes.csv"]


@pytest.fixture
def poll(world: World) -> Poll:
    """A published process of RREE with an open poll of three statements."""
    return online(world)


def sworn(country: str = "USA") -> Client:
    client = Client()
    answer = client.post(f"{HERE}begin/", {**SWORN, "country": country})
    assert answer.headers["Location"] == f"{HERE}code/"
    return client


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(statement|wording|turn)" value="([^"]+)"', page))


def close(poll: Poll) -> None:
    Poll.objects.filter(pk=poll.pk).update(closes_at=timezone.now() - timedelta(seconds=1))


def test_from_the_oath_to_the_last_statement_without_an_account_or_a_script(poll: Poll) -> None:
    client = sworn()
    assert set(client.cookies) <= {"torogoz-voter", "csrftoken"}, "no session, no account"
    page = client.get(f"{HERE}vote/").content.decode()
    for answer in ("agree", "disagree", "pass"):
        assert "<script" not in page
        page = client.post(f"{HERE}vote/", {**fields(page), "answer": answer}).content.decode()
    assert "Ya vio todas las frases" in page
    assert sorted(Vote.objects.values_list("value", flat=True)) == [-1, 0, 1]
    assert Attestation.objects.get().country == "USA"


def test_a_form_sent_twice_is_one_vote_and_a_changed_one_shows_what_was_said_before(poll: Poll) -> None:
    client = sworn()
    sent = {**fields(client.get(f"{HERE}vote/").content.decode()), "answer": "agree"}
    for _ in range(2):
        assert client.post(f"{HERE}vote/", sent).status_code == 200
    assert Vote.objects.count() == 1
    page = client.get(f"{HERE}vote/?statement={sent['statement']}").content.decode()
    assert "Antes dijo: De acuerdo" in page
    client.post(f"{HERE}vote/", {**fields(page), "answer": "disagree"})
    assert "En desacuerdo" in client.get(f"{HERE}mine/").content.decode()


def test_the_code_goes_on_on_another_telephone_and_a_wrong_one_does_not(poll: Poll) -> None:
    client = sworn()
    page = client.get(f"{HERE}vote/").content.decode()
    client.post(f"{HERE}vote/", {**fields(page), "answer": "agree"})
    code = re.findall(r"<strong>([0-9A-Z-]{19})</strong>", client.get(f"{HERE}code/").content.decode())[0]
    other = Client()
    assert other.post(f"{HERE}code/", {"code": code.lower().replace("-", "")}).status_code == 302
    assert "De acuerdo" in other.get(f"{HERE}mine/").content.decode()
    wrong = Client().post(f"{HERE}code/", {"code": "2222-2222-2222-2222"})
    assert wrong.status_code == 422
    assert "2222-2222-2222-2222" in wrong.content.decode(), "what was typed is shown again"


def test_a_cookie_that_somebody_wrote_is_nobody(poll: Poll) -> None:
    client = sworn()
    value = client.cookies["torogoz-voter"].value
    client.cookies["torogoz-voter"] = "2222-2222-2222-2222" + value[19:]
    assert client.get(f"{HERE}vote/").headers["Location"] == f"{HERE}begin/"


def test_without_the_oath_nothing_is_stored_and_what_was_chosen_is_shown_again(poll: Poll) -> None:
    answer = Client().post(f"{HERE}begin/", {**SWORN, "sworn": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert '<option value="USA" selected>' in page
    assert '#id_sworn">Para votar hay que declararlo.' in page, "the oath is not said again where it is missing"
    assert not Attestation.objects.exists()


def test_one_connection_cannot_swear_without_end(poll: Poll) -> None:
    Poll.objects.filter(pk=poll.pk).update(rules={"attestations_an_hour": 2})
    answers = [Client().post(f"{HERE}begin/", SWORN).status_code for _ in range(3)]
    assert answers == [302, 302, 422]
    assert Attestation.objects.count() == 2
    assert Asked.objects.get().times == 3


@pytest.mark.parametrize("hide_until", [HideUntil.CLOSED, HideUntil.PUBLISHED, HideUntil.VOTED])
def test_while_hidden_page_and_files_are_the_same_whatever_was_voted(world: World, hide_until: HideUntil) -> None:
    poll = online(world, hide_until)
    stranger = Client()

    def seen() -> list[tuple[int, str]]:
        answers = [stranger.get(f"{HERE}{name}") for name in ("results/", *FILES, *OF_EACH)]
        return [(one.status_code, re.sub(r"csrf\w+", "", one.content.decode())) for one in answers]

    before = seen()
    assert [status for status, _ in before] == [200, 404, 404, 404, 302, 302]
    for _ in range(6):
        client = sworn()
        page = client.get(f"{HERE}vote/").content.decode()
        client.post(f"{HERE}vote/", {**fields(page), "answer": "agree"})
    assert seen() == before
    secretary = Client()
    secretary.force_login(world.officers["secretariat"], backend="django.contrib.auth.backends.ModelBackend")
    assert "declararon" not in secretary.get(f"{HERE}results/").content.decode()
    assert secretary.get(f"{HERE}results.json").status_code == 404
    close(poll)
    shown = seen()
    hidden = hide_until is HideUntil.PUBLISHED
    assert [status for status, _ in shown] == [200, *([404 if hidden else 200] * 3), 302, 302]


def test_results_and_files_tell_the_same_once_it_is_closed(world: World) -> None:
    poll = online(world, statements=1)
    for country, answer in (*[("USA", "agree")] * 6, *[("CAN", "disagree")] * 5, *[("ITA", "agree")] * 2):
        client = sworn(country)
        page = client.get(f"{HERE}vote/").content.decode()
        client.post(f"{HERE}vote/", {**fields(page), "answer": answer})
    close(poll)
    page = Client().get(f"{HERE}results/").content.decode()
    assert "De acuerdo: 8" in page
    assert "Italia" not in page
    told = Client().get(f"{HERE}results.json").json()["results"]
    figures = {(one["what"], one["of"], one["group"], one["answer"]): one["value"] for one in told}
    assert figures["voted", "", "", ""] == 13
    assert figures["people", "0", "_T", "agree"] == 8
    assert not [value for (what, *_), value in figures.items() if what == "people" and value and 0 < value < 5]


def test_what_each_voter_said_is_for_the_secretariat_that_runs_the_poll_once_results_are_shown(world: World) -> None:
    poll = online(world)
    for country in ["USA"] * 6 + ["ITA"]:
        _who, code = attested(poll, country, now=timezone.now())
        for said in poll.statements.order_by("number"):
            say(poll, code, said, Answer.AGREE, now=timezone.now())
            say(poll, code, said, Answer.PASS, turn=1, now=timezone.now())
            say(poll, code, said, Answer.AGREE, turn=2, now=timezone.now())
    who = {name: Client() for name in ("secretariat", "focal_health", "ombudsman", "registrar_a")}
    for name, client in who.items():
        client.force_login(world.officers[name], backend="django.contrib.auth.backends.ModelBackend")
    who["public"] = sworn()

    def reached(name: str) -> set[str]:
        return {one for one, client in who.items() if client.get(f"{HERE}{name}").status_code == 200}

    assert [reached(name) for name in (*FILES, *OF_EACH)] == [set()] * 5
    close(poll)
    assert [reached(name) for name in FILES] == [set(who)] * 3
    assert [reached(name) for name in OF_EACH] == [{"secretariat"}] * 2
    votes = who["secretariat"].get(f"{HERE}files/votes.csv").content.decode().splitlines()
    assert len(votes) == 1 + 7 * 3, "the last of each"
    assert len({line.split(",")[0] for line in votes[1:]}) == 1, "one day stands for all times"
    assert "ITA" not in who["secretariat"].get(f"{HERE}files/participants-votes.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(Client().get(f"{HERE}files/comments.csv").content.decode())))
    assert [(row["agrees"], row["disagrees"]) for row in rows] == [("7", "0")] * 3, "changed votes are in no count"
    for name, links in (("secretariat", 3), ("public", 1)):
        assert who[name].get(f"{HERE}results/").content.decode().count(f"{HERE}files/") == links


def test_while_it_is_open_two_days_differ_by_no_count_of_few_and_no_file_is_there(world: World) -> None:
    poll = online(world, HideUntil.OFF, statements=1)
    said, yesterday = poll.statements.get(), timezone.now() - timedelta(days=1)
    Poll.objects.filter(pk=poll.pk).update(opens_at=yesterday - timedelta(days=1))
    poll.refresh_from_db()
    for voter in range(12):
        code = attested(poll, now=yesterday)[1]
        say(poll, code, said, Answer.AGREE if voter < 9 else Answer.DISAGREE, now=yesterday)
    page = Client().get(f"{HERE}results/").content.decode()
    for told in ("<strong>10</strong> o más votaron", "De acuerdo: 5 o más", "En desacuerdo: menos de 5"):
        assert told in page, told
    assert "Consenso entre grupos" not in page
    assert "Estados Unidos" not in page
    assert [Client().get(f"{HERE}{name}").status_code for name in FILES] == [404] * 3


def test_where_answers_are_hidden_so_is_every_figure_from_which_they_could_be_computed(world: World) -> None:
    """Six voters and three statements, of which four, two and none agree: the formula leads back to each."""
    poll = online(world)
    for voter in range(6):
        _who, code = attested(poll, now=timezone.now())
        for said, agree in zip(poll.statements.order_by("number"), (4, 2, 0), strict=True):
            other = Answer.DISAGREE if voter % 2 else Answer.PASS
            say(poll, code, said, Answer.AGREE if voter < agree else other, now=timezone.now())
    close(poll)
    told = Client().get(f"{HERE}results.json").json()["results"]
    assert [row["value"] for row in told if row["what"] == "people" and row["group"] == "_T"] == [6, 6, 0, 6]
    assert [row["value"] for row in told if row["what"] == "consensus"] == [None, None, 0.13]
    page = Client().get(f"{HERE}results/").content.decode()
    assert page.count("Pocas: no se publica") == 2
    assert page.index("Frase inventada número 2") < page.index("Frase inventada número 0"), "told first, then by number"
    assert "Más de acuerdo" not in page
    assert "0,63" not in page


def test_a_retired_statement_keeps_its_votes_and_its_words_are_on_no_page_and_in_no_file(world: World) -> None:
    poll = closed_with_votes(world)
    aside, *asked = poll.statements.order_by("number")
    online_actions.retire(
        by=world.officers["secretariat"],
        statement=aside,
        ground=Ground.INSULTS,
        reason_es="Insulta a una persona.",
        reason_en="It insults a person.",
        now=timezone.now(),
    )
    files = ("results/", "results.csv", "results.json", "files/comments.csv", "policy/")
    for language, words in (("es", aside.text_es), ("en", aside.text_en)):
        for name in files:
            page = Client().get(f"{HERE}{name}?lang={language}").content.decode()
            assert words not in page, name
            if name == "results/":
                assert getattr(asked[0], f"text_{language}") in page
    told = Client().get(f"{HERE}results.json").json()["results"]
    assert [one["value"] for one in told if (one["what"], one["of"], one["group"]) == ("people", "0", "_T")] == [
        6,
        0,
        0,
    ]
    rows = list(csv.DictReader(io.StringIO(Client().get(f"{HERE}files/comments.csv").content.decode())))
    assert [(one["comment-id"], one["moderated"], bool(one["comment-body"])) for one in rows] == [
        ("0", "-1", False),
        ("1", "1", True),
        ("2", "1", True),
    ]


def test_a_proposal_waits_for_the_secretariat_which_alone_reaches_its_desk(world: World, poll: Poll) -> None:
    client = sworn()
    assert client.post(f"{HERE}propose/", {"text": "Corta"}).status_code == 422
    sent = client.post(f"{HERE}propose/", {"text": "Que el consulado abra los sábados."})
    assert "espera a la secretaría" in sent.content.decode()
    desk = f"/consultation/moderation/{poll.key}/"
    for name in ("focal_health", "ombudsman", "registrar_a"):
        officer = Client()
        officer.force_login(world.officers[name], backend="django.contrib.auth.backends.ModelBackend")
        assert officer.get(desk).status_code == 404
    assert Client().get(desk).status_code == 302
    secretary = Client()
    secretary.force_login(world.officers["secretariat"], backend="django.contrib.auth.backends.ModelBackend")
    assert "Que el consulado abra los sábados." in secretary.get(desk).content.decode()
    said = poll.statements.get(proposed_by__isnull=False)
    step = f"{desk}{said.key}/refuse/"
    form = secretary.get(step).content.decode()
    assert re.search(r'<option value=""( selected)?>—</option>', form), "no ground is chosen beforehand"
    assert secretary.post(step, {"ground": "", "reason_es": "Ya está.", "reason_en": "It is."}).status_code == 422
    why = {"ground": "said_before", "reason_es": "Ya está en otra.", "reason_en": "It is in another."}
    assert secretary.post(step, {**why, "reason_en": ""}).status_code == 422
    assert secretary.post(step, why).status_code == 302
    assert "Ya está en otra." in Client().get(f"{HERE}policy/").content.decode()
    assert "It is in another." in Client().get(f"{HERE}policy/?lang=en").content.decode()


def test_the_secretariat_opens_a_consultation_once_and_others_do_not(world: World) -> None:
    poll = online(world)
    process = Process.objects.get(code=CODE)
    Poll.objects.filter(pk=poll.pk).update(withdrawn_at=timezone.now())
    secretary = Client()
    secretary.force_login(world.officers["secretariat"], backend="django.contrib.auth.backends.ModelBackend")
    here = f"/consultation/work/{process.key}/online/"
    sent = {
        "question_es": "¿Qué necesita usted?",
        "question_en": "What do you need?",
        "opens_at": "2026-12-01T08:00",
        "closes_at": "2026-11-01T08:00",
        "hide_until": "closed",
        "token": "5b1f6a7e-6d0e-4a52-9f5e-0d5b8c1f0001",
    }
    assert secretary.post(here, sent).status_code == 422
    sent["closes_at"] = "2026-12-20T08:00"
    assert secretary.post(here, sent).status_code == 302
    assert secretary.post(here, sent).status_code == 302
    assert Poll.objects.filter(about=process.key, withdrawn_at__isnull=True).count() == 1
    assert secretary.post(here, {**sent, "question_es": "¿Qué más?"}).status_code == 422
    assert secretary.post(here, {**sent, "token": "5b1f6a7e-6d0e-4a52-9f5e-0d5b8c1f0002"}).status_code == 302
    assert Poll.objects.filter(about=process.key, withdrawn_at__isnull=True).count() == 1
    assert HERE in Client().get(f"/consultation/processes/{CODE}/").content.decode()
    focal = Client()
    focal.force_login(world.officers["focal_health"], backend="django.contrib.auth.backends.ModelBackend")
    assert focal.post(here, sent).status_code == 404


def test_after_the_position_is_adopted_none_is_opened_and_the_form_says_so(world: World) -> None:
    poll = online(world)
    process = Process.objects.get(key=poll.about)
    Poll.objects.filter(pk=poll.pk).update(withdrawn_at=timezone.now())
    secretary = Client()
    secretary.force_login(world.officers["secretariat"], backend="django.contrib.auth.backends.ModelBackend")
    said = {
        "question_es": "¿Qué?",
        "question_en": "What?",
        "opens_at": "2027-01-11T08:00",
        "closes_at": "2027-01-12T08:00",
        "hide_until": "closed",
        "token": str(process.key),
    }
    opened = f"/consultation/work/{process.key}/online/"
    Process.objects.filter(pk=process.pk).update(state="adopted")
    refused = secretary.post(opened, said)
    assert refused.status_code == 422
    assert ConsultationRefused("", "over").explain("es") in refused.content.decode()
    assert Poll.objects.count() == 1
    Process.objects.filter(pk=process.pk).update(state="at_work")
    assert secretary.post(opened, said).status_code == 302


def test_an_empty_opening_is_now_and_the_public_page_leads_there(world: World) -> None:
    Poll.objects.filter(pk=online(world).pk).update(withdrawn_at=timezone.now())
    process, secretary = Process.objects.get(code=CODE), Client()
    secretary.force_login(world.officers["secretariat"], backend="django.contrib.auth.backends.ModelBackend")
    public = f"/consultation/processes/{CODE}/"
    assert HERE not in Client().get(public).content.decode()
    sent = {"question_es": "¿Qué pide?", "question_en": "What do you ask?", "hide_until": "closed"}
    more = {"opens_at": "", "closes_at": "2099-01-01T08:00", "token": "5b1f6a7e-6d0e-4a52-9f5e-0d5b8c1f0003"}
    before = timezone.now()
    assert secretary.post(f"/consultation/work/{process.key}/online/", {**sent, **more}).status_code == 302
    assert before <= Poll.objects.latest("pk").opens_at <= timezone.now()
    assert HERE in Client().get(public).content.decode()


def test_what_is_not_published_has_no_page(world: World, poll: Poll) -> None:
    Process.objects.update(published_at=None)
    for name in ("", "begin/", "code/", "vote/", "mine/", "propose/", "policy/", "results/", *FILES, *OF_EACH):
        assert Client().get(f"{HERE}{name}").status_code == 404, name


def test_pages_weigh_sixty_kilobytes_at_most_and_name_no_other_site(poll: Poll) -> None:
    client = sworn()
    for name in ("", "code/", "vote/", "mine/", "propose/", "policy/", "results/"):
        answer = client.get(f"{HERE}{name}")
        assert len(answer.content) < 42_000, name  # the style sheet has 17 kB more
        assert "<script" not in answer.content.decode()
    assert len(Client().get(f"{HERE}begin/").content) < 42_000


def test_the_demonstration_has_votes_of_made_up_people_whose_results_are_seen_and_makes_them_once(world: World) -> None:
    poll = online(world, statements=0)
    Officer.objects.create(username="secretaria", full_name="Inventada", made_up=True)
    Membership.objects.create(
        officer=Officer.objects.get(username="secretaria"),
        institution=poll.owner,
        office=world.offices["CENTRE-A"],
        role=Role.SECRETARIAT.value,
        valid_from=LONG_AGO,
    )
    Process.objects.filter(code=CODE).update(code=DEMONSTRATED)
    Poll.objects.all()._raw_delete("default")
    assert [load_votes(now=timezone.now()) for _ in range(2)] == [True, False]
    page = Client().get(f"/consultation/online/{DEMONSTRATED}/results/").content.decode()
    for said in ("inventada", "<strong>235</strong>", "Grupos de opinión", "Estabilidad", "Otros países, juntos"):
        assert said in page, said
    assert "Suecia" not in page


def test_the_demonstration_has_an_open_vote_on_made_up_statements_to_try(world: World) -> None:
    officer = Officer.objects.create(username="secretaria", full_name="Inventada", made_up=True)
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code="RREE"),
        office=world.offices["CENTRE-A"],
        role=Role.SECRETARIAT.value,
        valid_from=LONG_AGO,
    )
    codelists.load()
    assert [load_open_votes(now=timezone.now()) for _ in range(2)] == [True, False]
    where = f"/consultation/online/{OPEN}/"
    assert where in Client().get("/consultation/online/").content.decode()
    client = Client()
    assert client.post(f"{where}begin/", SWORN).headers["Location"] == f"{where}code/"
    page = client.get(f"{where}vote/").content.decode()
    assert any(spanish in page for spanish, *_ in STATEMENTS)
    client.post(f"{where}vote/", {**fields(page), "answer": "agree"})
    assert Vote.objects.filter(attestation=Attestation.objects.latest("pk")).count() == 1
    shown = client.get(where).content.decode()
    assert "inventada" in shown
    assert re.search(r"Abrió <time>[^<]+</time>, cierra <time>", shown), "what is open has opened"
