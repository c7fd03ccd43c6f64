"""The consultation of 2017 as the first process: what its source records, and "not recorded" where it is silent.

The source is the printed result of the national consultation of El Salvador, 7–8 September 2017. It names three bodies;
it says neither who else was there, nor how many seats there were, nor how anybody voted, nor who adopted the text.
Words are the project's own (shared/codelists/data/provisions.csv); nothing is added to what the source says.
"""

from datetime import UTC, date, datetime
from typing import Final

from django.db import transaction

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.domain.consultations import DraftState, Part, PhaseKind, Presence, ProcessState, Reply
from torogoz.domain.deliberation import Result
from torogoz.shared.audit.actions import record
from torogoz.shared.codelists.queries import Provision, provisions
from torogoz.shared.codelists.shipped import rows
from torogoz.shared.institutions.models import Institution
from torogoz.shared.provisions.models import Instrument
from torogoz.topics.consultation.models import Draft, DraftVersion, Outcome, Point
from torogoz.topics.consultation.process_models import Attendance, Event, Invitation, Phase, Process, Theme

CODE: Final = "consultation-2017"
INSTRUMENT: Final = "position-2017"
SOURCE: Final = "Results of the national consultation process of El Salvador for the Global Compact, 7-8 September 2017"
DAYS: Final = (date(2017, 9, 7), date(2017, 9, 8))
BEGAN: Final = datetime(2017, 9, 7, 6, tzinfo=UTC)  # the day begins in El Salvador
DEFINITION: Final = ".DEF"
NOT_DEFINED: Final = "C2"

BODIES: Final = (
    (
        "RREE",
        "",
        "",
        "government",
        Part.CONVENES,
        "Convocó a las instituciones y dirigió el evento",
        "Convened the institutions and directed the event",
    ),
    (
        "VMSE",
        "",
        "",
        "government",
        Part.CONVENES,
        "Pidió la cooperación de la OIM; su titular inauguró el evento",
        "Asked IOM for cooperation; its head opened the event",
    ),
    (
        "",
        "Organización Internacional para las Migraciones",
        "International Organization for Migration",
        "international",
        Part.METHOD,
        "Método y moderación",
        "Method and moderation",
    ),
)
SUBTHEMES: Final = {
    "T1": (
        ("Derechos humanos de todas las personas migrantes", "Human rights of all migrants"),
        ("Inclusión social", "Social inclusion"),
        ("Toda forma de discriminación", "All forms of discrimination"),
    ),
    "T2": (
        ("Estrategias de protección y asistencia", "Strategies of protection and assistance"),
        ("Políticas de desarrollo sostenible", "Policies of sustainable development"),
        ("Solución de conflictos", "Resolution of conflicts"),
    ),
    "T3": (
        ("Fronteras, tránsito e ingreso", "Borders, transit and entry"),
        ("Retorno y readmisión", "Return and readmission"),
        ("Integración y reintegración", "Integration and reintegration"),
    ),
    "T4": (
        ("Remesas", "Remittances"),
        ("Portabilidad de beneficios", "Transferability of benefits"),
    ),
    "T5": (
        ("Identificación de personas migrantes y víctimas", "Identification of migrants and victims"),
        ("Su protección y asistencia", "Their protection and assistance"),
    ),
    "T6": (
        ("Trabajo digno y movilidad laboral", "Dignified work and labour mobility"),
        ("Reconocimiento de competencias y títulos", "Recognition of skills and qualifications"),
        ("Otras medidas", "Other measures"),
    ),
}
"""By theme, its parts as the headings of the source name them."""

NOTE_ES: Final = "La fuente lo da como resultado; no dice cuántos estuvieron de acuerdo."
NOTE_EN: Final = "The source gives it as the result; it does not say how many agreed."


@transaction.atomic
def load(*, now: datetime) -> Process:
    """The consultation of 2017; loaded again, it only finds its instrument, if that has come since."""
    process = Process.objects.filter(code=CODE).first() or _made(now)
    instrument = Instrument.objects.filter(code=INSTRUMENT).first()
    if instrument is not None and process.instrument_id is None:
        process.instrument = instrument
        process.changed_at, process.changes = now, process.changes + 1
        process.save(update_fields=["instrument", "changed_at", "changes"])
    return process


