"""The reception centre over HTTP: search, the single form, the person, the institution's own section."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.architecture.test_release_columns import identifying
from tests.world import World, everybody
from torogoz.domain.names import PersonName
from torogoz.domain.refusals import FieldsRefused
from torogoz.domain.returns import (
    AlreadyArrived,
    Answer,
    ArrivalBeforeBirth,
    ArrivalInTheFuture,
    Declaration,
    FormSentBefore,
)
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Encounter, Person, Section
from torogoz.shared.places import actions as places
from torogoz.statistics.crosstables import PERSON_KEY
from torogoz.statistics.disclosure.keys import person_keys
from torogoz.statistics.forms.shipped import current
from torogoz.statistics.indicators.tables import TABLES
from torogoz.statistics.measured_releases import OF_RETURNS
from torogoz.topics.returns import actions, queries
from torogoz.topics.returns.actions import NewPerson, record_arrival
from torogoz.topics.returns.models import Arrival

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.fixture
def country(world: World) -> World:
    """The small country with its code lists and territory."""
    codelists.load()
    places.load()
    return world


@pytest.fixture
def signed_in(country: World, client: Client) -> "SignedIn":
    return SignedIn(country, client)


class SignedIn:
    """A browser in which an officer of the small country has signed in."""

    def __init__(self, world: World, client: Client) -> None:
        self.world = world
        self.client = client

    def __call__(self, username: str) -> Client:
        self.client.force_login(self.world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
        return self.client


def typed(**changes: object) -> dict[str, object]:
    """The single form, filled in."""
    local = timezone.localtime() - timedelta(minutes=10)
    form: dict[str, object] = {
        "save": "1",
        "token": str(uuid4()),
        "given1": "Rosa",
        "given2": "Elena",
        "surname1": "Quijada",
        "surname2": "Portillo",
        "married": "",
        "aliases": "Chita\nLa Rosa",
        "birth": "1991-05",
        "sex": "F",
        "nationality": "SLV",
        "documents-TOTAL_FORMS": "3",
        "documents-INITIAL_FORMS": "0",
        "documents-0-kind": "DUI",
        "documents-0-number": "00016297-5",
        "documents-0-issuer": "SLV",
        "documents-1-issuer": "SLV",
        "documents-2-issuer": "SLV",
        "arrived_on": f"{local:%Y-%m-%d}",
        "arrived_at": f"{local:%H:%M}",
        "returned_from": "USA",
        "route": "AIR",
        "accompanied": "N",
        "origin_department": "SV-AH",
        "origin_district": "SV-AH-203",
        "destination_department": "",
        "destination_district": "",
        "reason": "ECONOMIC",
        "needs": ["FOOD", "MEDICAL"],
        "pregnant": "Y",
        "disabled": "N",
        "injured": "_U",
    }
    return form | changes


def at_centre(world: World, **changes: object) -> dict[str, object]:
    return typed(centre=str(world.offices["CENTRE-A"].pk), **changes)


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def arrived(world: World, **changes: object) -> Arrival:
    """A made-up arrival at centre A, an hour before NOW."""
    values: dict[str, object] = {
        "by": world.officers["registrar_a"],
        "person": NewPerson(
            PersonName("Rosa", "Elena", "Quijada", "Portillo"), sex="F", birth="1991-05", none_fits=everybody()
        ),
        "centre": world.offices["CENTRE-A"],
        "arrived_at": NOW - timedelta(hours=1),
        "declared": Declaration("USA", "AIR", pregnant=Answer.YES, needs=("FOOD", "PROTECTION")),
        "token": uuid4(),
        "now": NOW,
    }
    return record_arrival(**(values | changes))  # type: ignore[arg-type]


# ── The single form ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_form_stores_a_person_her_documents_and_her_arrival(signed_in: SignedIn) -> None:
    response = signed_in("registrar_a").post("/returns/new/", at_centre(signed_in.world))
    arrival = Arrival.objects.get()
    person = arrival.encounter.person
    assert response.status_code == 302
    assert response["Location"] == f"/returns/people/{person.key}/"
    assert (person.sex, person.birth, person.nationality) == ("F", "1991-05", "SLV")
    assert sorted(person.names.values_list("surname1", "alias")) == [("", "Chita"), ("", "La Rosa"), ("Quijada", "")]
    (kept,) = person.identifiers.all()
    assert (kept.kind, kept.number, kept.issuer) == ("DUI", "00016297-5", "SLV")
    assert (arrival.returned_from, arrival.route, arrival.accompanied) == ("USA", "AIR", "N")
    assert (arrival.origin_department, arrival.origin_district) == ("SV-AH", "SV-AH-203")
    assert (arrival.destination_department, arrival.destination_district) == ("", "")
    assert (arrival.reason, arrival.needs) == ("ECONOMIC", ["FOOD", "MEDICAL"])
    assert (arrival.pregnant, arrival.disabled, arrival.injured, arrival.medical_stop) == ("Y", "N", "_U", "Y")
    assert set(AccessEvent.objects.filter(verb="create").values_list("what", flat=True)) == {
        "person",
        "encounter",
        "arrival",
    }


def test_the_same_form_sent_twice_stores_one_arrival(signed_in: SignedIn) -> None:
    form = at_centre(signed_in.world)
    client = signed_in("registrar_a")
    first, second = client.post("/returns/new/", form), client.post("/returns/new/", form)
    assert first["Location"] == second["Location"]
    assert (Arrival.objects.count(), Person.objects.count(), Encounter.objects.count()) == (1, 1, 1)


def test_the_same_form_sent_twice_at_the_same_moment_stores_one_arrival(
    country: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second sending looks for the first before it is stored, and meets it only when it stores its own."""
    token = uuid4()
    first = arrived(country, token=token)
    look = actions._sent_before
    answers = iter([None])
    monkeypatch.setattr(actions, "_sent_before", lambda token, by: next(answers, look(token, by)))
    assert arrived(country, token=token) == first
    assert (Arrival.objects.count(), Person.objects.count(), Encounter.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"given1": "", "given2": "", "surname1": "", "surname2": "", "aliases": ""}, "Escriba al menos un nombre"),
        ({"birth": "17/05/1991"}, "1991-05-17"),
        ({"birth": "2031"}, "después de hoy"),
        ({"sex": ""}, "Elija una respuesta."),
        ({"returned_from": ""}, "Elija el país desde el que vuelve."),
        ({"route": ""}, "Elija si llegó por aire o por tierra."),
        ({"arrived_on": "mañana"}, "Escriba el día así"),
        ({"arrived_on": "2099-01-01"}, "Revise el día y la hora"),
        ({"arrived_on": "1990-01-01"}, "la persona nació el 1991-05-01 o después"),
        ({"documents-0-kind": ""}, "Elija de qué documento es el número."),
        ({"documents-0-number": ""}, "Escriba el número, o elija «Ninguno»"),
        ({"origin_department": "SV-LI"}, "San Lorenzo está en Ahuachapán, no en La Libertad"),
        ({"given1": "R0sa"}, "«R0sa» tiene «0»"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_typed_is_lost(
    signed_in: SignedIn, changes: dict[str, object], message: str
) -> None:
    form = at_centre(signed_in.world, **changes)
    page = text_of(signed_in("registrar_a").post("/returns/new/", form))
    assert message in page
    assert 'class="summary"' in page
    assert Person.objects.count() == 0
    for field in ("given1", "surname1", "birth", "documents-0-number", "arrived_on", "token"):
        if form[field]:
            assert f'name="{field}" value="{form[field]}"' in page, field
    assert "Chita\nLa Rosa</textarea>" in page or not form["aliases"]
    district = "SV-AH-A203" if form["arrived_on"] == "1990-01-01" else "SV-AH-203"
    assert f'<option value="{district}" selected>San Lorenzo</option>' in page
    assert page.count(" checked") >= 7 - sum(not form[radio] for radio in ("sex", "route"))


def test_a_wrong_check_digit_is_doubted_once_and_kept_when_confirmed(signed_in: SignedIn) -> None:
    client = signed_in("registrar_a")
    form = at_centre(signed_in.world, **{"documents-0-number": "00016297-4"})
    page = text_of(client.post("/returns/new/", form))
    assert "La última cifra de este DUI debería ser 5" in page
    assert 'name="documents-0-confirmed" id="id_documents-0-confirmed" value="000162974"' in page
    assert client.post("/returns/new/", form | {"documents-0-confirmed": "000162974"}).status_code == 302
    assert Person.objects.get().identifiers.get().number == "00016297-4"


def test_a_confirmation_holds_for_the_number_that_was_shown_and_no_other(signed_in: SignedIn) -> None:
    form = at_centre(signed_in.world, **{"documents-0-number": "00016297-3", "documents-0-confirmed": "000162974"})
    assert "debería ser 5" in text_of(signed_in("registrar_a").post("/returns/new/", form))
    assert Person.objects.count() == 0


@pytest.mark.parametrize("who", [{"sex": "M"}, {"birth": "2024-01"}, {"birth": "1950"}])
def test_a_doubtful_pregnancy_is_asked_again_and_kept_when_it_is_so(
    signed_in: SignedIn, who: dict[str, object]
) -> None:
    client = signed_in("registrar_a")
    form = at_centre(signed_in.world, **who)
    page = text_of(client.post("/returns/new/", form))
    assert "el sexo o la edad anotados lo hacen dudoso" in page
    assert 'name="pregnant_sure"' in page
    assert Person.objects.count() == 0
    assert client.post("/returns/new/", form | {"pregnant_sure": "on"}).status_code == 302
    assert Arrival.objects.get().pregnant == "Y"


def test_the_pregnancy_of_somebody_known_is_doubted_by_what_is_known(signed_in: SignedIn) -> None:
    client = signed_in("registrar_a")
    client.post("/returns/new/", at_centre(signed_in.world, sex="M", pregnant="N"))
    page = f"/returns/people/{Person.objects.get().key}/arrival/"
    again = at_centre(signed_in.world)
    assert "lo hacen dudoso" in text_of(client.post(page, again))
    assert client.post(page, again | {"pregnant_sure": "on"}).status_code in (200, 302)


@pytest.mark.parametrize("part", ["given1", "surname1", "aliases"])
def test_a_name_too_long_is_not_said_to_be_missing(signed_in: SignedIn, part: str) -> None:
    nameless = dict.fromkeys(("given1", "given2", "surname1", "surname2", "aliases"), "")
    page = text_of(
        signed_in("registrar_a").post("/returns/new/", at_centre(signed_in.world, **nameless | {part: "a" * 700}))
    )
    assert "Es muy largo" in page
    assert "Escriba al menos un nombre" not in page


def test_a_district_gives_its_department(signed_in: SignedIn) -> None:
    form = at_centre(signed_in.world, origin_department="", origin_district="SV-SV-104")
    signed_in("registrar_a").post("/returns/new/", form)
    arrival = Arrival.objects.get()
    assert (arrival.origin_department, arrival.origin_district) == ("SV-SV", "SV-SV-104")


def test_the_territory_is_that_of_the_day_of_arrival(signed_in: SignedIn) -> None:
    """Before May 2024 San Lorenzo was a municipality; the code of one side is understood on the other."""
    client = signed_in("registrar_a")
    client.post("/returns/new/", at_centre(signed_in.world, arrived_on="2024-04-30"))
    assert Arrival.objects.get().origin_district == "SV-AH-A203"
    page = text_of(client.post("/returns/new/", at_centre(signed_in.world, arrived_on="2024-04-30", sex="")))
    assert '<option value="SV-AH-A203" selected>San Lorenzo</option>' in page


def test_the_name_of_before_the_reform_finds_the_district_of_today(signed_in: SignedIn) -> None:
    page = text_of(signed_in("registrar_a").get("/returns/new/"))
    assert "Santa Tecla (antes Nueva San Salvador)" in page


def test_a_form_written_over_and_sent_again_is_refused_and_kept_as_another_arrival(signed_in: SignedIn) -> None:
    """An officer goes back in the browser and types the next person over the last one."""
    client, token = signed_in("registrar_a"), str(uuid4())
    client.post("/returns/new/", at_centre(signed_in.world, token=token))
    over = at_centre(signed_in.world, token=token, given1="Blanca", birth="1975")
    response = client.post("/returns/new/", over)
    assert response.status_code == 200
    assert "ya se guardó antes" in text_of(response)
    assert Arrival.objects.count() == 1
    assert 'value="Blanca"' in text_of(response)
    renewed = re.search(r'name="token" value="([^"]+)"', text_of(response))
    assert renewed is not None
    assert renewed[1] != token
    alike = " ".join(map(str, everybody()))
    assert client.post("/returns/new/", over | {"token": renewed[1], "none_fits": alike}).status_code == 302
    assert Arrival.objects.count() == 2


def test_the_token_of_another_officers_form_is_refused_and_shows_nothing_of_it(country: World) -> None:
    token = uuid4()
    arrived(country, token=token)
    with pytest.raises(FormSentBefore):
        arrived(country, token=token, by=country.officers["registrar_b"], centre=country.offices["CENTRE-B"])
    assert Arrival.objects.count() == 1


def test_the_number_of_documents_is_not_for_the_form_to_say(signed_in: SignedIn) -> None:
    client = signed_in("registrar_a")
    for claimed in ("", "x", "5000", "-1"):
        sent = at_centre(signed_in.world, **{"documents-TOTAL_FORMS": claimed})
        alike = " ".join(map(str, everybody()))
        assert client.post("/returns/new/", sent | {"none_fits": alike}).status_code == 302, claimed


@pytest.mark.parametrize("day", ["0026-11-20", "1950-01-01"])
def test_an_arrival_of_long_ago_is_refused_beside_its_field(signed_in: SignedIn, day: str) -> None:
    response = signed_in("registrar_a").post("/returns/new/", at_centre(signed_in.world, arrived_on=day, birth=""))
    assert "hace más de cinco años" in text_of(response)
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "nothing"])
def test_any_day_in_the_address_gives_a_list(signed_in: SignedIn, day: str) -> None:
    assert signed_in("registrar_a").get(f"/returns/?day={day}").status_code == 200


