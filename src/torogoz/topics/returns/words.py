"""Arrivals and people in words: the lines of a page, as far as each fact is open to who reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torogoz.domain.conditions import UNKNOWN
from torogoz.domain.consents import Given, GivenBy, Purpose, last_day
from torogoz.domain.returns import Answer, Ground
from torogoz.shared.audit.words import PURPOSES, section_names
from torogoz.shared.cases.queries import consents_seen_by, may_withdraw
from torogoz.shared.cases.words import GIVEN, GIVEN_BY
from torogoz.shared.codelists import queries as codelists
from torogoz.shared.institutions.grounds import named
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.document_queries import DocumentChange
from torogoz.shared.people.likeness import Reason
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import Document, IdentitySeen, names_of
from torogoz.shared.people.review_words import reasons as agreement_said
from torogoz.shared.places import queries as places
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.returns.correction_forms import WHY_CORRECTED
from torogoz.topics.returns.document_forms import WHY_DOCUMENT
from torogoz.topics.returns.forms import ANSWERS, ROUTES, SEXES
from torogoz.topics.returns.queries import ArrivalSeen, ages_on

Line = tuple[str, str]


@dataclass(frozen=True)
class Stop:
    """The medical stop in words: kind of badge (ui), what to do, the same under a heading that says it, why."""

    kind: str
    word: str
    short: str
    why: str


@dataclass(frozen=True)
class Row:
    """One line of the list of arrivals; what is not open is empty."""

    key: str
    at: datetime
    name: str
    who: str
    journey: str
    destination: str
    needs: str
    stop: Stop | None


def reasons(found: Iterable[str]) -> list[str]:
    """Why a person was found: by words that were typed, or, of whom a form describes, by what agrees."""
    words = {
        Reason.SAME_DOCUMENT: _("el mismo documento"),
        Reason.NEAR_DOCUMENT: _("un documento casi igual"),
        Reason.SAME_NAMES: _("los mismos nombres y apellidos"),
        Reason.SAME_SURNAMES: _("los mismos apellidos"),
        Reason.SOME_NAMES: _("algún nombre o apellido"),
        Reason.SOUNDS_ALIKE: _("suena igual"),
        Reason.SHORT_NAME: _("nombre abreviado"),
        Reason.MISSPELT: _("una letra distinta"),
        Reason.KNOWN_AS: _("conocida así"),
        Reason.SAME_BIRTH_YEAR: _("el mismo año de nacimiento"),
        Reason.NEAR_BIRTH_YEAR: _("un año de nacimiento cercano"),
    }
    said = []
    for reason in found:
        if "." in reason:
            said += [text[:1].lower() + text[1:] for text in agreement_said([reason])]
        else:
            said.append(words[Reason(reason)])
    return said


def sex(code: str) -> str:
    """Woman, man, other, unknown."""
    return str(dict(SEXES).get(code, code))


def age(person: Person, day: date) -> str:
    """The age on a day: «25 años», «24 o 25 años», or empty when it is not known."""
    ages = ages_on(person, day)
    if ages is None:
        return ""
    least, most = ages
    if least == most:
        return ngettext("%(age)s año", "%(age)s años", least) % {"age": least}
    return _("%(least)s o %(most)s años") % {"least": least, "most": most}


def full_name(person: Person) -> str:
    """The name on papers, else the first by which the person is known."""
    name, aliases = names_of(person)
    return str(name) or next(iter(aliases), "") or _("Sin nombre")


def stop(seen: ArrivalSeen) -> Stop | None:
    """What to do about the medical stop, and why as far as that is open; None for who is not told of it."""
    grounds = {
        Ground.CHILD: _("niña o niño de 0 a 3 años"),
        Ground.PREGNANT: _("embarazo"),
        Ground.OLDER: _("60 años o más"),
        Ground.DISABLED: _("discapacidad"),
        Ground.INJURED: _("herida o lesión"),
    }
    found = seen.stop
    if found is None:
        return None
    if found.compulsory is Answer.YES:
        why = ", ".join(grounds[ground] for ground in found.grounds)
        return Stop("danger", _("Parada médica obligatoria"), _("Obligatoria"), why)
    if found.compulsory is Answer.NO:
        return Stop("not", _("Sin parada obligatoria"), _("No es obligatoria"), "")
    missing = ", ".join(grounds[ground] for ground in found.unknown)
    why = _("falta saber: %(facts)s") % {"facts": missing} if missing else ""
    return Stop("more", _("Parada médica: por aclarar"), _("Por aclarar"), why)


def why_corrected(reason: str) -> str:
    """Why a person was corrected."""
    return str(dict(WHY_CORRECTED).get(reason, reason))


def why_document(reason: str) -> str:
    """Why a document was corrected or taken away."""
    return str(WHY_DOCUMENT.get(reason, reason))


def consents(officer: Officer, person: Person, now: datetime) -> list[dict[str, Any]]:
    """The consents of a person that concern the officer's institution, in words."""
    names = section_names(language())
    return [
        {
            "consent": one,
            "purpose": PURPOSES[Purpose(one.purpose)],
            "law": named(one.law, language()) if one.law else "",
            "sections": [names.get(code, code) for code in one.sections],
            "last_day": last_day(timezone.localtime(one.valid_until)),
            "given_by": GIVEN_BY[GivenBy(one.given_by)],
            "assent": one.assent and one.given_by == GivenBy.GUARDIAN.value,
            "given": GIVEN[Given(one.given)],
            "ended": one.withdrawn_at is not None or one.valid_until <= now,
            "may_withdraw": may_withdraw(officer, one, now),
        }
        for one in consents_seen_by(officer, person, now)
    ]


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str]]:
    """What differs between two accounts of who a person is (`people.queries.details_of`), in words."""
    labels = {
        "given1": _("Primer nombre"),
        "given2": _("Segundo nombre"),
        "surname1": _("Primer apellido"),
        "surname2": _("Segundo apellido"),
        "married": _("Apellido de casada"),
        "aliases": _("Conocido por"),
        "birth": _("Fecha de nacimiento"),
        "sex": _("Sexo"),
        "nationality": _("Nacionalidad"),
    }
    names = codelists.names("AREA", language())

    def said(field: str, value: Any) -> str:
        if field == "aliases":
            return "; ".join(value) or "–"
        if field == "sex":
            return sex(value)
        return (names.get(value) if field == "nationality" else value) or "–"

    return [
        {"label": label, "before": said(field, before[field]), "after": said(field, after[field])}
        for field, label in labels.items()
        if before[field] != after[field]
    ]


