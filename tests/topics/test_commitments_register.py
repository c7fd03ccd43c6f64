"""The secretariat keeps the register: wordings in versions, links under names, institutions in succession."""

from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.test import Client

from tests.topics.test_commitment_themes import adopted
from tests.world import LONG_AGO, World
from torogoz.domain.access import Role
from torogoz.domain.positions import Both
from torogoz.domain.provisions import LinkRefused, ReasonRefused, ResponsibilityRefused, WordingRefused
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.provisions import actions as provisions
from torogoz.shared.provisions import queries, shipped
from torogoz.shared.provisions.models import Instrument, Link, Provision, ProvisionText, RefusedSuggestion
from torogoz.shared.provisions.position_actions import Part
from torogoz.site.demonstration.register import GROUND, load_register
from torogoz.topics.commitments import actions, link_queries, succession_actions
from torogoz.topics.commitments.models import Responsibility

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
BACKEND = "django.contrib.auth.backends.ModelBackend"
WHY = "porque así lo pide la prueba"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def country(world: World) -> World:
    """The made-up country with the position, and a second officer of the secretariat, posted by VMDMH."""
    cache.clear()
    codelists.load()
    shipped.load(now=NOW)
    second = Officer.objects.create(username="secretariat_b", full_name="Personal inventado (secretariat_b)")
    Membership.objects.create(
        officer=second,
        institution=Institution.objects.get(code="VMDMH"),
        office=world.offices["CENTRE-B"],
        role=Role.SECRETARIAT.value,
        valid_from=LONG_AGO,
    )
    world.officers["secretariat_b"] = second
    return world


def provision(code: str, instrument: str = "position-2017") -> Provision:
    return Provision.objects.get(instrument__code=instrument, code=code)


def signed_in(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.officers[username], backend=BACKEND)
    return client


def written(world: World, text: str = "Otras palabras, más claras.") -> ProvisionText:
    return provisions.write_wording(
        by=world.officers["secretariat"], provision=provision("T1.HR.05"), language="es", role="paraphrase", text=text,
        why=WHY, after=1, now=NOW,
    )  # fmt: skip


# Wordings


