"""What is recorded of a person, read from what an officer typed: everything wrong is told at once, by its field."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar, TypeVar

from torogoz.domain.birthdates import PartialDate, read_birth
from torogoz.domain.documents import DocumentNumber, Doubt, read_document
from torogoz.domain.names import PARTS, PersonName, read_aliases, read_name, require_some_name
from torogoz.domain.refusals import FieldsRefused, Refused

SEXES = ("F", "M", "_O", "_U")
UNKNOWN = "_U"

Read = TypeVar("Read")


class DetailRefused(Refused):
    """A code that no list of the form offers."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "sex": (
            "«{value}» no es una de las respuestas. Elija mujer, hombre, otra o «Se desconoce».",
            "“{value}” is not one of the answers. Choose woman, man, other or unknown.",
        ),
        "nationality": (
            "«{value}» no es un país de la lista. Si no se sabe, elija «Se desconoce».",
            "“{value}” is not a country of the list. If it is not known, choose unknown.",
        ),
        "issuer": (
            "«{value}» no es un país de la lista. Elija el país que emitió el documento.",
            "“{value}” is not a country of the list. Choose the country that issued the document.",
        ),
        "kind": (
            "Elija qué documento es el número «{value}».",
            "Choose which document the number “{value}” is of.",
        ),
    }


@dataclass(frozen=True)
class DocumentTyped:
    """A document as an officer typed it: code of the list DOCUMENT, number, ISO 3166-1 alpha-3 of the issuer."""

    kind: str
    number: str
    issuer: str = "SLV"


@dataclass(frozen=True)
class Details:
    """A person's details, read. Unknown birth is None; unknown sex and nationality are `_U`."""

    name: PersonName
    aliases: tuple[str, ...]
    sex: str
    birth: PartialDate | None
    nationality: str
    documents: tuple[tuple[DocumentNumber, str], ...] = ()

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What looks like a slip in the documents' numbers, and is kept all the same."""
        return tuple(doubt for document, _ in self.documents for doubt in document.doubts)


def read_details(
    *,
    today: date,
    names: Mapping[str, str],
    aliases: Iterable[str] = (),
    sex: str = UNKNOWN,
    birth: str = "",
    nationality: str = UNKNOWN,
    documents: Iterable[DocumentTyped] = (),
) -> Details:
    """Read everything that was typed of a person.

    names       the parts of the name by field: given1, given2, surname1, surname2, married
    documents   without a number they are left out; the field of the n-th is `document-n`, from 0
    raises      FieldsRefused with every field that cannot be kept
    """
    errors: dict[str, Refused] = {}
    parts = {field: names.get(field, "") for field in PARTS}
    for field in PARTS:
        read = _try(errors, partial(read_name, **{field: parts[field]}), PersonName())
        parts[field] = getattr(read, field)
    name = PersonName(**parts)
    others: tuple[str, ...] = _try(errors, partial(read_aliases, aliases), ())
    if not errors:  # a name that cannot be kept was typed all the same
        _try(errors, partial(require_some_name, name, others), None)
    born = _try(errors, partial(read_birth, birth, today=today), None)
    if sex not in SEXES:
        errors["sex"] = DetailRefused("sex", "sex", value=sex)
    if not is_country(nationality):
        errors["nationality"] = DetailRefused("nationality", "nationality", value=nationality)
    numbers: list[tuple[DocumentNumber, str]] = []
    for place, document in enumerate(documents):
        if document.number.strip():
            read_number = _try(errors, partial(read_typed, document, f"document-{place}"), None)
            if read_number is not None:
                numbers.append((read_number, document.issuer))
    if errors:
        raise FieldsRefused(errors)
    return Details(name, others, sex, born, nationality, tuple(numbers))


def read_typed(document: DocumentTyped, field: str) -> DocumentNumber:
    """The number of a document whose kind and issuer are known. Raises DetailRefused, DocumentRefused."""
    if not document.kind:
        raise DetailRefused(field, "kind", value=document.number)
    if not is_country(document.issuer):
        raise DetailRefused(field, "issuer", value=document.issuer)
    return read_document(document.kind, document.number, field=field)


def is_country(code: str) -> bool:
    """Whether `code` looks like a country's (three capitals) or says that it is unknown."""
    return code == UNKNOWN or re.fullmatch(r"[A-Z]{3}", code) is not None


def _try(errors: dict[str, Refused], read: Callable[[], Read], otherwise: Read) -> Read:
    try:
        return read()
    except Refused as refused:
        errors.setdefault(refused.field, refused)
        return otherwise
