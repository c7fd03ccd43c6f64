"""The codes of a consultation in words, and sentences for why an outcome is what it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from torogoz.domain.consultations import (
    AmendmentState,
    Channel,
    ContributionState,
    DraftState,
    Duty,
    MinutesState,
    Operation,
    Part,
    PhaseKind,
    Presence,
    ProcessState,
    Reply,
    TableState,
)
from torogoz.domain.deliberation import Base, Reason, Result, Rule, Stance, Why
from torogoz.shared.codelists.queries import names
from torogoz.shared.ui.templatetags.ui import language

Words = Mapping[str, Any]

PROCESS_STATES: Words = {
    ProcessState.PREPARED: gettext_lazy("en preparación"),
    ProcessState.CONVENED: gettext_lazy("convocada"),
    ProcessState.AT_WORK: gettext_lazy("en trabajo"),
    ProcessState.CLOSED: gettext_lazy("cerrada"),
    ProcessState.ADOPTED: gettext_lazy("con posición adoptada"),
}
PROCESS_BADGES: Words = {
    ProcessState.PREPARED: "going",
    ProcessState.CONVENED: "going",
    ProcessState.AT_WORK: "going",
    ProcessState.CLOSED: "ended",
    ProcessState.ADOPTED: "may",
}
PHASES: Words = {
    PhaseKind.TRAINING: gettext_lazy("Capacitación"),
    PhaseKind.TABLES: gettext_lazy("Mesas de trabajo"),
    PhaseKind.ONLINE: gettext_lazy("Consulta en línea"),
    PhaseKind.DRAFTING: gettext_lazy("Redacción de los textos"),
    PhaseKind.VALIDATION: gettext_lazy("Validación"),
    PhaseKind.ADOPTION: gettext_lazy("Adopción"),
}
PARTS: Words = {
    Part.DECIDES: gettext_lazy("decide"),
    Part.HEARD: gettext_lazy("es escuchada"),
    Part.METHOD: gettext_lazy("acompaña el método"),
    Part.CONVENES: gettext_lazy("convoca"),
}
REPLIES: Words = {
    Reply.NONE: gettext_lazy("sin respuesta todavía"),
    Reply.YES: gettext_lazy("aceptó"),
    Reply.NO: gettext_lazy("no participa"),
    Reply.NOT_RECORDED: gettext_lazy("no consta en la fuente"),
}
PRESENCES: Words = {
    Presence.PRESENT: gettext_lazy("asistió"),
    Presence.ABSENT: gettext_lazy("no asistió"),
    Presence.NOT_RECORDED: gettext_lazy("no consta en la fuente"),
}
DUTIES: Words = {
    Duty.FACILITATOR: gettext_lazy("Facilita"),
    Duty.RAPPORTEUR: gettext_lazy("Relata"),
}
TABLE_STATES: Words = {
    TableState.WAITING: gettext_lazy("por abrir"),
    TableState.OPEN: gettext_lazy("abierta"),
    TableState.CLOSED: gettext_lazy("cerrada"),
}
CHANNELS: Words = {
    Channel.TABLE: gettext_lazy("en la mesa"),
    Channel.PAPER: gettext_lazy("en papel"),
    Channel.ONLINE: gettext_lazy("en línea"),
}
CONTRIBUTION_STATES: Words = {
    ContributionState.RECEIVED: gettext_lazy("recibido"),
    ContributionState.KEPT: gettext_lazy("en estudio"),
    ContributionState.MERGED: gettext_lazy("unido con otros"),
    ContributionState.SPLIT: gettext_lazy("dividido en partes"),
    ContributionState.REWORDED: gettext_lazy("dicho con otras palabras"),
    ContributionState.ADOPTED: gettext_lazy("recogido en un texto"),
    ContributionState.NOT_ADOPTED: gettext_lazy("no recogido"),
    ContributionState.SET_ASIDE: gettext_lazy("apartado"),
}
CONTRIBUTION_BADGES: Words = {
    ContributionState.RECEIVED: "more",
    ContributionState.KEPT: "more",
    ContributionState.ADOPTED: "may",
    ContributionState.SET_ASIDE: "danger",
}
OPERATIONS: Words = {
    Operation.MERGE: gettext_lazy("Se unió con otros aportes. Juntos dicen:"),
    Operation.SPLIT: gettext_lazy("Se dividió en partes:"),
    Operation.REWORD: gettext_lazy("Se dijo con otras palabras:"),
    Operation.ADOPTED_IN: gettext_lazy("Se recogió en"),
}
FATES: Words = {
    ContributionState.RECEIVED: gettext_lazy("Todavía no se ha estudiado."),
    ContributionState.KEPT: gettext_lazy("Está en estudio."),
    ContributionState.NOT_ADOPTED: gettext_lazy("No se recogió en ningún texto."),
    ContributionState.SET_ASIDE: gettext_lazy("Se apartó, según la política de moderación."),
}
"""What is said of what a contribution became, where nothing more was made of it."""
DRAFT_STATES: Words = {
    DraftState.WRITING: gettext_lazy("en redacción"),
    DraftState.DECIDING: gettext_lazy("en decisión"),
    DraftState.DECIDED: gettext_lazy("con resultado"),
}
DRAFT_BADGES: Words = {
    DraftState.WRITING: "going",
    DraftState.DECIDING: "going",
    DraftState.DECIDED: "ended",
}
AMENDMENT_STATES: Words = {
    AmendmentState.PROPOSED: gettext_lazy("sin respuesta todavía"),
    AmendmentState.TAKEN: gettext_lazy("aceptada"),
    AmendmentState.NOT_TAKEN: gettext_lazy("no aceptada"),
    AmendmentState.WITHDRAWN: gettext_lazy("retirada"),
}
MINUTES_STATES: Words = {
    MinutesState.DRAFT: gettext_lazy("borrador"),
    MinutesState.AMENDMENTS: gettext_lazy("abierta a enmiendas"),
    MinutesState.FINAL: gettext_lazy("definitiva"),
}
MINUTES_BADGES: Words = {
    MinutesState.DRAFT: "going",
    MinutesState.AMENDMENTS: "going",
    MinutesState.FINAL: "ended",
}
RULES: Words = {
    Rule.UNANIMITY: gettext_lazy("Unanimidad: todas las instancias que hablaron están de acuerdo, sin reservas"),
    Rule.RESERVATIONS: gettext_lazy("Consenso con reservas: ninguna está en desacuerdo ni bloquea"),
    Rule.CONSENSUS: gettext_lazy("Consenso sin bloqueo: puede haber desacuerdos, que se guardan con el texto"),
    Rule.MAJORITY: gettext_lazy("Mayoría: una parte de los escaños, que se dice abajo"),
}
BASES: Words = {
    Base.SIDES: gettext_lazy("los escaños que tomaron partido; las abstenciones no cuentan"),
    Base.PRESENT: gettext_lazy("los escaños que hablaron; las abstenciones cuentan"),
    Base.SEATS: gettext_lazy("todos los escaños convocados"),
}
STANCES: Words = {
    Stance.AGREE: gettext_lazy("De acuerdo"),
    Stance.RESERVATIONS: gettext_lazy("De acuerdo, con reservas"),
    Stance.ABSTAIN: gettext_lazy("Se abstiene"),
    Stance.DISAGREE: gettext_lazy("En desacuerdo"),
    Stance.BLOCK: gettext_lazy("Bloquea"),
}
RESULTS: Words = {
    Result.AGREED: gettext_lazy("Acordado"),
    Result.WITH_RESERVATIONS: gettext_lazy("Acordado, con reservas o disensos"),
    Result.BY_MAJORITY: gettext_lazy("Aprobado por mayoría"),
    Result.NOT_AGREED: gettext_lazy("Sin acuerdo"),
    Result.NO_QUORUM: gettext_lazy("Sin quórum"),
    Result.NOT_RECORDED: gettext_lazy("Resultado; el grado de acuerdo no consta"),
}
RESULT_BADGES: Words = {
    Result.AGREED: "may",
    Result.WITH_RESERVATIONS: "may",
    Result.BY_MAJORITY: "may",
    Result.NOT_AGREED: "not",
    Result.NO_QUORUM: "more",
    Result.NOT_RECORDED: "more",
}


def minutes_state(state: str, *, is_over: bool) -> Any:
    """Where minutes stand; the time for amendments may be over before they are final."""
    if state == MinutesState.AMENDMENTS and is_over:
        return gettext_lazy("terminó el plazo de enmiendas")
    return MINUTES_STATES[state]


def seats(count: int) -> str:
    """«1 escaño», «3 escaños»."""
    return ngettext("%(count)d escaño", "%(count)d escaños", count) % {"count": count}


def rule_in_words(process: Any) -> str:
    """By which rule a consultation decides; that it is not recorded, where the source does not say."""
    rules = process.rules
    if rules is None:
        return _("La fuente no dice con qué regla se decidió.")
    if rules.rule is not Rule.MAJORITY:
        return str(RULES[rules.rule]) + "."
    share = {"top": rules.share.numerator, "bottom": rules.share.denominator, "base": BASES[rules.base]}
    if rules.more_than:
        return _("Mayoría: más de %(top)d de cada %(bottom)d de %(base)s.") % share
    return _("Mayoría: al menos %(top)d de cada %(bottom)d de %(base)s.") % share


def quorum_in_words(process: Any) -> list[str]:
    """What the quorum asks; empty when it asks nothing or is not recorded."""
    rules = process.rules
    if rules is None:
        return []
    said = []
    if rules.quorum_seats:
        said.append(_("Quórum: %(seats)s.") % {"seats": seats(rules.quorum_seats)})
    groups = names("BODY_GROUP", language())
    for group, asked in sorted(rules.quorum_groups.items()):
        if asked:
            said.append(_("De «%(group)s»: %(seats)s.") % {"group": groups.get(group, group), "seats": seats(asked)})
    return said


def lacking_in_words(lacking: Iterable[Reason]) -> list[str]:
    """What a quorum asks and those who may vote cannot give, each in a sentence."""
    groups = names("BODY_GROUP", language())
    return [
        _("De «%(group)s» el quórum pide %(asked)s, y quienes pueden votar tienen %(held)s.")
        % {"group": groups.get(one.group, one.group), "asked": seats(one.asked), "held": seats(one.seats)}
        if one.group
        else _("El quórum pide %(asked)s, y quienes pueden votar tienen %(held)s.")
        % {"asked": seats(one.asked), "held": seats(one.seats)}
        for one in lacking
    ]


def reason_in_words(reason: Mapping[str, Any]) -> str:
    """One reason of an outcome, as it is stored, in a sentence."""
    counted = {
        "seats": seats(reason.get("seats", 0)),
        "of": reason.get("of", 0),
        "asked": reason.get("asked", 0),
        "group": names("BODY_GROUP", language()).get(reason.get("group", ""), ""),
    }
    sentences = {
        Why.SEATS_MISSING: _("Falta quórum: hablaron %(seats)s de %(of)d y se piden %(asked)d."),
        Why.GROUP_MISSING: _("Falta quórum de «%(group)s»: hablaron %(seats)s de %(of)d y se piden %(asked)d."),
        Why.NOBODY_SPOKE: _("Nadie ha dado su posición."),
        Why.ALL_AGREE: _("Todas las instancias que tomaron partido están de acuerdo (%(seats)s de %(of)d)."),
        Why.RESERVATIONS_KEPT: _("Hay reservas de %(seats)s de %(of)d."),
        Why.ABSTENTIONS: _("Se abstienen %(seats)s de %(of)d."),
        Why.DISAGREEMENT: _("Hay desacuerdo de %(seats)s de %(of)d."),
        Why.DISSENT_KEPT: _("Hay desacuerdo de %(seats)s de %(of)d, que queda escrito con el texto."),
        Why.BLOCKED: _("Bloquean %(seats)s de %(of)d."),
        Why.NOBODY_FOR: _("Ninguna instancia está de acuerdo."),
        Why.MAJORITY_REACHED: _("Están de acuerdo %(seats)s de %(of)d; se pedían %(asked)d."),
        Why.MAJORITY_MISSED: _("Están de acuerdo %(seats)s de %(of)d; se pedían %(asked)d."),
    }
    return sentences[Why(reason["why"])] % counted
