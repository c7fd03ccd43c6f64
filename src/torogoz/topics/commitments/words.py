"""How the pages of commitments say things: relations, origins, roles, states; in the reader's language."""

from django.utils.translation import gettext as _

from torogoz.shared.provisions.models import Instrument, Link, Provision, ProvisionText
from torogoz.shared.provisions.queries import Words
from torogoz.shared.provisions.shipped import (
    BY_THE_SAME_IDEA,
    COMPARED,
    FOR_A_LAWYER,
    NAMED_BY_SOURCE,
    NOT_COMPARED,
    OWN_WORDS,
    READING,
    TO_CONFIRM,
    WHOLE,
)
from torogoz.topics.commitments.models import Responsibility

FOR_LAWYERS = (Instrument.Kind.TREATY, Instrument.Kind.GUIDANCE)


def relation(kind: str, *, here: bool) -> str:
    """What a link says of the provision that it starts at (`here`), or of the one that it leads to."""
    out, back = {
        Link.Kind.IMPLEMENTS: (_("Da cumplimiento a"), _("Le da cumplimiento")),
        Link.Kind.CORRESPONDS: (_("Se corresponde con"), _("Se corresponde con esto")),
        Link.Kind.REPEATS: (_("Repite la idea de"), _("Su idea se repite en")),
        Link.Kind.NARROWS: (_("Precisa"), _("Lo precisa")),
        Link.Kind.TENSION: (_("Está en tensión con"), _("Está en tensión con")),
        Link.Kind.REPLACES: (_("Sustituye a"), _("Lo sustituye")),
        Link.Kind.ANSWERS: (_("Responde a"), _("Le responde")),
    }[Link.Kind(kind)]
    return out if here else back


def link_kinds() -> list[tuple[str, str]]:
    """The kinds of link, as they are chosen."""
    return [(kind.value, relation(kind.value, here=True)) for kind in Link.Kind]


def origin(link: Link) -> tuple[str, str]:
    """Where a link comes from: the state that marks it (may, more, not), and in words."""
    if link.ended_at is not None:
        return "not", _("terminado")
    if link.origin == Link.Origin.CONFIRMED:
        return "may", _("confirmado por una persona")
    if link.origin == Link.Origin.CURATED:
        return "may", _("leído en el texto")
    if link.target.instrument.kind in FOR_LAWYERS or link.source.instrument.kind in FOR_LAWYERS:
        return "more", _("propuesta, para una persona abogada")
    return "more", _("propuesta por confirmar")


def reason(why: str) -> str:
    """Why a link is there: what is shipped in the reader's language, what a person wrote as it was written."""
    shipped = {
        READING: _("Lectura del texto impreso por Torogoz."),
        BY_THE_SAME_IDEA: _("La misma idea está bajo los dos títulos del texto impreso."),
        NAMED_BY_SOURCE: _("La nombra la fuente de la que se leyó la recomendación; está por confirmar."),
        FOR_A_LAWYER: _("Propuesta de Torogoz en 2026, que una persona abogada debe confirmar; no está en el texto."),
        TO_CONFIRM: _("Propuesta de Torogoz en 2026 por confirmar; el texto es anterior al Pacto adoptado."),
    }
    return shipped.get(why, why)


def read_in(text: ProvisionText) -> tuple[str, bool]:
    """Where the words were read, in the reader's language, and whether they are still to be checked."""
    said = {
        COMPARED: _("A/RES/73/195, anexo; cotejada con una copia de la resolución o con quien la cita"),
        NOT_COMPARED: _("A/RES/73/195, anexo"),
        OWN_WORDS: "",
    }
    return said.get(text.origin, text.origin), text.origin == NOT_COMPARED


def noted_by(source: str) -> str:
    """Who says what a flag says."""
    return _("Lectura del texto impreso por Torogoz.") if source == READING else source


def wording_role(role: str) -> str:
    """What a wording is."""
    return {
        ProvisionText.Role.SOURCE: _("Redacción impresa"),
        ProvisionText.Role.PARAPHRASE: _("En palabras de este registro"),
        ProvisionText.Role.TRANSLATION: _("Traducción"),
    }[ProvisionText.Role(role)]


def tongue(language: str) -> str:
    """The name of a language."""
    return {"es": _("español"), "en": _("inglés")}.get(language, language)


def responsibility_role(role: str) -> str:
    """Leads or supports."""
    return {Responsibility.Role.LEAD: _("dirige"), Responsibility.Role.SUPPORT: _("apoya")}[Responsibility.Role(role)]


def called(provision: Provision, language: str, words: Words | None = None) -> str:
    """What a provision is called on a page about another one: its instrument, where it is another, and its code."""
    instrument = provision.instrument
    name = instrument.name_en if language == "en" else instrument.name_es
    best = words.best(language) if words else None
    text = f": {best.text}" if best else ""
    if provision.kind == "objective":
        return _("Pacto Mundial, objetivo %(code)s") % {"code": provision.code} + text
    if provision.kind == "target":
        return _("Meta %(code)s de los ODS") % {"code": provision.code} + text
    if provision.code == WHOLE:
        return name
    if provision.kind == "article":
        return _("%(name)s, artículo %(code)s") % {"name": name, "code": provision.code}
    return provision.code + text


def choices() -> dict[str, str]:
    """What each choice of the list is called."""
    return {
        "instrument": _("Instrumento"),
        "mechanism": _("Quién recomienda"),
        "theme": _("Tema"),
        "kind": _("Clase"),
        "role": _("Qué pide del sistema"),
        "actor": _("A quién obliga"),
        "beneficiary": _("A favor de quién"),
        "objective": _("Objetivo del Pacto Mundial"),
        "target": _("Meta de los ODS"),
        "system": _("Demanda que la atiende"),
        "flag": _("Advertencia"),
        "answer": _("Respuesta del Estado"),
    }


def details() -> dict[str, str]:
    """What is recorded of a provision, by name."""
    return {
        "kind": _("Clase"),
        "role": _("Qué pide del sistema"),
        "system": _("Demanda que la atiende"),
        "actors": _("A quién obliga"),
        "beneficiaries": _("A favor de quién"),
        "lines": _("Líneas del texto impreso"),
        "made_by": _("Quién la hizo"),
        "answer": _("Respuesta del Estado"),
        "issues": _("Asuntos, como los nombra la fuente"),
        "session": _("Sesión"),
        "mechanism": _("Mecanismo"),
        "document": _("Documento"),
        "paragraph": _("Párrafo"),
        "published_on": _("Fecha del documento"),
        "persons": _("Personas de las que trata, como las nombra la fuente"),
        "sdgs": _("Metas de los ODS, como las nombra la fuente"),
    }
