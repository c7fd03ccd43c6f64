"""How pages call what codes stand for."""

from django.utils.translation import gettext_lazy as _

from torogoz.domain import mobile_consulates
from torogoz.domain.associations import Channel, State, Step
from torogoz.domain.community_projects import FundKind
from torogoz.domain.community_projects import State as Project
from torogoz.domain.community_projects import Step as ProjectStep
from torogoz.domain.mobile_consulates import Service
from torogoz.domain.polls import Moment
from torogoz.domain.skills import Field

LANGUAGES = {
    "es": _("español"),
    "en": _("inglés"),
    "fr": _("francés"),
    "it": _("italiano"),
    "pt": _("portugués"),
    "de": _("alemán"),
    "sv": _("sueco"),
    "ca": _("catalán"),
    "nah": _("náhuat"),
}
CHANNELS = {
    Channel.MAIL: _("Correo electrónico"),
    Channel.TELEPHONE: _("Teléfono o WhatsApp"),
    Channel.WEB: _("Página de Internet"),
}
STATES = {
    State.DECLARED: _("declarada: un consulado todavía no la ha verificado"),
    State.VERIFIED: _("verificada"),
    State.LAPSED: _("verificación vencida"),
    State.REFUSED: _("no aceptada"),
    State.WITHDRAWN: _("retirada"),
}
BADGES = {
    State.DECLARED: "more",
    State.VERIFIED: "may",
    State.LAPSED: "not",
    State.REFUSED: "danger",
    State.WITHDRAWN: "not",
}
STEPS = {
    Step.VERIFY: _("Verificar"),
    Step.REFUSE: _("No aceptar"),
    Step.LAPSE: _("Dar por vencida"),
    Step.CORRECT: _("Corregir"),
    Step.WITHDRAW: _("Retirar"),
    Step.RENEW: _("Dar un comprobante nuevo"),
}
SERVICES = {
    Service.PASSPORT: _("Pasaporte"),
    Service.DUI: _("Documento Único de Identidad (DUI)"),
    Service.REGISTRY: _("Partidas de nacimiento, matrimonio y defunción"),
    Service.NOTARY: _("Poderes y autorizaciones ante notario"),
    Service.PROTECTION: _("Protección consular"),
    Service.WORK: _("Orientación laboral"),
    Service.PENSIONS: _("Pensiones y seguro social"),
    Service.HEALTH: _("Orientación de salud"),
}
DAYS = {
    mobile_consulates.State.PLANNED: _("se atiende"),
    mobile_consulates.State.CANCELLED: _("cancelada"),
    mobile_consulates.State.MOVED: _("trasladada"),
}
DAY_BADGES = {
    mobile_consulates.State.PLANNED: "may",
    mobile_consulates.State.CANCELLED: "danger",
    mobile_consulates.State.MOVED: "more",
}
PROJECT_STATES = {
    Project.PROPOSED: _("propuesto: la municipalidad no lo ha revisado"),
    Project.CHECKED: _("revisado por la municipalidad"),
    Project.OPEN: _("abierto a aportes"),
    Project.UNDER_WAY: _("en marcha"),
    Project.FINISHED: _("terminado"),
    Project.STOPPED: _("detenido"),
    Project.DECLINED: _("no aceptado"),
}
PROJECT_BADGES = {
    Project.PROPOSED: "more",
    Project.CHECKED: "more",
    Project.OPEN: "may",
    Project.UNDER_WAY: "may",
    Project.FINISHED: "may",
    Project.STOPPED: "danger",
    Project.DECLINED: "danger",
}
PROJECT_STEPS = {
    ProjectStep.CHECK: _("Está revisado"),
    ProjectStep.DECLINE: _("No aceptarlo"),
    ProjectStep.OPEN: _("Abrirlo a aportes"),
    ProjectStep.START: _("Empieza"),
    ProjectStep.FINISH: _("Está terminado"),
    ProjectStep.STOP: _("Detenerlo"),
}
FUND_KINDS = {FundKind.PLEDGED: _("Prometido"), FundKind.RECEIVED: _("Recibido")}
FIELDS = {
    Field.HEALTH: _("Salud"),
    Field.TEACHING: _("Enseñanza y formación"),
    Field.WORK: _("Empleo y derechos laborales"),
    Field.BUSINESS: _("Empresa y comercio"),
    Field.ENGINEERING: _("Ingeniería, agua y construcción"),
    Field.LAW: _("Derecho"),
    Field.CULTURE: _("Cultura e idiomas"),
}
MOMENTS = {
    Moment.WAITING: _("todavía no abre"),
    Moment.OPEN: _("abierta"),
    Moment.CLOSED: _("cerrada"),
    Moment.WITHDRAWN: _("retirada"),
}
