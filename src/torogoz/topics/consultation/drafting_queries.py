"""Texts as they stand: the newest version, who stands where towards it, what would come of it now."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from torogoz.domain.consultations import AmendmentState, Part
from torogoz.domain.deliberation import Outcome as Decided
from torogoz.domain.deliberation import Rules, Stance, Voice, decide
from torogoz.domain.wordings import Piece, differences
from torogoz.topics.consultation.models import Amendment, Draft, DraftVersion, SeatPosition
from torogoz.topics.consultation.process_models import Process


def newest_version(draft: Draft) -> DraftVersion | None:
    """The version that holds."""
    return draft.versions.order_by("-number").first()


def waiting_amendments(draft: Draft) -> QuerySet[Amendment]:
    """The amendments, of whatever version, that nobody has answered."""
    return Amendment.objects.filter(version__draft=draft, state=AmendmentState.PROPOSED.value)


def standing_positions(version: DraftVersion) -> dict[int, SeatPosition]:
    """By invitation (key of the row), the newest position towards this version."""
    found = version.positions.select_related("invitation__institution", "given_by").order_by("given_at", "pk")
    return {position.invitation_id: position for position in found}


def voices(version: DraftVersion) -> tuple[Voice, ...]:
    """Every body that decides, with where it stands towards this version; who has not spoken is among them."""
    held = standing_positions(version)
    return tuple(
        Voice(
            body=str(invitation.key),
            group=invitation.group,
            stance=Stance(held[invitation.pk].stance) if invitation.pk in held else None,
            seats=invitation.seats or 1,
            reason=held[invitation.pk].reason if invitation.pk in held else "",
        )
        for invitation in version.draft.process.invitations.filter(part=Part.DECIDES).order_by("position", "pk")
    )


def as_it_stands(draft: Draft) -> Decided | None:
    """What would come of the text if it were decided now; None without a version or without a rule."""
    version, rules = newest_version(draft), draft.process.rules
    return decide(rules, voices(version)) if version and rules else None


def rules_as_stored(rules: Rules) -> dict[str, Any]:
    """The rules of decision, as an outcome keeps them."""
    return {
        "rule": rules.rule.value,
        "share": [rules.share.numerator, rules.share.denominator],
        "more_than": rules.more_than,
        "base": rules.base.value,
        "quorum_seats": rules.quorum_seats,
        "quorum_groups": dict(rules.quorum_groups),
    }


def drafts_of(process: Process) -> list[Draft]:
    """The texts of a consultation, in their order."""
    return list(process.drafts.select_related("theme", "outcome").order_by("position", "pk"))


def draft_called(process: Process, key: UUID) -> Draft | None:
    """One text of the consultation."""
    return process.drafts.filter(key=key).select_related("theme", "outcome", "process__convener").first()


def draft_key(key: UUID) -> UUID | None:
    """The key of the consultation that a text belongs to."""
    return Draft.objects.filter(key=key).values_list("process__key", flat=True).first()


@dataclass(frozen=True)
class Shown:
    """A version, with the words that differ from the one before; no pieces for the first."""

    version: DraftVersion
    pieces_es: tuple[Piece, ...]
    pieces_en: tuple[Piece, ...]


def versions_of(draft: Draft) -> list[Shown]:
    """Every version, the newest first, with what changed in it."""
    versions = list(draft.versions.select_related("written_by").order_by("number"))
    shown = []
    for before, version in zip([None, *versions], versions, strict=False):
        changed = (
            (differences(before.text_es, version.text_es), differences(before.text_en, version.text_en))
            if before
            else ((), ())
        )
        shown.append(Shown(version, *changed))
    return shown[::-1]


def amendments_of(draft: Draft) -> list[Amendment]:
    """What was asked to be changed, the newest first."""
    found = Amendment.objects.filter(version__draft=draft)
    related = ("version__draft__process__convener", "invitation__institution", "invitation__process__convener")
    return list(found.select_related(*related, "answered_by").order_by("-pk"))
