"""Making an instrument of a national position that was adopted: sections, provisions and both languages, or nothing."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from torogoz.domain.positions import Both
from torogoz.shared.institutions.models import Officer
from torogoz.shared.provisions.models import Instrument, Provision, ProvisionText

COUNTRY = "SLV"


@dataclass(frozen=True)
class Part:
    """One provision to make: its code, the code of the part that it belongs to (empty for none), its kind, its words.

    A part comes after the one that it belongs to.
    """

    code: str
    parent: str
    kind: str
    text: Both


@dataclass(frozen=True)
class Position:
    """An adopted position: names, who adopted it and when, the hash of its canonical form, and its parts in order."""

    code: str
    name: Both
    body: Both
    adopted_on: date
    source: Both
    sha256: str
    made_up: bool
    parts: tuple[Part, ...]


@transaction.atomic
def make_instrument(*, position: Position, by: Officer | None, now: datetime) -> Instrument:
    """The instrument of this position; the one that was made before, when the same position (by its hash) comes again.

    Both languages were adopted, so both are source wordings. Nothing is made by halves.
    """
    made = Instrument.objects.filter(made_from=position.sha256).first()
    if made is not None:
        return made
    instrument = Instrument(
        code=position.code,
        kind=Instrument.Kind.NATIONAL_POSITION,
        name_es=position.name.es,
        name_en=position.name.en,
        body_es=position.body.es,
        body_en=position.body.en,
        country=COUNTRY,
        adopted_on=position.adopted_on,
        source=position.source.en,
        source_es=position.source.es,
        made_from=position.sha256,
        made_up=position.made_up,
    )
    instrument.save(force_insert=True)
    provisions: dict[str, Provision] = {}
    for place, part in enumerate(position.parts):
        provision = Provision(
            instrument=instrument,
            parent=provisions[part.parent] if part.parent else None,
            code=part.code,
            position=place,
            kind=part.kind,
        )
        provision.save(force_insert=True)
        provisions[part.code] = provision
    ProvisionText.objects.bulk_create(
        ProvisionText(
            provision=provisions[part.code],
            language=language,
            role=ProvisionText.Role.SOURCE,
            text=text,
            written_by=by,
            written_at=now,
        )
        for part in position.parts
        for language, text in (("es", part.text.es), ("en", part.text.en))
        if text
    )
    return instrument
