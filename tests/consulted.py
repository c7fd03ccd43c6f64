"""A made-up consultation for tests: the secretariat of RREE convenes two institutions and an association."""

from datetime import date
from typing import Any

from django.test import Client

from tests.world import LONG_AGO, NOW, World
from torogoz.domain.access import Role
from torogoz.domain.consultations import Duty, Part, Presence, Reply
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.topics.consultation import actions, drafting_actions, table_actions
from torogoz.topics.consultation.actions import Invited, ProcessTyped
from torogoz.topics.consultation.models import Draft
from torogoz.topics.consultation.process_models import Event, Invitation, Process, Table

TYPED = ProcessTyped(
    title_es="Consulta inventada",
    title_en="Made-up consultation",
    question_es="¿Qué debe pedir el país?",
    question_en="What should the country ask for?",
    mandate_es="",
    mandate_en="",
    rule="consensus",
    quorum_seats=2,
)
BODIES = (
    Invited("government", Part.DECIDES, 1, institution="MINSAL"),
    Invited("government", Part.DECIDES, 1, institution="MTPS"),
    Invited("diaspora", Part.DECIDES, 1, name_es="Asociación inventada", name_en="Made-up association"),
)


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def second_secretary(world: World) -> Officer:
    officer = Officer.objects.create(username="secretariat_2", full_name="Segunda secretaria inventada", made_up=True)
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code="RREE"),
        office=world.offices["CENTRE-A"],
        role=Role.SECRETARIAT.value,
        valid_from=LONG_AGO,
    )
    return officer


class Consulted:
    """A consultation at work, and how its parts are made quickly."""

    def __init__(self, world: World, **changes: Any) -> None:
        codelists.load()
        self.world = world
        self.secretariat = world.officers["secretariat"]
        typed = ProcessTyped(**{**vars(TYPED), **changes})
        self.process = actions.create_process(
            by=self.secretariat, institution="RREE", code="consulta-2027", typed=typed, now=NOW
        )
        actions.invite(by=self.secretariat, process=self.process, bodies=BODIES, now=NOW)
        for step in ("convene", "start"):
            actions.take_step(by=self.secretariat, process=self.process, step=step, now=NOW)

    def fresh(self) -> Process:
        return Process.objects.get(pk=self.process.pk)

    def invitation(self, name: str) -> Invitation:
        found = self.process.invitations
        return found.filter(institution__code=name).first() or found.get(name_es=name)

    def accept_all(self) -> None:
        for one in self.process.invitations.all():
            actions.answer_invitation(
                by=self.secretariat, invitation=one, reply=Reply.YES, note="", version=one.version, now=NOW
            )

    def table(self, rapporteur: str = "labour_a", facilitator: str = "rights_a") -> Table:
        theme = table_actions.add_theme(
            by=self.secretariat,
            process=self.process,
            code="T1",
            name_es="Derechos",
            name_en="Rights",
            parent=None,
            now=NOW,
        )
        table = table_actions.add_table(
            by=self.secretariat,
            process=self.process,
            theme=theme,
            event=None,
            name_es="Mesa 1",
            name_en="Table 1",
            now=NOW,
        )
        for username, duty in ((rapporteur, Duty.RAPPORTEUR), (facilitator, Duty.FACILITATOR)):
            table_actions.name_for_table(by=self.secretariat, table=table, username=username, duty=duty, now=NOW)
        return table

    def open_table(self) -> Table:
        table = self.table()
        table_actions.open_table(by=self.secretariat, table=table, opened=True, version=table.version, now=NOW)
        return table

    def say(self, table: Table, text: str, **details: Any) -> Any:
        said = {"language": "es", "invitation": None, "sheet": "", "from_paper": False, **details}
        by = said.pop("by", self.world.officers["labour_a"])
        return table_actions.capture(by=by, table=table, text=text, now=NOW, **said)

    def draft(self, code: str = "D1") -> Draft:
        return drafting_actions.open_draft(
            by=self.secretariat,
            process=self.process,
            theme=self.process.themes.first(),
            code=code,
            kind="definition",
            title_es="Migración regular",
            title_en="Regular migration",
            text_es="Migrar con papeles.",
            text_en="To migrate with papers.",
            now=NOW,
        )

    def deciding(self, code: str = "D1") -> Draft:
        self.accept_all()
        draft = self.draft(code)
        drafting_actions.open_decision(by=self.secretariat, draft=draft, version=draft.version, now=NOW)
        return draft

    def event(self, *present: str) -> Event:
        event = actions.add_event(
            by=self.secretariat,
            process=self.process,
            name_es="Primera reunión",
            name_en="First meeting",
            starts_on=date(2026, 11, 1),
            ends_on=date(2026, 11, 2),
            place="",
            now=NOW,
        )
        for name in present:
            actions.record_attendance(
                by=self.secretariat,
                event=event,
                invitation=self.invitation(name),
                presence=Presence.PRESENT,
                people=2,
                names="",
                now=NOW,
            )
        return event
