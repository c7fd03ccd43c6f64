"""Projects of communities of origin: checked by their municipality, money by currency, photographs seen by two."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image

from tests.world import LONG_AGO, World
from torogoz.domain.access import Role
from torogoz.domain.associations import Declaration, Step
from torogoz.domain.community_projects import FundKind, Money, ProjectRefused, Proposal, Total, progress, totals
from torogoz.domain.community_projects import Step as ProjectStep
from torogoz.exchange.readers import photographs
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.places import actions as places
from torogoz.topics.diaspora.abroad_models import Association
from torogoz.topics.diaspora.acting import NotAllowed
from torogoz.topics.diaspora.association_actions import decide_association, declare_association
from torogoz.topics.diaspora.models import Fund, Photo, Project
from torogoz.topics.diaspora.project_actions import (
    add_milestone,
    cancel_fund,
    decide_photo,
    decide_project,
    finish_milestone,
    propose_project,
    record_fund,
)

BACKEND = "django.contrib.auth.backends.ModelBackend"
WHY = {"reason_es": "La comunidad decidió otra cosa.", "reason_en": "The community decided otherwise."}
NO_WORDS = {"reason_es": "", "reason_en": ""}


@pytest.fixture(autouse=True)
def lists(request: pytest.FixtureRequest) -> None:
    if "world" in request.fixturenames:
        codelists.load()
        places.load()
        cache.clear()


def now() -> datetime:
    return datetime.now(UTC)


def officer_of_a_municipality(world: World, name: str, office: str = "CENTRE-A") -> Officer:
    """An officer of the local governments, at an office in San Salvador (A) or San Miguel (B)."""
    officer = Officer.objects.create(username=name, full_name=f"Inventada {name}")
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code="LOCAL"),
        office=world.offices[office],
        role=Role.SPECIALIST.value,
        valid_from=LONG_AGO,
    )
    return officer


def association(world: World, name: str = "Comité Inventado", *, verify: bool = True) -> tuple[Association, str]:
    said = Declaration(name, "USA", "Houston", ("es",), "Apoya a su cantón.", "es")
    stored, code = declare_association(said=said, persons="", token=uuid4(), now=now())
    if verify:
        decide_association(
            by=world.officers["consular_a"], association=stored, step=Step.VERIFY, reason="", version=1, now=now()
        )
        stored.refresh_from_db()
    return stored, code


def proposal(**changes: Any) -> Proposal:
    words: dict[str, Any] = {
        "municipality": "SV-SS-1",
        "title": "Agua para el cantón inventado",
        "need": "Sesenta familias acarrean agua.",
        "goal": "Agua por tubería en sesenta casas",
        "language": "es",
        "budget": Decimal("25000"),
        "currency": "USD",
    }
    return Proposal(**(words | changes))


def project(world: World, by: Officer, *steps: ProjectStep, **changes: Any) -> Project:
    stored = propose_project(association=association(world)[0], said=proposal(**changes), token=uuid4(), now=now())
    for step in steps:
        stored.refresh_from_db()
        stored = decide_project(by=by, project=stored, step=step, version=stored.version, now=now(), **NO_WORDS)
    return stored


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client


def picture(**saved: Any) -> bytes:
    into = io.BytesIO()
    Image.effect_noise((2000, 1000), 60).convert("RGB").save(into, saved.pop("format", "JPEG"), **saved)
    return into.getvalue()


def test_money_is_summed_by_currency_and_pledged_is_never_received() -> None:
    funds = [
        Money(FundKind.PLEDGED, Decimal("100.10"), "USD"),
        Money(FundKind.PLEDGED, Decimal("0.20"), "USD"),
        Money(FundKind.RECEIVED, Decimal("50"), "EUR"),
    ]
    assert totals(funds) == (Total("USD", Decimal("100.30"), None), Total("EUR", None, Decimal("50")))
    assert totals([]) == ()


def test_progress_is_the_weight_that_is_done_and_unknown_without_parts() -> None:
    assert progress([(3, True), (1, False)]) == Fraction(3, 4)
    assert progress([(1, False)]) == 0
    assert progress([]) is None


def test_a_photograph_is_drawn_anew_without_what_the_camera_wrote() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "TelefonoInventado"
    exif.get_ifd(0x8825)[2] = (13.0, 41.0, 30.0)  # latitude
    sent = picture(exif=exif.tobytes()) + b"hidden behind the end"
    assert b"TelefonoInventado" in sent
    made = photographs.read(sent)
    for content in (made.image, made.small):
        assert b"TelefonoInventado" not in content
        assert b"hidden" not in content
        with Image.open(io.BytesIO(content)) as again:
            assert dict(again.getexif()) == {}
    assert (made.width, made.height) == (160, 320)
    assert len(made.image) <= photographs.LARGE_BYTES
    assert len(made.small) <= photographs.SMALL_BYTES


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg onload='x'>", b"\xff\xd8\xff" + b"0" * 90, b"%PDF-1.7"])
def test_what_is_no_photograph_is_refused(content: bytes) -> None:
    with pytest.raises(photographs.NoPhotograph):
        photographs.read(content)


@pytest.mark.parametrize(("width", "height", "taken"), [(1, 1, False), (2000, 319, False), (320, 320, True)])
def test_a_photograph_on_which_nothing_could_be_seen_is_refused(width: int, height: int, taken: bool) -> None:
    into = io.BytesIO()
    Image.new("RGB", (width, height)).save(into, "PNG")
    if taken:
        assert photographs.read(into.getvalue()).width == 320
        return
    with pytest.raises(photographs.TooSmall):
        photographs.read(into.getvalue())


@pytest.mark.django_db
def test_only_a_verified_association_proposes(world: World) -> None:
    form = {
        "municipality": "SV-SS-1",
        "title": "Agua",
        "need": "Falta agua.",
        "goal": "Agua",
        "budget": "100",
        "currency": "USD",
        "language": "es",
    }
    _, waiting = association(world, verify=False)
    for code in (waiting, "K7M2P-QX4TZ"):
        refused = Client().post("/diaspora/projects/new/", form | {"code": code})
        assert refused.status_code == 422
        assert "Falta agua." in refused.content.decode()
    assert not Project.objects.exists()
    _, code = association(world)
    assert Client().post("/diaspora/projects/new/", form | {"code": code}).status_code == 200
    assert Client().post("/diaspora/projects/new/", form | {"code": code, "budget": "-1"}).status_code == 422
    assert Project.objects.get().state == "proposed"
    assert "Agua" in Client().post("/diaspora/receipt/", {"code": code}).content.decode()


@pytest.mark.django_db
def test_nothing_is_public_before_the_municipality_of_that_department_has_checked_it(world: World) -> None:
    here, elsewhere = officer_of_a_municipality(world, "a"), officer_of_a_municipality(world, "b", "CENTRE-B")
    stored = project(world, here)
    address, work = f"/diaspora/projects/{stored.key}/", f"/diaspora/desk/projects/{stored.key}/"
    assert Client().get(address).status_code == 404
    for other in (elsewhere, world.officers["consular_a"], world.officers["health_a"], world.officers["supervisor_a"]):
        assert signed_in(other).get(work).status_code == 404, other
        assert signed_in(other).post(f"{work}step/", {"step": "check", "version": "1"}).status_code == 404, other
        with pytest.raises(NotAllowed):
            decide_project(by=other, project=stored, step=ProjectStep.CHECK, version=1, now=now(), **NO_WORDS)
    assert "Agua" not in signed_in(elsewhere).get("/diaspora/desk/projects/").content.decode()
    assert signed_in(here).post(f"{work}step/", {"step": "check", "version": "1"}).status_code == 302
    assert Client().get(address).status_code == 200
    assert "Agua" in Client().get("/diaspora/projects/").content.decode()


@pytest.mark.django_db
def test_to_stop_one_must_say_why_and_it_is_published(world: World) -> None:
    here = officer_of_a_municipality(world, "a")
    stored = project(world, here, ProjectStep.CHECK)
    with pytest.raises(ProjectRefused):
        decide_project(by=here, project=stored, step=ProjectStep.STOP, version=stored.version, now=now(), **NO_WORDS)
    with pytest.raises(ProjectRefused):
        decide_project(by=here, project=stored, step=ProjectStep.FINISH, version=stored.version, now=now(), **NO_WORDS)
    decide_project(by=here, project=stored, step=ProjectStep.STOP, version=stored.version, now=now(), **WHY)
    assert WHY["reason_en"] in Client().get(f"/diaspora/projects/{stored.key}/?lang=en").content.decode()


@pytest.mark.django_db
def test_money_is_shown_by_currency_and_what_is_not_recorded_is_not_zero(world: World) -> None:
    here = officer_of_a_municipality(world, "a")
    stored = project(world, here, ProjectStep.CHECK, ProjectStep.OPEN)
    address = f"/diaspora/projects/{stored.key}/"
    assert "No se ha registrado ningún aporte" in Client().get(address).content.decode()
    given = {"giver": "Comité Inventado", "on": date(2026, 1, 2), "now": now()}
    record_fund(by=here, project=stored, kind=FundKind.PLEDGED, amount=Decimal(1500), currency="USD", **given)
    wrong = record_fund(by=here, project=stored, kind=FundKind.RECEIVED, amount=Decimal(77), currency="EUR", **given)
    page = Client().get(f"{address}?lang=en").content.decode()
    assert "1,500.00" in page
    assert "77.00" in page
    assert page.count("not recorded") == 2
    cancel_fund(by=here, project=stored, fund=wrong.key, now=now())
    assert "77.00" not in Client().get(f"{address}?lang=en").content.decode()
    assert Fund.objects.count() == 2
    for broken in ({"amount": Decimal(0)}, {"currency": "XXX"}, {"on": date(2099, 1, 1)}):
        with pytest.raises(ProjectRefused):
            record_fund(
                by=here,
                project=stored,
                kind=FundKind.PLEDGED,
                **({"amount": Decimal(1), "currency": "USD"} | given | broken),  # type: ignore[arg-type]
            )


@pytest.mark.django_db
def test_parts_tell_the_progress(world: World) -> None:
    here = officer_of_a_municipality(world, "a")
    stored = project(world, here, ProjectStep.CHECK, ProjectStep.OPEN)
    assert "el avance no se sabe" in Client().get(f"/diaspora/projects/{stored.key}/").content.decode()
    part = add_milestone(by=here, project=stored, name="Tubería", weight=3, due=None, now=now())
    add_milestone(by=here, project=stored, name="Bomba", weight=1, due=date(2027, 5, 1), now=now())
    with pytest.raises(ProjectRefused):
        finish_milestone(by=here, project=stored, milestone=part.key, on=date(2026, 1, 2), now=now())
    stored.refresh_from_db()
    decide_project(by=here, project=stored, step=ProjectStep.START, version=stored.version, now=now(), **NO_WORDS)
    finish_milestone(by=here, project=stored, milestone=part.key, on=date(2026, 1, 2), now=now())
    assert "Hecho: 75 %" in Client().get(f"/diaspora/projects/{stored.key}/").content.decode()


@pytest.mark.django_db
def test_a_photograph_is_described_and_published_by_a_second_officer(world: World) -> None:
    here, second = officer_of_a_municipality(world, "a"), officer_of_a_municipality(world, "a2")
    stored = project(world, here, ProjectStep.CHECK)
    work, public = f"/diaspora/desk/projects/{stored.key}/", f"/diaspora/projects/{stored.key}/"

    def send(**typed: str) -> int:
        file = SimpleUploadedFile("a.jpg", picture())
        return signed_in(here).post(f"{work}photo/", {"photo": file} | typed).status_code

    assert send(no_child="on") == 422
    assert send(alt_es="La bomba de agua") == 422
    assert send(alt_es="La bomba de agua", no_child="on") == 302
    photo = Photo.objects.get()
    image = f"/diaspora/photos/{photo.key}/small.jpg"
    assert Client().get(image).status_code == 404
    assert signed_in(second).get(image).status_code == 200
    with pytest.raises(ProjectRefused):
        decide_photo(by=here, project=stored, photo=photo.key, publish=True, now=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.update(state="published", decided_by=here)
    assert "La bomba" not in Client().get(public).content.decode()
    assert signed_in(second).post(f"{work}publish/", {"one": str(photo.key)}).status_code == 302
    shown = Client().get(image)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert "described in Spanish" in Client().get(f"{public}?lang=en").content.decode()
    decide_photo(by=second, project=stored, photo=photo.key, publish=False, now=now())
    photo.refresh_from_db()
    assert bytes(photo.image) == b""
    assert Client().get(image).status_code == 404


@pytest.mark.django_db
def test_the_pages_are_light_and_officers_get_their_typing_back(world: World) -> None:
    here = officer_of_a_municipality(world, "a")
    stored = project(world, here, ProjectStep.CHECK, goal_figure=Decimal(60), goal_unit="casas")
    for address in ("/diaspora/projects/", f"/diaspora/projects/{stored.key}/", "/diaspora/projects/new/"):
        page = Client().get(f"{address}?lang=en")
        assert len(page.content) < 60_000
        assert page.content.decode().count("<h1") == 1
    wrong = signed_in(here).post(
        f"/diaspora/desk/projects/{stored.key}/fund/", {"giver": "Empresa Inventada", "amount": "x", "currency": "USD"}
    )
    assert wrong.status_code == 422
    assert "Empresa Inventada" in wrong.content.decode()
    late = now() + timedelta(days=800)
    with pytest.raises(ProjectRefused):
        propose_project(association=stored.association, said=proposal(), token=uuid4(), now=late)