# ── Refusals of the action ──────────────────────────────────────────────────────────────────────────────────────


def test_an_arrival_cannot_be_in_the_future(country: World) -> None:
    with pytest.raises(ArrivalInTheFuture):
        arrived(country, arrived_at=NOW + timedelta(minutes=1))
    assert Person.objects.count() == 0


def test_a_person_cannot_arrive_before_birth(country: World) -> None:
    with pytest.raises(ArrivalBeforeBirth):
        arrived(country, arrived_at=datetime(1991, 4, 30, 12, tzinfo=UTC))


def test_a_person_arrives_once_a_day_in_the_countrys_own_time(country: World) -> None:
    """20:00 UTC of the day before is 14:00 of the day before in El Salvador; 05:00 UTC is still that day."""
    first = arrived(country, arrived_at=datetime(2026, 11, 19, 20, tzinfo=UTC))
    person = first.encounter.person
    with pytest.raises(AlreadyArrived):
        arrived(country, person=person, arrived_at=datetime(2026, 11, 20, 5, tzinfo=UTC))
    arrived(country, person=person, arrived_at=datetime(2026, 11, 20, 7, tzinfo=UTC))
    assert Arrival.objects.count() == 2


def test_an_officer_who_does_not_register_records_no_arrival(country: World) -> None:
    for username in ("health_a", "police_a", "logistics_a", "statistician", "registrar_b"):
        with pytest.raises(NotAllowed):
            arrived(country, by=country.officers[username])
    assert (Person.objects.count(), Arrival.objects.count()) == (0, 0)