def _made(now: datetime) -> Process:
    process = Process.objects.create(
        code=CODE,
        title_es="Consulta nacional para el Pacto Mundial sobre Migración (2017)",
        title_en="National consultation for the Global Compact for Migration (2017)",
        question_es="Qué posición lleva El Salvador a la preparación del Pacto Mundial sobre Migración, y qué "
        "entiende por migración ordenada, regular, segura y responsable.",
        question_en="Which position El Salvador takes to the preparation of the Global Compact for Migration, and "
        "what it understands by orderly, regular, safe and responsible migration.",
        mandate_es="La Asamblea General invitó a los Estados a contribuir a la fase preparatoria del Pacto. La fuente "
        "dice que se convocó a funcionarios de varias instituciones, y no las nombra.",
        mandate_en="The General Assembly invited States to contribute to the preparation of the Compact. The source "
        "says that officials of various institutions were convened, and does not name them.",
        convener=Institution.objects.get(code="RREE"),
        state=ProcessState.CLOSED.value,
        source=SOURCE,
        published_at=now,
        results_at=now,
        created_at=BEGAN,
        changed_at=now,
    )
    _phases(process)
    _convened(process, now)
    names = {row["code"]: row for row in rows("torogoz.shared.codelists", "provision_section")}
    _themes(process, names)
    for place, code in enumerate(code for code in names if code[0] in "CT"):
        _outcome(process, code, names[code], place, now)
    record(
        officer="",
        institution="",
        verb=Verb.CREATE,
        what="consultation",
        subjects=[str(process.key)],
        decision=Decision(allowed=True, basis=Basis.DUTY),
        channel="command",
        now=now,
        path=CODE,
    )
    return process


def _phases(process: Process) -> None:
    """Training and tables were parts of one event of two days; which part on which day is not recorded."""
    for kind in (PhaseKind.TRAINING, PhaseKind.TABLES):
        Phase.objects.create(
            process=process,
            kind=kind.value,
            starts_on=DAYS[0],
            ends_on=DAYS[1],
            note_es="Parte de un evento de dos días; la fuente no dice qué se hizo cada día.",
            note_en="Part of an event of two days; the source does not say what was done on which.",
        )


def _convened(process: Process, now: datetime) -> None:
    event = Event.objects.create(
        process=process,
        name_es="Capacitación y consulta",
        name_en="Training and consultation",
        starts_on=DAYS[0],
        ends_on=DAYS[1],
    )
    for place, (code, name_es, name_en, group, part, did_es, did_en) in enumerate(BODIES):
        invitation = Invitation.objects.create(
            process=process,
            institution=Institution.objects.get(code=code) if code else None,
            name_es=name_es,
            name_en=name_en,
            group=group,
            part=part.value,
            part_es=did_es,
            part_en=did_en,
            seats=None,
            reply=Reply.NOT_RECORDED.value,
            position=place,
        )
        Attendance.objects.create(
            event=event, invitation=invitation, presence=Presence.NOT_RECORDED.value, recorded_at=now
        )


def _themes(process: Process, names: dict[str, dict[str, str]]) -> None:
    place = 0
    for code, parts in SUBTHEMES.items():
        theme = Theme.objects.create(
            process=process,
            code=code,
            name_es=_named(names[code]["name_es"]),
            name_en=_named(names[code]["name_en"]),
            position=place,
        )
        for number, (name_es, name_en) in enumerate(parts, start=1):
            Theme.objects.create(
                process=process,
                parent=theme,
                code=f"{code}.{number}",
                name_es=name_es,
                name_en=name_en,
                position=place + number,
            )
        place += len(parts) + 1


def _outcome(process: Process, code: str, name: dict[str, str], place: int, now: datetime) -> None:
    """What the source gives for a concept, or for a theme. A concept has a definition, but for regular migration.

    Agreement is recorded for the concepts alone; of what a theme asks for, the source says that it is the result.
    """
    concept = code.startswith("C")
    own = [one for one in provisions() if one.section == code]
    definition = next((one for one in own if one.code.endswith(DEFINITION)), None)
    draft = Draft.objects.create(
        process=process,
        theme=None if concept else Theme.objects.get(process=process, code=code),
        code=code if concept else f"R{code[1:]}",
        kind="definition" if concept else "commitment",
        title_es=_named(name["name_es"]),
        title_en=_named(name["name_en"]),
        position=place,
        state=DraftState.DECIDED.value,
    )
    version, defined = None, concept and code != NOT_DEFINED
    if definition is not None and defined:
        version = DraftVersion.objects.create(
            draft=draft, number=1, text_es=definition.text_es, text_en=definition.text_en, written_at=now
        )
    Point.objects.bulk_create(_point(draft, one, order, concept) for order, one in enumerate(own) if one != definition)
    spoken = Result.AGREED if defined else Result.NOT_AGREED
    result = spoken if concept else Result.NOT_RECORDED
    silent = definition is not None and not defined
    Outcome.objects.create(
        draft=draft,
        version=version,
        result=result.value,
        note_es=definition.text_es if silent and definition else NOTE_ES,
        note_en=definition.text_en if silent and definition else NOTE_EN,
    )


def _point(draft: Draft, provision: Provision, order: int, concept: bool) -> Point:
    return Point(
        draft=draft,
        code=provision.code,
        kind=provision.kind,
        text_es=provision.text_es,
        text_en=provision.text_en,
        agreed=True if concept else None,
        position=order,
    )


def _named(heading: str) -> str:
    """The name of a section without its number: "Concepto 2: Migración regular" is "Migración regular"."""
    return heading.split(": ", 1)[-1]