class Words:
    """The names of codes in the language of the page, read once for all its lines."""

    def __init__(self) -> None:
        self.countries = codelists.names("AREA", language())
        self.needs = codelists.names("NEED", language())
        self.reasons = codelists.names("REASON", language())
        self.documents = codelists.names("DOCUMENT", language())
        self.places = places.names()

    def country(self, code: str) -> str:
        """The name of a country, or unknown; a code that is on no list is not unknown."""
        return _("Se desconoce") if code in ("", UNKNOWN) else self.countries.get(code, code)

    def place(self, department: str, district: str) -> str:
        """A district and its department by name, or unknown."""
        named = (self.places.get(code) for code in (district, department) if code)
        return ", ".join(name for name in named if name) or _("Se desconoce")

    def row(self, seen: ArrivalSeen) -> Row:
        """One line of the list."""
        arrival, person = seen.arrival, seen.person
        at = arrival.encounter.occurred_at
        journey = destination = who = ""
        if "birth" in seen.facts:
            parts = (sex(person.sex), age(person, timezone.localdate(at)))
            who = ", ".join(part for part in parts if part)
        if "route" in seen.facts:
            journey = f"{self.country(arrival.returned_from)}, {dict(ROUTES)[arrival.route].lower()}"
            destination = self.place(arrival.destination_department, arrival.destination_district)
        reserved = "" if "needs" in seen.facts else _("Nada práctico; lo demás no es para su institución")
        return Row(
            key=str(person.key),
            at=at,
            name=full_name(person),
            who=who,
            journey=journey,
            destination=destination,
            needs=", ".join(self.needs.get(need, need) for need in seen.needs) or reserved,
            stop=stop(seen),
        )

    def _of_document(self, document: Document) -> Line:
        number = document.number or _("(cifrado; falta su clave)")
        if document.issuer != "SLV":
            number = f"{number} ({self.country(document.issuer)})"
        return self.documents.get(document.kind, document.kind), number

    def document(self, document: Document) -> str:
        """A document in one text: its kind, its number, and its country when that is another."""
        return ": ".join(self._of_document(document))

    def of_change(self, change: DocumentChange) -> Line:
        """What a document said, and what it says since a correction."""
        shut = _("(cifrado; falta su clave)")
        before = self.document(change.before) if change.before else shut
        if change.removed:
            return before, _("Se quitó: nunca fue de esta persona")
        return before, self.document(change.after) if change.after else shut

    def of_identity(self, identity: IdentitySeen, person: Person, today: date) -> list[Line]:
        """Who the person is, as far as it is open."""
        if not identity.whole:
            return []
        born = identity.birth or _("Se desconoce")
        years = age(person, today)
        lines = [
            (_("Sexo"), sex(identity.sex)),
            (_("Nacimiento"), f"{born} ({years})" if years else born),
            (_("Nacionalidad"), self.country(identity.nationality)),
        ]
        if identity.aliases:
            lines.append((_("Conocido por"), "; ".join(identity.aliases)))
        lines.extend(self._of_document(document) for document in identity.documents)
        if not identity.documents:
            lines.append((_("Documentos"), _("Ninguno registrado")))
        return lines

    def of_arrival(self, seen: ArrivalSeen, only: Iterable[str] | None = None) -> list[Line]:
        """What was declared on arrival, as far as it is open; `only` these facts when they are named."""
        arrival = seen.arrival
        answers = {code: str(word) for code, word in ANSWERS}
        told = [self.needs.get(need, need) for need in seen.needs]
        values: dict[str, tuple[str, Any]] = {
            "returned_from": (_("País de retorno"), self.country(arrival.returned_from)),
            "route": (_("Vía"), dict(ROUTES)[arrival.route]),
            "accompanied": (_("Viene con familiares"), answers[arrival.accompanied]),
            "origin": (_("Origen"), self.place(arrival.origin_department, arrival.origin_district)),
            "destination": (_("Destino"), self.place(arrival.destination_department, arrival.destination_district)),
            "reason": (_("Motivo de la salida"), self.reasons.get(arrival.reason, arrival.reason)),
            "needs": (_("Necesita"), ", ".join(told) or _("Nada por ahora")),
            "pregnant": (_("Embarazo"), answers[arrival.pregnant]),
            "disabled": (_("Discapacidad"), answers[arrival.disabled]),
            "injured": (_("Herida o lesión"), answers[arrival.injured]),
        }
        shown = seen.facts if only is None else seen.facts & frozenset(only)
        if only is None and told:
            shown |= {"needs"}
        return [(label, str(value)) for fact, (label, value) in values.items() if fact in shown]