def test_a_refused_detail_leaves_nothing_behind(country: World) -> None:
    with pytest.raises(FieldsRefused):
        arrived(country, person=NewPerson(PersonName(), none_fits=everybody()))
    assert Person.objects.count() == 0


# ── The list of the day ─────────────────────────────────────────────────────────────────────────────────────────


def today(world: World, **changes: object) -> Arrival:
    now = timezone.now()
    return arrived(world, arrived_at=now, now=now, **changes)


def test_the_list_shows_who_arrived_at_the_own_centre_and_nobody_else(signed_in: SignedIn) -> None:
    today(signed_in.world)
    today(
        signed_in.world,
        by=signed_in.world.officers["registrar_b"],
        centre=signed_in.world.offices["CENTRE-B"],
        person=NewPerson(PersonName("Ausente", surname1="Lejana"), none_fits=everybody()),
    )
    page = text_of(signed_in("registrar_a").get("/returns/"))
    for named in ("Hora", "Persona", "Parada médica", "De dónde vuelve", "A dónde va", "Necesita"):
        assert f'data-label="{named}"' in page, "on a telephone each fact has its name beside it"
    assert "Rosa Elena Quijada Portillo" in page
    assert "Ausente" not in page
    assert "1 llegada, la más reciente primero." in page
    event = AccessEvent.objects.get(verb="list")
    assert event.subjects == [str(Person.objects.get(names__given1="Rosa").key)]


