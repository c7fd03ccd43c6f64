"""What links the made-up country with those abroad: associations, mobile consulates, projects, a round. All made up."""

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from torogoz.domain.associations import Declaration, Step
from torogoz.domain.community_projects import FundKind, Proposal
from torogoz.domain.community_projects import Step as ProjectStep
from torogoz.domain.mobile_consulates import Day, Service
from torogoz.domain.skills import Field
from torogoz.shared.institutions.models import Officer
from torogoz.shared.places.queries import municipalities
from torogoz.topics.diaspora.abroad_models import Association
from torogoz.topics.diaspora.association_actions import decide_association, declare_association
from torogoz.topics.diaspora.consulate_actions import announce_day, cancel_day
from torogoz.topics.diaspora.models import Project
from torogoz.topics.diaspora.project_actions import (
    add_milestone,
    add_photo,
    decide_photo,
    decide_project,
    finish_milestone,
    propose_project,
    record_fund,
    tell,
)
from torogoz.topics.diaspora.round_actions import RoundSaid, open_round
from torogoz.topics.diaspora.skill_actions import ask_for_skill, offer_skill

ASSOCIATIONS = (
    ("Comité inventado de Chalatenango", "USA", "Silver Spring, Maryland", ("es", "en"), 2004),
    ("Asociación inventada Torogoz de Houston", "USA", "Houston, Texas", ("es",), None),
    ("Casa inventada de El Salvador", "CAN", "Toronto, Ontario", ("es", "en", "fr"), 1992),
)
DAYS = (
    ("Consulado inventado en Houston", "USA", "Austin, Texas", "America/Chicago", 9),
    ("Consulado inventado en Silver Spring", "USA", "Richmond, Virginia", "America/New_York", 16),
    ("Consulado inventado en Toronto", "CAN", "London, Ontario", "America/Toronto", 23),
)
DEPARTMENT = "SV-SS"


@transaction.atomic
def load_abroad(*, now: datetime) -> bool:
    """Add it all, once; whether anything was added."""
    if Association.objects.filter(made_up=True).exists():
        return False
    consular = Officer.objects.get(username="rree")
    associations = [_association(consular, *one, now=now) for one in ASSOCIATIONS]
    _waiting(now)
    _days(consular, now)
    projects = [_project(associations[number], number, now) for number in (0, 1)]
    _round(projects, now)
    _skills(now)
    return True


def _association(
    by: Officer, name: str, country: str, city: str, languages: tuple[str, ...], founded: int | None, *, now: datetime
) -> Association:
    aims = "Reúne a familias inventadas y junta fondos para su comunidad de origen."
    said = Declaration(name, country, city, languages, aims, "es", founded)
    token = uuid5(NAMESPACE_URL, name)
    stored, _code = declare_association(
        said=said, persons="Persona inventada", token=token, now=now - timedelta(days=40), made_up=True
    )
    return decide_association(by=by, association=stored, step=Step.VERIFY, reason="", version=1, now=now)


def _waiting(now: datetime) -> None:
    said = Declaration("Club inventado de Los Ángeles", "USA", "Los Angeles, California", ("es",), "Fútbol.", "es")
    declare_association(said=said, persons="", token=uuid5(NAMESPACE_URL, said.name), now=now, made_up=True)


def _days(by: Officer, now: datetime) -> None:
    for consulate, country, city, zone, days in DAYS:
        day = Day(
            consulate,
            country,
            city,
            "Salón parroquial inventado, calle Inventada 12",
            timezone.localdate(now) + timedelta(days=days),
            time(9),
            time(15),
            zone,
            (Service.PASSPORT, Service.DUI, Service.REGISTRY),
            "DUI anterior o partida de nacimiento, y pago exacto. (Inventado.)",
            "The old DUI or a birth certificate, and the exact fee. (Made up.)",
        )
        stored = announce_day(by=by, day=day, now=now, made_up=True)
    cancel_day(
        by=by,
        day=stored,
        reason_es="El local inventado ya no está disponible.",
        reason_en="The made-up hall is no longer available.",
        version=1,
        now=now,
    )


