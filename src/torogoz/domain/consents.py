"""Consent of a person to share, and the glass that an officer breaks when nobody can be asked: the rules of both."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.children import Minority
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
        "child": (
            "Por su nacimiento es menor de 18 años: consiente su madre, padre o responsable, y la niña, niño o "
            "adolescente dice si está de acuerdo.",
            "By the birth date this is a child under 18: mother, father or guardian consents, and the child says "
            "whether he or she agrees.",
        ),
        "adult": (
            "Por su nacimiento tiene 18 años o más: consiente la persona misma, y nadie por ella.",
            "By the birth date this is an adult of 18 or over: the person consents, and nobody else does.",
        ),
        "said_child": (
            "Usted dijo que es menor de 18 años: consiente su madre, padre o responsable, y la niña, niño o "
            "adolescente dice si está de acuerdo.",
            "You said that this is a child under 18: mother, father or guardian consents, and the child says whether "
            "he or she agrees.",
        ),
        "said_adult": (
            "Usted dijo que tiene 18 años o más: consiente la persona misma, y nadie por ella.",
            "You said that this is an adult of 18 or over: the person consents, and nobody else does.",
        ),
        "age": (
            "El nacimiento registrado no dice si tiene 18 años: diga si es menor.",
            "The recorded birth does not tell whether the person is 18: say whether this is a child.",
        ),
        "same": (
            "Ya hay un consentimiento vigente que comparte lo mismo, con la misma institución y para lo mismo, hasta "
            "el {last}. No se guardó otro: si cambia, retire ese primero; si solo se alarga, elija un día posterior.",
            "There is a consent in force already that shares the same, with the same institution, for the same, until "
            "{last}. No other one was saved: if it changes, withdraw that one first; if it only lasts longer, choose a "
            "later day.",
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


def check_giver(*, of: Minority, minor: bool | None, given_by: GivenBy) -> None:
    """Refuse a child who consents alone, and an adult for whom a parent does. Raises ConsentRefused.

    of      whether somebody is under 18, as far as the birth date tells today
    minor   what the officer says of it, where the birth date does not tell; None when that was not said
    """
    told = of in (Minority.CHILD, Minority.ADULT)
    if not told and minor is None:
        raise ConsentRefused("minor", "age")
    child = of is Minority.CHILD if told else bool(minor)
    if child and given_by is GivenBy.PERSON:
        raise ConsentRefused("given_by", "child" if told else "said_child")
    if not child and given_by is GivenBy.GUARDIAN:
        raise ConsentRefused("given_by", "adult" if told else "said_adult")


def check_reason(reason: str) -> str:
    """The reason for breaking the glass, without stray spaces. Raises GlassRefused."""
    kept = " ".join(reason.split())
    if len(kept) < SHORTEST_REASON:
        raise GlassRefused("reason", "reason", least=SHORTEST_REASON)
    return kept[:LONGEST_REASON]


def glass_until(opened_at: datetime) -> datetime:
    """When broken glass closes again."""
    return opened_at + GLASS_LASTS