def test_logistics_sees_names_and_what_to_do_and_nothing_of_the_person(signed_in: SignedIn) -> None:
    today(signed_in.world)
    page = text_of(signed_in("logistics_a").get("/returns/"))
    assert "Rosa Elena Quijada Portillo" in page
    assert "Obligatoria" in page
    assert "Alimentación" in page
    for hidden in ("Estados Unidos", "embarazo", "Mujer", "35 años", "Hablar en privado"):
        assert hidden not in page, hidden


def test_the_police_see_neither_the_journey_nor_the_medical_stop(signed_in: SignedIn) -> None:
    arrival = today(signed_in.world)
    client = signed_in("police_a")
    for address in ("/returns/", f"/returns/people/{arrival.encounter.person.key}/"):
        page = text_of(client.get(address))
        assert "Mujer" in page
        for hidden in (
            "bligatoria",
            "Parada médica",
            "Estados Unidos",
            "mbarazo",
            "Hablar en privado",
            "Motivo de la salida",
        ):
            assert hidden not in page, hidden


def test_a_statistician_is_told_why_there_is_nobody(signed_in: SignedIn) -> None:
    today(signed_in.world)
    page = text_of(signed_in("statistician").get("/returns/"))
    assert "Rosa" not in page
    assert "Su función no trabaja con personas" in page