def _project(association: Association, number: int, now: datetime) -> Project:
    by, second = Officer.objects.get(username="alcaldia"), Officer.objects.get(username="alcaldia-proyectos")
    said = Proposal(
        municipalities(DEPARTMENT)[number][0],
        ("Agua para el cantón inventado", "Techo para la escuela inventada")[number],
        (
            "Sesenta familias inventadas acarrean agua desde el río en la época seca.",
            "Tres aulas inventadas se mojan en la época de lluvia.",
        )[number],
        ("Agua por tubería", "Aulas secas")[number],
        "es",
        Decimal((25_000, 8_000)[number]),
        "USD",
        Decimal((60, 3)[number]),
        ("casas", "aulas")[number],
    )
    token = uuid5(NAMESPACE_URL, said.title)
    project = propose_project(association=association, said=said, token=token, now=now, made_up=True)
    steps = (ProjectStep.CHECK, ProjectStep.OPEN, ProjectStep.START)[: 3 - number]
    for step in steps:
        project.refresh_from_db()
        decide_project(by=by, project=project, step=step, reason_es="", reason_en="", version=project.version, now=now)
    project.refresh_from_db()
    if number == 0:
        _funds_and_parts(project, by, second, now)
    return project


def _funds_and_parts(project: Project, by: Officer, second: Officer, now: datetime) -> None:
    today: date = timezone.localdate(now)
    for kind, amount, currency in (
        (FundKind.PLEDGED, 12_000, "USD"),
        (FundKind.RECEIVED, 4_500, "USD"),
        (FundKind.PLEDGED, 2_000, "CAD"),
    ):
        giver = "Comité inventado de Chalatenango"
        record_fund(
            by=by,
            project=project,
            kind=kind,
            giver=giver,
            amount=Decimal(amount),
            currency=currency,
            on=today,
            now=now,
        )
    tank = add_milestone(by=by, project=project, name="Tanque", weight=2, due=None, now=now)
    add_milestone(by=by, project=project, name="Tubería", weight=3, due=today + timedelta(days=120), now=now)
    finish_milestone(by=by, project=project, milestone=tank.key, on=today, now=now)
    tell(by=by, project=project, text="Se terminó el tanque inventado.", language="es", now=now)
    photo = add_photo(
        by=by,
        project=project,
        content=_drawing,
        alt_es="Dibujo inventado: un tanque de agua sobre una loma",
        alt_en="",
        no_child=True,
        now=now,
    )
    decide_photo(by=second, project=project, photo=photo.key, publish=True, now=now)


def _drawing() -> bytes:
    """A drawing in place of a photograph: no place and nobody is on it."""
    picture = Image.new("RGB", (960, 640), "#9CC7D6")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((-300, 380, 1260, 1100), fill="#5E8C4A")
    pen.rectangle((380, 200, 580, 400), fill="#56616B")
    pen.rectangle((360, 180, 600, 205), fill="#0B4F5C")
    into = io.BytesIO()
    picture.save(into, "PNG")
    return into.getvalue()


def _round(projects: list[Project], now: datetime) -> None:
    said = RoundSaid(
        "Ronda inventada de agua y escuelas",
        "Made-up round for water and schools",
        Decimal(30_000),
        "USD",
        "Entran proyectos de agua y de escuelas revisados por su municipalidad. (Inventada.)",
        "For projects of water and of schools that their municipality has checked. (Made up.)",
        now - timedelta(days=1),
        now + timedelta(days=60),
        gives=Decimal(1),
        for_each=Decimal(1),
        cap=Decimal(15_000),
    )
    by = Officer.objects.get(username="secretaria")
    open_round(by=by, said=said, projects=[(one, one.budget) for one in projects], now=now)


def _skills(now: datetime) -> None:
    ask_for_skill(
        by=Officer.objects.get(username="minsal"),
        institution="MINSAL",
        field=Field.HEALTH,
        what_es="Formación a distancia en enfermería pediátrica (petición inventada)",
        what_en="Distance training in paediatric nursing (made-up request)",
        until=timezone.localdate(now) + timedelta(days=200),
        now=now,
    )
    offer_skill(
        field=Field.HEALTH,
        skill="Enfermería pediátrica (ofrecimiento inventado)",
        languages=("es", "en"),
        availability="Dos horas a la semana, a distancia",
        country="CAN",
        name="Persona inventada",
        contact="inventada@example.org",
        consents=True,
        token=uuid5(NAMESPACE_URL, "offer"),
        now=now,
        made_up=True,
    )
