"""What may be read of the protocol: its versions and drafts by who agrees on it, the laws by everybody."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from torogoz.domain.access import Tier, Verb
from torogoz.domain.protocols import OPEN, Agreed, State, parties
from torogoz.shared.cases.models import LegalBasis
from torogoz.shared.institutions.access import seats
from torogoz.shared.institutions.models import Institution, LegalGround, Officer
from torogoz.shared.protocols.models import Annex, ProtocolVersion, Signature
from torogoz.shared.vault.keyring import FileDamaged
from torogoz.shared.vault.sealing import SealBroken, opened
from torogoz.statistics.forms.shipped import current


class AnnexDamaged(FileDamaged):
    """The bytes of an annex, or of a scanned sheet, are not those that were stored. Restore them from a back-up."""


RELATED = ("base", "proposed_by", "proposed_for", "decided_by", "decided_for")


def agrees(officer: Officer, now: datetime) -> bool:
    """Whether the officer may propose, approve and read versions of the protocol."""
    return bool(seats(officer, Verb.AGREE, now))


def versions() -> list[ProtocolVersion]:
    """The approved versions, the newest first."""
    found = ProtocolVersion.objects.filter(state=State.APPROVED.value)
    return list(found.select_related(*RELATED).order_by("-number"))


def version_numbered(number: int) -> ProtocolVersion | None:
    """The approved version of this number."""
    return ProtocolVersion.objects.select_related(*RELATED).filter(number=number).first()


def latest() -> ProtocolVersion | None:
    """The last approved version, in force already or to be: the one that a draft changes."""
    return next(iter(versions()), None)


def in_force(now: datetime) -> ProtocolVersion | None:
    """The version by which is decided at `now`."""
    return next((one for one in versions() if one.in_force_from and one.in_force_from <= now), None)


def drafts(officer: Officer, now: datetime) -> list[ProtocolVersion]:
    """What waits for an approval, and drafts of the officer's own institutions; the newest first."""
    served = seats(officer, Verb.AGREE, now)
    found = ProtocolVersion.objects.filter(state__in=[one.value for one in OPEN]).select_related(*RELATED)
    return [one for one in found.order_by("-pk") if _shown(one, served)]


def draft_seen_by(officer: Officer, key: UUID, now: datetime) -> ProtocolVersion | None:
    """The change with this key, decided or not; None when the officer may not know of it."""
    served = seats(officer, Verb.AGREE, now)
    found = ProtocolVersion.objects.select_related(*RELATED).filter(key=key, shipped=False).first()
    return found if found is not None and served and _shown(found, served) else None


def waiting(officer: Officer, now: datetime) -> int:
    """How many changes wait for somebody of another institution than the one that proposed them."""
    served = set(seats(officer, Verb.AGREE, now))
    if not served:
        return 0
    proposed = ProtocolVersion.objects.filter(state=State.PROPOSED.value)
    return sum(bool(served - {code}) for code in proposed.values_list("proposed_for__code", flat=True))


def tiers(lines: Sequence[Agreed]) -> dict[str, Tier]:
    """The tier of every section: that of its form, and of what is beside the form as the table has it."""
    return {line.rule.section: line.rule.tier for line in lines} | {form.code: Tier(form.tier) for form in current()}


def acts_for(officer: Officer, lines: Sequence[Agreed], now: datetime) -> list[str]:
    """The institutions, party to the table, for which the officer agrees on it."""
    known = parties(lines)
    return [code for code in seats(officer, Verb.AGREE, now) if code in known]


def annex_of(version: ProtocolVersion, language: str) -> Annex | None:
    """The annex as issued. Raises AnnexDamaged when its bytes are others."""
    annex = version.annexes.filter(language=language).first()
    if annex is not None and hashlib.sha256(bytes(annex.pdf)).hexdigest() != annex.sha256:
        raise AnnexDamaged(f"the annex of {version} in {language} is not the one that was issued")
    return annex


def annexes_of(version: ProtocolVersion) -> list[Annex]:
    """The annexes of a version, without their bytes."""
    return list(version.annexes.defer("pdf").order_by("-language"))


def signatures_of(version: ProtocolVersion) -> list[Signature]:
    """Who signed for which institution, without the scanned sheets."""
    found = version.signatures.select_related("institution", "recorded_by").defer("sheet")
    return list(found.order_by("institution__code"))


def sheet_of(version: ProtocolVersion, key: UUID) -> tuple[Signature, bytes] | None:
    """A signature and its scanned sheet, opened; None where none was scanned. Raises AnnexDamaged, KeyMissing."""
    found = version.signatures.filter(key=key, sheet__isnull=False).select_related("institution").first()
    if found is None:
        return None
    try:
        sheet = opened(found.institution.code, bytes(found.sheet or b""), found.about_sheet)
    except SealBroken as why:
        raise AnnexDamaged(str(why)) from why
    if hashlib.sha256(sheet).hexdigest() != found.sha256:
        raise AnnexDamaged(f"the sheet of {found} is not the one that was stored")
    return found, sheet


def legal_grounds() -> list[LegalGround]:
    """Every law that a line may name, by its code."""
    return list(LegalGround.objects.order_by("code"))


def grounds_by_code() -> dict[str, LegalGround]:
    """The same, to look up."""
    return {ground.code: ground for ground in legal_grounds()}


def legal_bases() -> list[LegalBasis]:
    """What was entered as a legal basis of hand-overs, the newest first: it names nobody."""
    related = ("recipient", "ground", "institution", "proposed_by", "approved_by")
    return list(LegalBasis.objects.select_related(*related).order_by("-pk"))


def has_ended(basis: LegalBasis, now: datetime) -> bool:
    """Whether the last day of a legal basis is past."""
    return basis.valid_until is not None and basis.valid_until < timezone.localdate(now)


def legal_basis_with(key: UUID) -> LegalBasis | None:
    """The legal basis with this key."""
    return LegalBasis.objects.filter(key=key).first()


def known_institutions() -> list[Institution]:
    """Institutions that a line may name: those that exist, by code."""
    return list(Institution.objects.filter(successor__isnull=True).order_by("code"))


def _shown(change: ProtocolVersion, served: Sequence[str]) -> bool:
    """A draft that is still written is its institution's own; once proposed, every party reads it."""
    own = change.proposed_for is not None and change.proposed_for.code in served
    return own or State(change.state) not in (State.DRAFT, State.WITHDRAWN)
