"""Consent of a person to share, and the glass that an officer breaks when nobody can be asked: the rules of both."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.refusals import Refused

GLASS_LASTS = timedelta(hours=3)
REVIEW_WITHIN = timedelta(days=5)
SHORTEST_REASON = 20
LONGEST_REASON = 500
LONGEST_CONSENT = timedelta(days=2 * 366)


def last_day(until: datetime) -> date:
    """The last day on which a consent holds that ends at the moment `until`, told in local time: inclusive."""
    return (until - timedelta(microseconds=1)).date()


class Purpose(StrEnum):
    """What is shared for. A consent is for one purpose."""

    ATTENTION = "attention"
    REINTEGRATION = "reintegration"
    LEGAL = "legal"
    FAMILY = "family"
    PROTECTION = "protection"


class Given(StrEnum):
    """How a consent was given."""

    SIGNED = "signed"
    FINGERPRINT = "fingerprint"
    SPOKEN = "spoken"


class GivenBy(StrEnum):
    """Who gave it. A guardian's needs the child's assent where the child can say."""

    PERSON = "person"
    GUARDIAN = "guardian"


class Verdict(StrEnum):
    """What the review of a broken glass came to."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


class ConsentRefused(Refused):
    """A consent that cannot be recorded as it was typed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "nothing": ("Elija qué se comparte.", "Choose what is shared."),
        "own": (
            "Quien recibe es su propia institución: pida a otra que registre el consentimiento.",
            "The recipient is your own institution: ask another to record the consent.",
        ),
        "not_yours": (
            "Solo puede compartir lo que usted puede leer.",
            "You may share only what you may read yourself.",
        ),
        "protected": (
            "«{section}» no se abre con un consentimiento: lo lee solo quien atiende el caso.",
            "“{section}” is not opened by a consent: only whoever attends the case reads it.",
        ),
        "never": (
            "{institution} no puede leer «{section}», tampoco con consentimiento.",
            "{institution} may not read “{section}”, not even with a consent.",
        ),
        "past": ("Termina antes de mañana. Elija un día posterior.", "It ends before tomorrow. Choose a later day."),
        "too_long": (
            "Dura más de dos años. Elija un día hasta {last}.",
            "It lasts over two years. Choose a day until {last}.",
        ),
        "law": (
            "La lista no nombra esa ley para lo que se comparte y para qué. Elija otra, o ninguna.",
            "The list does not name that law for what is shared and what for. Choose another one, or none.",
        ),
        "assent": (
            "Diga si la niña o el niño está de acuerdo; sin su asentimiento no se comparte.",
            "Say whether the child agrees; without the child's assent nothing is shared.",
        ),
        "witness": (
            "Un consentimiento de palabra necesita un testigo: escriba quién lo oyó.",
            "A spoken consent needs a witness: write who heard it.",
        ),
    }


class GlassRefused(Refused):
    """A reason that is no reason, or glass that was broken before without one."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "reason": (
            "Explique en {least} letras o más por qué no puede esperar. Otra persona lo leerá.",
            "Explain in {least} letters or more why it cannot wait. Somebody else will read it.",
        ),
        "judged": (
            "Quien protege los datos juzgó que no estaba justificado que usted abriera este registro. No puede abrirlo "
            "de urgencia otra vez mientras no lo permita, con una razón. No se abrió nada; pida el registro.",
            "Data protection judged that it was not justified that you opened this record. You may not break the glass "
            "for it again until they allow it, with a reason. Nothing was opened; ask for the record.",
        ),
    }


def check_consent(
    *,
    sections: Collection[str],
    readable: Collection[str],
    protected: Collection[str],
    never: Collection[str],
    own: bool,
    institution: str,
    valid_until: date,
    given: Given,
    given_by: GivenBy,
    assent: bool,
    witness: str,
    today: date,
) -> None:
    """Refuse a consent that shares what nobody may share, or that lasts for ever. Raises ConsentRefused.

    readable    codes of the sections that the recording officer may read of this person
    protected   codes of the sections that no consent opens
    never       codes that the recipient must never read
    """
    if not sections:
        raise ConsentRefused("sections", "nothing")
    if own:
        raise ConsentRefused("recipient", "own")
    for section in sorted(sections):
        if section in protected:
            raise ConsentRefused("sections", "protected", section=section)
        if section in never:
            raise ConsentRefused("sections", "never", section=section, institution=institution)
        if section not in readable:
            raise ConsentRefused("sections", "not_yours")
    if valid_until <= today:
        raise ConsentRefused("valid_until", "past")
    if valid_until > today + LONGEST_CONSENT:
        raise ConsentRefused("valid_until", "too_long", last=f"{today + LONGEST_CONSENT:%Y-%m-%d}")
    if given_by is GivenBy.GUARDIAN and not assent:
        raise ConsentRefused("assent", "assent")
    if given is Given.SPOKEN and not witness.strip():
        raise ConsentRefused("witness", "witness")


def check_reason(reason: str) -> str:
    """The reason for breaking the glass, without stray spaces. Raises GlassRefused."""
    kept = " ".join(reason.split())
    if len(kept) < SHORTEST_REASON:
        raise GlassRefused("reason", "reason", least=SHORTEST_REASON)
    return kept[:LONGEST_REASON]


def glass_until(opened_at: datetime) -> datetime:
    """When broken glass closes again."""
    return opened_at + GLASS_LASTS
