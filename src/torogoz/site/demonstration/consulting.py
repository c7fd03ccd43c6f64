"""A consultation of the demonstration country, in the middle of its work. Bodies, words and positions are made up."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from torogoz.domain.consultations import ContributionState, Duty, Part, PhaseKind, Presence, Reply
from torogoz.domain.deliberation import Stance
from torogoz.domain.moderation import Ground
from torogoz.shared.institutions.models import Officer
from torogoz.topics.consultation import (
    actions,
    contribution_actions,
    drafting_actions,
    drafting_queries,
    minutes_actions,
    table_actions,
)
from torogoz.topics.consultation.actions import Invited, ProcessTyped
from torogoz.topics.consultation.models import Contribution, Draft, DraftVersion
from torogoz.topics.consultation.process_models import Invitation, Process, Table, Theme

CODE = "consulta-inventada"
SHEET = "carta inventada 4"

TYPED = ProcessTyped(
    title_es="Consulta inventada sobre el retorno digno",
    title_en="Made-up consultation on dignified return",
    question_es="¿A qué se comprometen las instituciones para que quien regresa sea recibido con dignidad? (inventada)",
    question_en="What do the institutions commit to, so that who returns is received with dignity? (made up)",
    mandate_es="Mandato inventado de la demostración.",
    mandate_en="Made-up mandate of the demonstration.",
    rule="consensus",
    quorum_seats=4,
    quorum_groups={"diaspora": 1},
)
BODIES = (
    (Invited("government", Part.DECIDES, 1, institution="MINSAL"), Reply.YES),
    (Invited("government", Part.DECIDES, 1, institution="MTPS"), Reply.YES),
    (Invited("government", Part.DECIDES, 1, institution="GAMI"), Reply.YES),
    (Invited("government", Part.DECIDES, 1, institution="ISDEMU"), Reply.NONE),
    (Invited("government", Part.HEARD, 1, institution="PDDH"), Reply.YES),
    (
        Invited("diaspora", Part.DECIDES, 1, "", "Asociación inventada del Norte", "Made-up northern association"),
        Reply.YES,
    ),
    (
        Invited("diaspora", Part.DECIDES, 1, "", "Asociación inventada del Sur", "Made-up southern association"),
        Reply.NONE,
    ),
    (Invited("university", Part.DECIDES, 2, "", "Universidad inventada", "Made-up university"), Reply.YES),
    (Invited("business", Part.DECIDES, 1, "", "Gremial inventada", "Made-up chamber"), Reply.NO),
)
THEMES = (("T1", "Recepción", "Reception"), ("T2", "Trabajo y estudio", "Work and study"))
SAID = {
    "T1": (
        "Que nadie espere más de dos horas en el centro.",
        "Reducir la espera en el centro a dos horas.",
        "Una llamada gratis a la familia al llegar, y un lugar para cambiarse.",
        "Agua y comida sin tener que pedirlas.",
        "Compre aquí su teléfono inventado.",
    ),
    "T2": (
        "Reconocer lo que la persona aprendió a hacer afuera.",
        "Certificar oficios sin pedir papeles que quedaron en otro país.",
        "Cupos en escuelas a cualquier altura del año.",
        "Que el seguro cuente los años trabajados afuera.",
    ),
}
TEXTS = {
    "D1": (
        "T1",
        "Retorno digno",
        "Dignified return",
        "Es digno el retorno de quien llega con información, atención y sin ser expuesto.",
        "A return is dignified when who arrives is informed, attended to and not exposed.",
    ),
    "D2": (
        "T1",
        "Tiempo de espera",
        "Waiting time",
        "Nadie espera más de dos horas en un centro de recepción.",
        "Nobody waits more than two hours at a reception centre.",
    ),
    "D3": (
        "T2",
        "Reconocimiento de oficios",
        "Recognition of trades",
        "Los oficios aprendidos afuera se certifican por demostración.",
        "Trades learned abroad are certified by demonstration.",
    ),
}


@transaction.atomic
def load_consultation(*, now: datetime) -> bool:
    """Make the consultation, if it is not there; whether it was made."""
    if Process.objects.filter(code=CODE).exists():
        return False
    started = now - timedelta(days=30)
    secretariat = Officer.objects.get(username="secretaria")
    process = actions.create_process(by=secretariat, institution="RREE", code=CODE, typed=TYPED, now=started)
    today = timezone.localdate(now)
    for kind, first, last in (
        (PhaseKind.TRAINING, -28, -27),
        (PhaseKind.TABLES, -26, 4),
        (PhaseKind.ONLINE, -20, 10),
        (PhaseKind.DRAFTING, -10, 20),
        (PhaseKind.ADOPTION, 30, None),
    ):
        begins = today + timedelta(days=first)
        ends = None if last is None else today + timedelta(days=last)
        actions.set_phase(by=secretariat, process=process, kind=kind, starts_on=begins, ends_on=ends, now=started)
    bodies = _convened(process, secretariat, started)
    tables = _tables(process, secretariat, now)
    said = _contributions(process, tables, bodies, secretariat, now)
    _drafts(process, bodies, said, secretariat, now)
    _met(process, bodies, secretariat, now)
    for results in (False, True):
        process.refresh_from_db()
        actions.publish(by=secretariat, process=process, results=results, shown=True, now=now - timedelta(days=2))
    return True


def _convened(process: Process, by: Officer, now: datetime) -> dict[str, Invitation]:
    made = actions.invite(by=by, process=process, bodies=[body for body, _ in BODIES], now=now)
    for step in ("convene", "start"):
        actions.take_step(by=by, process=process, step=step, now=now + timedelta(days=1))
    for invitation, (_body, reply) in zip(made, BODIES, strict=True):
        if reply in (Reply.YES, Reply.NO):
            invitation.refresh_from_db()
            actions.answer_invitation(
                by=by, invitation=invitation, reply=reply, note="nota inventada", version=invitation.version, now=now
            )
    return {str(one): one for one in made}


def _tables(process: Process, by: Officer, now: datetime) -> dict[str, Table]:
    """Two tables, one still open, its time running."""
    made = {}
    for code, name_es, name_en in THEMES:
        theme = table_actions.add_theme(
            by=by, process=process, code=code, name_es=name_es, name_en=name_en, parent=None, now=now
        )
        table = table_actions.add_table(
            by=by,
            process=process,
            theme=theme,
            event=None,
            name_es=f"Mesa de {name_es.lower()}",
            name_en=f"Table on {name_en.lower()}",
            now=now,
        )
        for username, duty in (("pddh", Duty.FACILITATOR), ("mtps", Duty.RAPPORTEUR)):
            table_actions.name_for_table(by=by, table=table, username=username, duty=duty, now=now)
        prompt = table_actions.add_prompt(
            by=by,
            table=table,
            text_es=f"¿Qué falta hoy en «{name_es.lower()}»?",
            text_en=f"What is missing today in “{name_en.lower()}”?",
            minutes=45,
            now=now,
        )
        table_actions.open_table(by=by, table=table, opened=True, version=table.version, now=now)
        table_actions.ask(by=by, table=table, prompt=prompt, version=table.version, now=now)
        made[code] = table
    return made


def _contributions(
    process: Process, tables: dict[str, Table], bodies: dict[str, Invitation], by: Officer, now: datetime
) -> dict[str, list[Contribution]]:
    rapporteur = Officer.objects.get(username="mtps")
    speakers = [bodies["MINSAL"], bodies["GAMI"], bodies["Asociación inventada del Norte"], None]
    said: dict[str, list[Contribution]] = {}
    for code, texts in SAID.items():
        for place, text in enumerate(texts):
            paper = place % 3 == 2
            one = table_actions.capture(
                by=rapporteur,
                table=tables[code],
                text=f"{text} (inventado)",
                language="es",
                invitation=speakers[place % len(speakers)],
                sheet=f"{code}-{place:02}" if paper else "",
                from_paper=paper,
                now=now - timedelta(days=9, hours=place),
            )
            said.setdefault(code, []).append(one)
    wait, again, calls, _water, advert = said["T1"]
    contribution_actions.merge(
        by=by, contributions=[wait, again], text="Esperar dos horas como mucho. (inventado)", language="es", now=now
    )
    contribution_actions.split(
        by=by,
        contribution=calls,
        texts=["Una llamada gratis. (inventado)", "Un lugar para cambiarse. (inventado)"],
        now=now,
    )
    contribution_actions.judge(
        by=by,
        contribution=advert,
        said=ContributionState.SET_ASIDE,
        ground=Ground.ADVERT,
        reason_es="Ofrece un producto (inventado).",
        reason_en="It offers a product (made up).",
        version=advert.version,
        now=now,
    )
    table = tables["T1"]
    table_actions.open_table(by=by, table=table, opened=False, version=table.version, now=now)
    return said


def _drafts(
    process: Process,
    bodies: dict[str, Invitation],
    said: dict[str, list[Contribution]],
    by: Officer,
    now: datetime,
) -> None:
    """One text that was agreed with reservations, one that was not, one that is being decided."""
    agreed, refused, open_one = (_draft(process, code, by, now - timedelta(days=5)) for code in TEXTS)
    contribution_actions.adopt_in(by=by, contribution=said["T2"][0], draft=open_one, now=now)
    for draft, last in (
        (agreed, (Stance.RESERVATIONS, "Falta decir quién paga (inventado).")),
        (refused, (Stance.BLOCK, "No hay personal para cumplirlo (inventado).")),
    ):
        point = drafting_actions.add_point(
            by=by,
            draft=draft,
            code=f"{draft.code}.1",
            kind="commitment",
            text_es="Publicar cada trimestre cuánto se espera (inventado).",
            text_en="Publish every quarter how long people wait (made up).",
            now=now,
        )
        drafting_actions.settle_point(by=by, point=point, agreed=True, now=now)
        _positions(draft, bodies, last, now)
        drafting_actions.record_outcome(by=by, draft=draft, version=draft.version, now=now)
    _positions(open_one, bodies, (Stance.ABSTAIN, ""), now)


def _draft(process: Process, code: str, by: Officer, now: datetime) -> Draft:
    theme, title_es, title_en, text_es, text_en = TEXTS[code]
    draft = drafting_actions.open_draft(
        by=by,
        process=process,
        theme=Theme.objects.get(process=process, code=theme),
        code=code,
        kind="definition" if code == "D1" else "commitment",
        title_es=title_es,
        title_en=title_en,
        text_es=text_es,
        text_en=text_en,
        now=now,
    )
    drafting_actions.write_version(
        by=by,
        draft=draft,
        text_es=text_es.replace(".", ", con lo que la ley pide."),
        text_en=text_en.replace(".", ", with what the law asks."),
        why="Lo pidió una mesa (inventado).",
        expected=1,
        now=now + timedelta(days=1),
    )
    drafting_actions.open_decision(by=by, draft=draft, version=draft.version, now=now + timedelta(days=2))
    return draft


def _positions(draft: Draft, bodies: dict[str, Invitation], last: tuple[Stance, str], now: datetime) -> None:
    """Two institutions speak for themselves; for an association and a university the secretariat types from paper."""
    version = drafting_queries.newest_version(draft)
    assert isinstance(version, DraftVersion)
    secretariat = Officer.objects.get(username="secretaria")
    health, labour = (Officer.objects.get(username=f"enlace-{name}") for name in ("salud", "trabajo"))
    for by, body, (stance, reason) in (
        (health, "MINSAL", (Stance.AGREE, "")),
        (secretariat, "Asociación inventada del Norte", (Stance.AGREE, "")),
        (secretariat, "Universidad inventada", (Stance.AGREE, "")),
        (labour, "MTPS", last),
    ):
        drafting_actions.take_position(
            by=by,
            version=version,
            invitation=bodies[body],
            stance=stance,
            reason=reason,
            sheet=SHEET if by == secretariat else "",
            now=now - timedelta(days=1),
        )


def _met(process: Process, bodies: dict[str, Invitation], by: Officer, now: datetime) -> None:
    """A meeting with its final minutes."""
    day = timezone.localdate(now) - timedelta(days=20)
    event = actions.add_event(
        by=by,
        process=process,
        name_es="Primera reunión inventada",
        name_en="First made-up meeting",
        starts_on=day,
        ends_on=day,
        place="Lugar inventado",
        now=now,
    )
    for name in ("MINSAL", "MTPS", "Universidad inventada"):
        actions.record_attendance(
            by=by, event=event, invitation=bodies[name], presence=Presence.PRESENT, people=2, names="", now=now
        )
    written = now - timedelta(days=15)
    minutes = minutes_actions.write_minutes(
        by=by,
        event=event,
        text_es="Se abrió la consulta y se acordaron los temas. (acta inventada)",
        text_en="The consultation was opened and its themes were agreed. (made-up minutes)",
        version=None,
        now=written,
    )
    until = written + timedelta(days=5)
    minutes_actions.open_amendments(by=by, minutes=minutes, until=until, version=minutes.version, now=written)
    minutes_actions.make_final(by=by, minutes=minutes, version=minutes.version, now=until + timedelta(days=1))