@pytest.mark.parametrize("day", ["2026-02-30", "hoy", "2999-01-01"])
def test_an_address_with_no_day_shows_today(signed_in: SignedIn, day: str) -> None:
    assert "Llegadas de hoy" in text_of(signed_in("registrar_a").get("/returns/", {"day": day}))


# ── Search before create ────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_is_found_in_any_order_without_accents_and_the_search_is_recorded(signed_in: SignedIn) -> None:
    arrival = today(
        signed_in.world,
        person=NewPerson(PersonName("José", "María", "Muñóz", "Peña"), birth="1980", none_fits=everybody()),
    )
    page = text_of(signed_in("registrar_a").post("/returns/search/", {"text": "munoz jose"}))
    assert "José María Muñóz Peña" in page
    assert f"/returns/people/{arrival.encounter.person.key}/arrival/" in page
    event = AccessEvent.objects.get(verb="search")
    assert event.subjects == [str(arrival.encounter.person.key)]
    assert "munoz" not in event.path


def test_a_search_without_a_result_carries_what_was_typed_into_the_form(signed_in: SignedIn) -> None:
    client = signed_in("registrar_a")
    sought = {"text": "Ana Luz Cea Rubio", "document": "00016297-5", "birth_year": "1987"}
    assert "Registrar a una persona nueva" in text_of(client.post("/returns/search/", sought))
    page = text_of(client.post("/returns/new/", sought))
    for field, value in {
        "given1": "Ana",
        "given2": "Luz",
        "surname1": "Cea",
        "surname2": "Rubio",
        "birth": "1987",
        "documents-0-number": "00016297-5",
    }.items():
        assert f'name="{field}" value="{value}"' in page
    assert 'class="summary"' not in page


def test_a_search_never_goes_into_the_address_or_a_cache(signed_in: SignedIn) -> None:
    client = signed_in("registrar_a")
    page = client.get("/returns/search/", {"text": "Rosa"})
    assert 'value="Rosa"' not in text_of(page)
    assert "no-store" in client.post("/returns/search/", {"text": "Rosa"})["Cache-Control"]


def test_a_search_needs_a_name_or_a_document(signed_in: SignedIn) -> None:
    page = text_of(signed_in("registrar_a").post("/returns/search/", {"birth_year": "1987"}))
    assert "Escriba al menos un nombre o un número de documento." in page


def test_a_known_person_is_not_asked_again_who_she_is(signed_in: SignedIn) -> None:
    person = arrived(signed_in.world).encounter.person
    client = signed_in("registrar_a")
    address = f"/returns/people/{person.key}/arrival/"
    page = text_of(client.get(address))
    assert "Rosa Elena Quijada Portillo" in page
    assert 'name="given1"' not in page
    assert client.post(address, at_centre(signed_in.world)).status_code == 302
    assert (Person.objects.count(), Arrival.objects.count()) == (1, 2)
    again = text_of(client.post(address, at_centre(signed_in.world)))
    assert "ya tiene una llegada registrada" in again
    assert Arrival.objects.count() == 2


@pytest.mark.parametrize("username", ["health_a", "police_a", "logistics_a", "statistician", "data_protection"])
def test_who_does_not_register_finds_no_form_and_the_attempt_is_recorded(signed_in: SignedIn, username: str) -> None:
    assert signed_in(username).get("/returns/new/").status_code == 404
    event = AccessEvent.objects.get(verb="create")
    assert (event.officer, event.allowed) == (username, False)


# ── The person and the own section ──────────────────────────────────────────────────────────────────────────────

HEALTH = {"symptoms": ["FEVER"], "care": "TREATED", "expected_version": "0"}


def test_another_institution_reads_what_is_known_and_adds_only_its_own_section(signed_in: SignedIn) -> None:
    person = today(signed_in.world).encounter.person
    client = signed_in("health_a")
    page = text_of(client.get(f"/returns/people/{person.key}/"))
    assert "Agregar: Atención médica" in page
    assert page.count("Agregar:") == 1
    assert "embarazo" in page
    address = f"/returns/people/{person.key}/sections/health/"
    page = text_of(client.get(address))
    assert "no lo pregunte otra vez" in page
    assert "<dt>Embarazo</dt><dd>Sí</dd>" in page
    assert client.post(address, HEALTH).status_code == 302
    section = Section.objects.get()
    assert (section.code, section.institution.code, section.answers["symptoms"]) == ("health", "MINSAL", ["FEVER"])
    page = text_of(client.get(f"/returns/people/{person.key}/"))
    assert "Fiebre" in page
    assert "Personal inventado (health_a)" in page