def test_a_wording_is_a_new_version_with_its_differences_by_word_and_the_flag_stays(country: World) -> None:
    client = signed_in(country, "secretariat")
    before = queries.words_of([provision("T1.HR.05")])[provision("T1.HR.05").pk].paraphrase("es")
    assert before is not None
    address = f"/commitments/provisions/{provision('T1.HR.05').key}/"
    form = client.get(f"{address}wording/?language=es&role=paraphrase")
    assert before.text in form.content.decode()
    typed = {"language": "es", "role": "paraphrase", "text": before.text + " Siempre.", "why": WHY, "after": "1"}
    assert client.post(f"{address}wording/", typed).status_code == 302
    page = Client().get(address).content.decode()
    assert "<ins> Siempre.</ins>" in page or "<ins> Siempre</ins>" in page
    assert "versión 2" in page
    assert "En tensión con T5.01" in page
    assert ProvisionText.objects.filter(provision=provision("T1.HR.05"), language="es").count() == 2
    event = AccessEvent.objects.filter(what="wording").latest("sequence")
    assert (event.officer, event.institution, event.verb) == ("secretariat", "RREE", "edit")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"why": "no"}, "Diga por qué"),
        ({"text": " "}, "Falta este dato"),
        ({"after": "0"}, "Otra persona guardó una versión más nueva"),
        ({"role": "source"}, "source"),
    ],
)
def test_a_wording_that_cannot_be_kept_is_answered_with_what_was_typed(
    country: World, change: dict[str, str], said: str
) -> None:
    typed = {"language": "es", "role": "paraphrase", "text": "Otras palabras.", "why": WHY, "after": "1"} | change
    address = f"/commitments/provisions/{provision('T1.HR.05').key}/wording/"
    answer = signed_in(country, "secretariat").post(address, typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert typed["text"].strip() in page
    assert not ProvisionText.objects.filter(version=2).exists()


def test_the_printed_wording_is_not_edited(country: World) -> None:
    with pytest.raises(WordingRefused, match="not edited"):
        provisions.write_wording(
            by=country.officers["secretariat"], provision=provision("C3.04"), language="en", role="source",
            text="Facilitate regular migration.", why=WHY, after=0, now=NOW,
        )  # fmt: skip


def test_the_same_words_are_no_new_version(country: World) -> None:
    text = ProvisionText.objects.get(provision=provision("T1.HR.05"), language="es")
    with pytest.raises(WordingRefused, match="stored already"):
        written(country, text.text)


def test_who_wrote_a_wording_does_not_validate_it_and_another_does(country: World) -> None:
    text = written(country)
    address = f"/commitments/provisions/{text.provision.key}/wording/es/paraphrase/2/validate/"
    own = signed_in(country, "secretariat").post(address, follow=True).content.decode()
    assert "la valida otra persona" in own
    assert not text.validations.exists()
    other = signed_in(country, "secretariat_b").post(address, follow=True).content.decode()
    assert "quedó validada en su nombre" in other
    validation = text.validations.get()
    assert (validation.officer.username, validation.institution.code) == ("secretariat_b", "VMDMH")
    assert (
        "Personal inventado (secretariat_b) (VMDMH)"
        in Client().get(f"/commitments/provisions/{text.provision.key}/").content.decode()
    )
    with pytest.raises(WordingRefused, match="validated this version already"):
        provisions.validate_wording(by=country.officers["secretariat_b"], text=text, now=NOW)


def test_an_older_version_is_not_validated(country: World) -> None:
    old = ProvisionText.objects.get(provision=provision("T1.HR.05"), language="es")
    written(country)
    with pytest.raises(WordingRefused, match="newer version"):
        provisions.validate_wording(by=country.officers["secretariat_b"], text=old, now=NOW)


# Links


def test_a_proposed_link_becomes_confirmed_under_a_name_and_an_ended_one_stays_in_the_history(country: World) -> None:
    found = Link.objects.get(source=provision("C1.02"), target=provision("73", "icrmw"))
    client = signed_in(country, "secretariat_b")
    assert client.post(f"/commitments/links/{found.key}/", {"why": WHY, "step": "confirm"}).status_code == 302
    found.refresh_from_db()
    assert (found.origin, found.confirmed_by) == ("confirmed", country.officers["secretariat_b"])
    address = f"/commitments/provisions/{provision('C1.02').key}/"
    page = Client().get(address).content.decode()
    assert "confirmado por una persona" in page
    assert "Personal inventado (secretariat_b)" in page
    again = client.post(f"/commitments/links/{found.key}/", {"why": WHY, "step": "confirm"})
    assert again.status_code == 422
    assert client.post(f"/commitments/links/{found.key}/", {"why": WHY, "step": "end"}).status_code == 302
    page = Client().get(address).content.decode()
    assert "Enlace terminado el" in page
    assert WHY in page
    with pytest.raises(LinkRefused, match="ended already"):
        provisions.end_link(by=country.officers["secretariat"], ended=found, why=WHY, now=NOW)


def test_an_ended_link_can_be_made_again_and_a_second_one_of_its_kind_cannot(country: World) -> None:
    by, source, target = country.officers["secretariat"], provision("C1.02"), provision("73", "icrmw")
    provisions.end_link(by=by, ended=Link.objects.get(source=source, target=target), why=WHY, now=NOW)
    client = signed_in(country, "secretariat")
    typed = {"kind": "implements", "instrument": "icrmw", "target": "73", "why": WHY}
    address = f"/commitments/provisions/{source.key}/links/"
    assert client.post(address, typed).status_code == 302
    again = client.post(address, typed)
    assert again.status_code == 422
    assert "Ese enlace ya existe" in again.content.decode()
    unknown = client.post(address, typed | {"target": "999"})
    assert "No hay ninguna disposición «999»" in unknown.content.decode()
    with pytest.raises(LinkRefused, match="not linked to itself"):
        provisions.link(by=by, source=source, target=source, kind="repeats", why=WHY, now=NOW)
    with pytest.raises(ReasonRefused):
        provisions.link(by=by, source=source, target=target, kind="narrows", why="", now=NOW)


def test_a_refused_suggestion_stays_refused_and_a_link_by_hand_is_still_possible(country: World) -> None:
    by, source, target = country.officers["secretariat"], provision("C1.02"), provision("4", "gcm")
    said = {"source": source, "target": target, "kind": "corresponds"}
    provisions.refuse_suggestion(by=by, score=0.4, why=WHY, now=NOW, **said)
    provisions.refuse_suggestion(by=country.officers["secretariat_b"], score=0.4, why="", now=NOW, **said)
    assert RefusedSuggestion.objects.get().refused_by == by
    with pytest.raises(LinkRefused, match="stays refused"):
        provisions.link(by=by, score=0.4, why=WHY, now=NOW, **said)
    assert provisions.link(by=by, why=WHY, now=NOW, **said).origin == "confirmed"


@pytest.mark.parametrize("other", ["gcm", "sdg", "position-2017"])
def test_suggestions_say_why_and_become_links_only_under_a_name(country: World, other: str) -> None:
    client, address = signed_in(country, "secretariat"), f"/commitments/register/suggestions/?with={other}"
    before = Link.objects.count()
    page = client.get(address).content.decode()
    assert "Comparten:" in page
    assert Link.objects.count() == before
    first = link_queries.suggestions(other, "es")["suggestions"][0]
    typed = {name: first[name] for name in ("kind",)} | {
        "source": first["source"].key, "target": first["target"].key, "score": first["raw"], "step": "accept",
    }  # fmt: skip
    nameless = client.post(address, typed | {"why": ""})
    assert nameless.status_code == 422
    assert "Diga por qué" in nameless.content.decode()
    assert client.post(address, typed | {"why": WHY}).status_code == 302
    made = Link.objects.get(source=first["source"], target=first["target"], kind=first["kind"])
    assert (made.origin, made.confirmed_by) == ("confirmed", country.officers["secretariat"])
    assert made.score == pytest.approx(first["score"], abs=1e-4)
    second = link_queries.suggestions(other, "es")["suggestions"][0]
    assert (second["source"], second["target"]) != (first["source"], first["target"])


def test_suggestions_come_by_pages_and_those_of_one_objective_can_be_seen_alone(country: World) -> None:
    client, address = signed_in(country, "secretariat"), "/commitments/register/suggestions/"
    whole = link_queries.suggestions("gcm", "es")
    pages = whole["page"].paginator.num_pages
    assert pages > 1
    seen = []
    for number in range(1, pages + 1):
        found = client.get(address, {"with": "gcm", "page": number}).context
        assert len(found["suggestions"]) <= link_queries.ON_A_PAGE
        seen += [(one["source"].pk, one["target"].pk) for one in found["suggestions"]]
    assert len(seen) == len(set(seen)) == whole["count"]
    assert sum(many for _code, _name, many in whole["aims"]) == whole["count"]
    code, _name, many = whole["aims"][0]
    alone = client.get(address, {"with": "gcm", "aim": code})
    assert alone.context["count"] == many
    assert {one["target"].code for one in alone.context["suggestions"]} == {code}
    assert client.get(address, {"with": "gcm", "aim": "no"}).context["count"] == whole["count"]


def test_a_new_position_is_compared_with_aims_with_the_older_one_and_with_itself(country: World) -> None:
    same = "Garantizar el acceso de las personas migrantes a la justicia y a un intérprete en su idioma"
    made = adopted(
        Part("A", "", "section", Both("Tema", "Theme")),
        Part("A1", "A", "commitment", Both(f"{same}.", "Access to justice.")),
        Part("A2", "A", "commitment", Both(f"{same}, siempre.", "Access to justice, always.")),
    )
    own = set(Provision.objects.filter(instrument=made).values_list("pk", flat=True))
    for other, targets in (("gcm", "gcm"), ("sdg", "sdg"), (made.code, made.code), (made.code, "position-2017")):
        found = list(link_queries._proposed(other))
        pairs = {(one.source, one.target, one.kind) for one in found if one.source in own}
        reached = Provision.objects.filter(pk__in=[target for _, target, _ in pairs], instrument__code=targets)
        assert reached.exists(), (other, targets)
    repeats = [one for one in link_queries._proposed(made.code) if one.kind == "repeats"]
    assert len(repeats) == 1
    assert not [one for one in link_queries._proposed("position-2017") if {one.source, one.target} & own]
    upr = Instrument.objects.create(code="upr-x", kind="recommendations", name_es="Inventado", name_en="Made up")
    asked = Provision.objects.create(instrument=upr, code="1", position=1, kind="recommendation")
    ProvisionText.objects.create(provision=asked, language="es", role="source", text=f"{same}.", written_at=NOW)
    found = {one.target for one in link_queries._proposed("upr-x")}
    assert found & own
    assert found - own
    for address in ("suggestions/", "imports/", "succession/", ""):
        page = signed_in(country, "secretariat").get(f"/commitments/register/{address}?lang=en").content.decode()
        assert "Register of commitments" in page.partition("<h1")[0]
        assert ">Record<" not in page


def test_a_refused_suggestion_is_not_made_again(country: World) -> None:
    client, address = signed_in(country, "secretariat_b"), "/commitments/register/suggestions/?with=gcm"
    found = link_queries.suggestions("gcm", "es")
    first = found["suggestions"][0]
    typed = {
        "source": first["source"].key, "target": first["target"].key, "kind": first["kind"], "score": first["raw"],
        "step": "refuse",
    }  # fmt: skip
    assert client.post(address, typed).status_code == 302
    assert RefusedSuggestion.objects.get().refused_by == country.officers["secretariat_b"]
    pairs = {(each["source"], each["target"]) for each in link_queries.suggestions("gcm", "es")["suggestions"]}
    assert (first["source"], first["target"]) not in pairs
    assert client.post(address, {"step": "accept"}).status_code == 422


# Who answers


def answers(world: World, code: str, institution: str, role: str = "lead", since: str = "2018-01-01") -> Responsibility:
    return actions.make_responsible(
        by=world.officers["secretariat"], provision=provision(code), institution=institution, role=role,
        since=date.fromisoformat(since), ground="un decreto inventado", now=NOW,
    )  # fmt: skip


def test_open_duties_of_conmigrantes_pass_to_vmdmh_and_the_old_name_stays(country: World) -> None:
    for code in ("T1.SI.02", "C1.02", "C1.03"):
        answers(country, code, "CONMIGRANTES")
    ended = answers(country, "C1.05", "CONMIGRANTES")
    actions.end_responsibility(by=country.officers["secretariat"], ended=ended, on=date(2020, 1, 1), now=NOW)
    client = signed_in(country, "secretariat_b")
    assert (
        "CONMIGRANTES → VMDMH: 3 responsabilidades abiertas, 0 informes pendientes"
        in client.get("/commitments/register/succession/").content.decode()
    )
    typed = {"institution": "CONMIGRANTES", "on": "2023-09-20", "ground": "la ley que pasó sus funciones"}
    told = client.post("/commitments/register/succession/", typed, follow=True).content.decode()
    assert "Pasó a Viceministerio de Diáspora y Movilidad Humana: 3 responsabilidades, 0 informes" in told
    page = Client().get(f"/commitments/provisions/{provision('C1.02').key}/").content.decode()
    assert "Viceministerio de Diáspora y Movilidad Humana, desde <time>2023-09-20</time>." in page
    assert "desde <time>2018-01-01</time> hasta <time>2023-09-20</time>" in page
    assert "La continúa VMDMH." in page
    ended.refresh_from_db()
    assert (ended.passed_to, ended.institution.code) == (None, "CONMIGRANTES")
    assert Responsibility.objects.filter(institution__code="VMDMH", valid_until__isnull=True).count() == 3
    with pytest.raises(ResponsibilityRefused, match="no open responsibility"):
        succession_actions.pass_on(
            by=country.officers["secretariat"], institution="CONMIGRANTES", ground=WHY, on=None, now=NOW
        )


def test_a_successor_that_only_supported_leads_from_then_on_and_one_row_stays_open(country: World) -> None:
    old, own = answers(country, "C1.02", "CONMIGRANTES"), answers(country, "C1.02", "VMDMH", "support")
    succession_actions.pass_on(
        by=country.officers["secretariat"], institution="CONMIGRANTES", ground=WHY, on=date(2023, 9, 20), now=NOW
    )
    now_open = Responsibility.objects.get(provision=provision("C1.02"), valid_until__isnull=True)
    assert (now_open.institution.code, now_open.role) == ("VMDMH", "lead")
    for row in (old, own):
        row.refresh_from_db()
        assert (row.passed_to, row.valid_until) == (now_open, date(2023, 9, 20))


def test_a_successor_that_leads_already_keeps_its_row(country: World) -> None:
    old, own = answers(country, "C1.02", "CONMIGRANTES", "support"), answers(country, "C1.02", "VMDMH")
    succession_actions.pass_on(
        by=country.officers["secretariat"], institution="CONMIGRANTES", ground=WHY, on=date(2023, 9, 20), now=NOW
    )
    old.refresh_from_db()
    own.refresh_from_db()
    assert (old.passed_to, own.valid_until, own.role) == (own, None, "lead")


def test_responsibilities_pass_on_all_or_none(country: World) -> None:
    answers(country, "C1.02", "CONMIGRANTES")
    answers(country, "C1.03", "CONMIGRANTES", since="2024-01-01")
    with pytest.raises(ResponsibilityRefused, match="end after it begins"):
        succession_actions.pass_on(
            by=country.officers["secretariat"], institution="CONMIGRANTES", ground=WHY, on=date(2023, 9, 20), now=NOW
        )
    assert not Responsibility.objects.filter(institution__code="VMDMH").exists()
    assert Responsibility.objects.filter(valid_until__isnull=True).count() == 2


def test_an_institution_answers_only_while_it_exists_and_once(country: World) -> None:
    with pytest.raises(ResponsibilityRefused, match="began to exist on 2011-03-17"):
        answers(country, "C1.02", "CONMIGRANTES", since="2010-01-01")
    with pytest.raises(ResponsibilityRefused, match="ceased to exist on 2023-12-09"):
        answers(country, "C1.02", "INSAFORP", since="2024-01-01")
    answers(country, "C1.02", "MTPS")
    with pytest.raises(ResponsibilityRefused, match="answers for this provision already"):
        answers(country, "C1.02", "MTPS", "support")
    with pytest.raises(ResponsibilityRefused, match="No successor of MTPS"):
        succession_actions.pass_on(by=country.officers["secretariat"], institution="MTPS", ground=WHY, on=None, now=NOW)


def test_where_the_end_of_an_institution_is_dated_its_responsibilities_pass_on_that_day(country: World) -> None:
    answers(country, "C1.02", "INSAFORP")
    passed = succession_actions.pass_on(
        by=country.officers["secretariat"], institution="INSAFORP", ground=WHY, on=None, now=NOW
    )
    assert (passed.successor.code, passed.count) == ("INCAF", 1)
    assert Responsibility.objects.get(institution__code="INCAF").valid_from == date(2023, 12, 9)


def test_the_demonstration_says_that_its_responsibilities_are_made_up_and_adds_them_once(country: World) -> None:
    Officer.objects.filter(username="secretariat").update(username="secretaria")
    assert load_register(now=NOW) == 10
    assert load_register(now=NOW) == 0
    assert set(Responsibility.objects.values_list("ground", flat=True)) == {GROUND}
    assert not Responsibility.objects.filter(institution__code="CONMIGRANTES", valid_until__isnull=True).exists()


# Who may


def test_officers_without_the_secretariat_find_nothing_and_change_nothing(country: World) -> None:
    key, link = provision("C1.02").key, Link.objects.filter(source=provision("C1.02"))[0]
    posts = (
        f"/commitments/provisions/{key}/wording/",
        f"/commitments/provisions/{key}/links/",
        f"/commitments/provisions/{key}/responsibilities/",
        f"/commitments/provisions/{key}/wording/es/paraphrase/1/validate/",
        f"/commitments/links/{link.key}/",
        "/commitments/register/succession/",
        "/commitments/register/suggestions/",
    )
    for username in ("focal_health", "focal_labour", "ombudsman", "statistician"):
        client = signed_in(country, username)
        assert client.get("/commitments/register/").status_code == 404
        for address in posts:
            assert client.post(address, {"why": WHY, "step": "end"}).status_code == 404, address
        assert "Añadir un enlace" not in client.get(f"/commitments/provisions/{key}/").content.decode()
    link.refresh_from_db()
    assert link.ended_at is None
    assert signed_in(country, "secretariat").get(f"/commitments/provisions/{NOBODY}/wording/").status_code == 404
    with pytest.raises(provisions.NotAllowed):
        provisions.end_link(by=country.officers["focal_health"], ended=link, why=WHY, now=NOW)


def test_the_desk_says_what_waits(country: World) -> None:
    written(country)
    answers(country, "C1.02", "CONMIGRANTES")
    page = signed_in(country, "secretariat").get("/commitments/register/").content.decode()
    assert "<strong>1</strong> redacciones sin validar" in page
    assert "<strong>194</strong> disposiciones sin institución responsable" in page
    assert "CONMIGRANTES: 1" in page