@pytest.mark.parametrize("username", ["police_a", "registrar_a", "logistics_a", "labour_a", "health_b", "statistician"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_section_that_the_protocol_denies_is_not_found_and_the_attempt_is_recorded(
    signed_in: SignedIn, username: str, method: str
) -> None:
    person = today(signed_in.world).encounter.person
    ask = getattr(signed_in(username), method)
    denied = ask(f"/returns/people/{person.key}/sections/health/", HEALTH)
    nowhere = ask(f"/returns/people/{uuid4()}/sections/health/", HEALTH)
    assert (denied.status_code, nowhere.status_code) == (404, 404)
    event = AccessEvent.objects.filter(officer=username, what="section").order_by("sequence")[0]
    assert (event.allowed, event.subjects, event.sections) == (False, [str(person.key)], ["health"])
    assert Section.objects.count() == 0


def test_a_person_of_another_centre_is_not_found(signed_in: SignedIn) -> None:
    person = today(signed_in.world).encounter.person
    client = signed_in("health_b")
    for address in (f"/returns/people/{person.key}/", f"/returns/people/{person.key}/arrival/"):
        assert client.get(address).status_code == 404
    assert AccessEvent.objects.filter(officer="health_b", allowed=False).count() == 2


def test_the_page_of_a_person_is_one_event_that_names_what_it_disclosed(signed_in: SignedIn) -> None:
    person = today(signed_in.world).encounter.person
    signed_in.world.section(person, "health", by="health_a", answers={"symptoms": ["FEVER"]})
    signed_in("health_a").get(f"/returns/people/{person.key}/")
    event = AccessEvent.objects.get(officer="health_a")
    assert (event.verb, event.what, event.allowed) == ("view", "person", True)
    assert event.subjects == [str(person.key)]
    assert set(event.sections) == {"identity", "health", "migration", "arrival_health"}


@pytest.mark.parametrize(
    ("username", "sections"),
    [("registrar_a", {"identity", "migration", "arrival_health"}), ("police_a", {"identity"}), ("logistics_a", set())],
)
def test_the_list_of_arrivals_is_recorded_with_what_it_showed_of_them(
    signed_in: SignedIn, username: str, sections: set[str]
) -> None:
    today(signed_in.world)
    signed_in(username).get("/returns/")
    assert set(AccessEvent.objects.get(verb="list").sections) == sections


def test_a_section_to_fill_in_is_recorded_with_what_stood_above_it(signed_in: SignedIn) -> None:
    person = today(signed_in.world).encounter.person
    signed_in("health_a").get(f"/returns/people/{person.key}/sections/health/")
    assert set(AccessEvent.objects.get(what="section").sections) == {"identity", "health", "arrival_health"}


def test_a_name_in_the_address_of_a_section_does_not_enter_the_record(signed_in: SignedIn) -> None:
    person = today(signed_in.world).encounter.person
    assert signed_in("police_a").get(f"/returns/people/{person.key}/sections/rosa-quijada/").status_code == 404
    assert not AccessEvent.objects.filter(path__contains="quijada").exists()


def test_two_who_write_one_section_lose_nothing(signed_in: SignedIn) -> None:
    person = today(signed_in.world).encounter.person
    client = signed_in("health_a")
    address = f"/returns/people/{person.key}/sections/health/"
    client.post(address, {**HEALTH, "health_note": "primera nota"})
    response = client.post(address, {**HEALTH, "health_note": "segunda nota"})
    page = text_of(response)
    assert response.status_code == 409
    assert "primera nota" in page
    assert "segunda nota</textarea>" in page
    assert 'name="expected_version" value="1"' in page
    assert client.post(address, {**HEALTH, "health_note": "segunda nota", "expected_version": "1"}).status_code == 302
    assert Section.objects.get().answers["health_note"] == "segunda nota"


def test_a_section_begun_for_one_arrival_is_never_stored_with_another(signed_in: SignedIn) -> None:
    first = arrived(signed_in.world).encounter
    client = signed_in("health_a")
    address = f"/returns/people/{first.person.key}/sections/health/"
    mine = {**HEALTH, "health_note": "lo escrito", "encounter": str(first.key)}
    assert f'value="{first.key}"' in text_of(client.get(address))
    newer = today(signed_in.world, person=first.person).encounter
    page = text_of(client.post(address, mine))
    assert "se registró otra llegada" in page
    assert "lo escrito</textarea>" in page
    assert f'value="{newer.key}"' in page
    assert not Section.objects.exists()
    assert client.post(address, {**mine, "encounter": str(newer.key)}).status_code == 302
    assert Section.objects.get().encounter == newer


def test_a_wrong_answer_of_a_section_is_named_and_kept(signed_in: SignedIn) -> None:
    person = today(signed_in.world).encounter.person
    address = f"/returns/people/{person.key}/sections/health/"
    page = text_of(signed_in("health_a").post(address, {"expected_version": "0", "health_note": "lo escrito"}))
    assert "Falta responder" in page
    assert "lo escrito</textarea>" in page
    assert Section.objects.count() == 0


# ── The switch of language in the middle of a form ──────────────────────────────────────────────────────────────


def switch(client: Client, address: str, form: dict[str, object], language: str = "en") -> str:
    """What the switch of the form sends, as a browser does; the page that comes back."""
    sent = urlencode({**form, "switch_language": language}, doseq=True)
    response = client.post(address, sent, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {200, 409}
    return text_of(response)


@pytest.mark.parametrize(("language", "word"), [("en", ">United States"), ("es", ">Estados Unidos")])
def test_the_switch_keeps_what_was_typed_and_saves_nothing_though_the_button_to_save_be_named(
    signed_in: SignedIn, language: str, word: str
) -> None:
    client = signed_in("registrar_a")
    client.cookies["django_language"] = "es" if language == "en" else "en"
    form = at_centre(signed_in.world)
    page = switch(client, "/returns/new/", form, language)
    assert f'<html lang="{language}"' in page
    assert word in page
    assert 'class="summary"' not in page
    for field in ("given1", "surname1", "birth", "documents-0-number", "arrived_on", "arrived_at", "token"):
        assert f'name="{field}" value="{form[field]}"' in page, field
    assert "Chita\nLa Rosa</textarea>" in page
    assert '<option value="SV-AH-203" selected>' in page
    assert page.count(" checked") >= 8
    assert not AccessEvent.objects.filter(verb__in=["create", "edit"]).exists()
    assert (Person.objects.count(), Arrival.objects.count()) == (0, 0)
    assert client.post("/returns/new/", form).status_code == 302


def test_the_switch_asks_for_nothing_that_is_not_answered_yet_and_says_what_is_wrong(signed_in: SignedIn) -> None:
    client = signed_in("registrar_a")
    begun = {"token": str(uuid4()), "given1": "Rosa"}
    assert 'class="error"' not in switch(client, "/returns/new/", begun)
    wrong = {**begun, "documents-0-kind": "DUI", "documents-0-number": "00016297-4"}
    page = switch(client, "/returns/new/", wrong)
    assert page.count('class="error"') == 1
    assert 'name="documents-0-confirmed"' in page


@pytest.mark.parametrize("language", ["xx", ""])
def test_a_switch_to_no_language_saves_nothing_either(signed_in: SignedIn, language: str) -> None:
    page = switch(signed_in("registrar_a"), "/returns/new/", at_centre(signed_in.world), language)
    assert '<html lang="es"' in page
    assert not Person.objects.exists()


def test_the_switch_in_the_arrival_of_somebody_known_keeps_it_and_stores_no_arrival(signed_in: SignedIn) -> None:
    person = arrived(signed_in.world).encounter.person
    before = AccessEvent.objects.filter(verb="create").count()
    page = switch(signed_in("registrar_a"), f"/returns/people/{person.key}/arrival/", at_centre(signed_in.world))
    assert '<html lang="en"' in page
    assert '<option value="USA" selected>' in page
    assert Arrival.objects.count() == 1
    assert AccessEvent.objects.filter(verb="create").count() == before


def test_the_switch_in_a_section_keeps_the_answers_and_stores_none(signed_in: SignedIn) -> None:
    person = today(signed_in.world).encounter.person
    client = signed_in("health_a")
    address = f"/returns/people/{person.key}/sections/health/"
    page = switch(client, address, {**HEALTH, "save": "1", "health_note": "lo escrito"})
    assert '<html lang="en"' in page
    assert "lo escrito</textarea>" in page
    assert page.count(" checked") == 2
    assert not Section.objects.exists()
    assert set(AccessEvent.objects.filter(officer="health_a").values_list("verb", flat=True)) == {"view"}


def test_the_switch_keeps_the_comparison_of_two_who_wrote_one_section(signed_in: SignedIn) -> None:
    person = today(signed_in.world).encounter.person
    client = signed_in("health_a")
    address = f"/returns/people/{person.key}/sections/health/"
    client.post(address, {**HEALTH, "health_note": "primera nota"})
    mine = {**HEALTH, "health_note": "segunda nota"}
    assert 'name="compared"' in text_of(client.post(address, mine))
    page = switch(client, address, {**mine, "expected_version": "1", "compared": "1"})
    assert "primera nota" in page
    assert "segunda nota</textarea>" in page
    assert Section.objects.get().answers["health_note"] == "primera nota"


def test_the_switch_in_a_search_keeps_what_was_typed_and_searches_nobody(signed_in: SignedIn) -> None:
    today(signed_in.world)
    page = switch(signed_in("registrar_a"), "/returns/search/", {"text": "Quijada", "birth_year": "1991"})
    assert 'name="text" value="Quijada"' in page
    assert 'name="birth_year" value="1991"' in page
    assert "Rosa" not in page
    assert not AccessEvent.objects.filter(verb="search").exists()


@pytest.mark.parametrize("address", ["/returns/new/", "/returns/search/"])
def test_the_switch_belongs_to_the_form_and_is_not_what_enter_presses(signed_in: SignedIn, address: str) -> None:
    page = text_of(signed_in("registrar_a").get(address))
    assert page.count('id="work"') == 1
    buttons = re.findall(r'<button[^>]* form="work" name="(\w+)"', page)
    assert buttons == ["save", "switch_language"]
    assert 'action="/language/"' not in page


# ── The door to statistics ──────────────────────────────────────────────────────────────────────────────────────


def test_only_what_happened_and_was_recorded_before_the_cut_off_is_counted(country: World) -> None:
    arrived(country, arrived_at=datetime(2026, 3, 1, 3, tzinfo=UTC), now=datetime(2026, 3, 2, tzinfo=UTC))
    arrived(
        country,
        arrived_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
        now=datetime(2026, 4, 2, tzinfo=UTC),
        person=NewPerson(PersonName("Tarde", surname1="Anotada"), none_fits=everybody()),
    )
    frame = queries.arrival_cells(datetime(2026, 4, 1, tzinfo=UTC))
    assert frame.rows(named=True) == [
        {
            "TIME_PERIOD": "2026-02",  # 21:00 of 28 February in El Salvador
            "SEX": "F",
            "age": 34,
            "AGE": "Y30T34",
            "COUNTERPART_AREA": "USA",
            "MODE": "AIR",
            "ACCOMPANIED": "_U",
            "ORIGIN": "_U",
            "REF_AREA": "_U",
            "REASON": "_U",
            "NATIONALITY": "_U",
        }
    ]
    assert queries.arrival_cells(datetime(2026, 5, 1, tzinfo=UTC)).height == 2


def test_a_person_who_returns_twice_has_one_key_and_no_key_leaves_without_the_secret(country: World) -> None:
    first = arrived(country, arrived_at=datetime(2026, 3, 1, 3, tzinfo=UTC), now=datetime(2026, 3, 2, tzinfo=UTC))
    arrived(
        country,
        arrived_at=datetime(2026, 3, 9, 3, tzinfo=UTC),
        now=datetime(2026, 3, 10, tzinfo=UTC),
        person=first.encounter.person,
    )
    cut_off, secret = datetime(2026, 4, 1, tzinfo=UTC), b"a made-up secret of the tests, long enough"
    assert PERSON_KEY not in queries.arrival_cells(cut_off).columns
    keys = queries.arrival_cells(cut_off, secret)[PERSON_KEY].to_list()
    assert len(keys) == 2
    assert keys[0] == keys[1] == int(person_keys([str(first.encounter.person.key)], secret)[0])


def test_an_empty_register_gives_an_empty_frame(country: World) -> None:
    assert queries.arrival_cells(NOW).height == 0
    assert queries.arrival_cells(NOW, b"a made-up secret of the tests, long enough").height == 0


def test_the_door_to_measures_gives_rows_by_fact_table_without_a_name_a_day_or_a_key(world: World) -> None:
    person = world.person("ana", office="CENTRE-A", by="registrar_a")
    rows = queries.person_rows(timezone.now() + timedelta(days=1))
    assert {*OF_RETURNS, "section_reuse", *(f"section_{form.code}" for form in current())} == set(rows)
    for name, frame in rows.items():
        assert set(frame.columns) <= set(TABLES[name].columns), name
        named = {column.lower() for column in frame.columns} - {"person"}  # a number of this frame alone
        assert not named & identifying()
        assert str(person.key) not in frame.write_csv()
