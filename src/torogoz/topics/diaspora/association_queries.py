"""Which associations anybody may read, which wait for an officer, and whom one named."""

from datetime import date
from hashlib import sha256
from uuid import UUID

from django.db.models import Q, QuerySet

from torogoz.domain import receipts
from torogoz.domain.associations import State, Step
from torogoz.shared.vault.sealing import Batch
from torogoz.topics.diaspora.abroad_models import Association, AssociationStep, ContactPersons


def verified(today: date) -> QuerySet[Association]:
    """Those that an officer verified, and whose verification counts today; by country and name."""
    return Association.objects.filter(state=State.VERIFIED.value, verified_until__gte=today).order_by("country", "name")


def lapsed(today: date) -> QuerySet[Association]:
    """Those that were verified once, and for whom nobody vouches today: their name and where they are, and no more."""
    over = Q(state=State.LAPSED.value) | Q(state=State.VERIFIED.value, verified_until__lt=today)
    return Association.objects.filter(over).order_by("country", "name")


def waiting() -> QuerySet[Association]:
    """Those that no officer has looked at since they were declared or corrected, the oldest first."""
    return Association.objects.filter(state=State.DECLARED.value).order_by("changed_at", "pk")


def refused() -> QuerySet[Association]:
    """Those that were refused, the last first."""
    return Association.objects.filter(state=State.REFUSED.value).order_by("-changed_at", "-pk")


def association_called(key: UUID) -> Association | None:
    """The declaration with this key; None also for one that was withdrawn."""
    found = Association.objects.filter(key=key).exclude(state=State.WITHDRAWN.value)
    return found.select_related("institution").first()


def association_with(code: str) -> Association | None:
    """The declaration that this code was given for, however the code was typed; None for none, or a withdrawn one."""
    written = receipts.read(code)
    kept = sha256(written.encode()).hexdigest()
    found = Association.objects.filter(code_hash=kept).exclude(state=State.WITHDRAWN.value)
    return found.select_related("institution").first() if written else None


def steps(association: Association) -> QuerySet[AssociationStep]:
    """What was done with it, the last first."""
    return association.steps.select_related("by", "institution").order_by("-at", "-pk")


def last_reason(association: Association) -> str:
    """The last reason that an officer gave it; how she made sure of who asked for a receipt is for officers."""
    found = association.steps.exclude(reason="").exclude(step=Step.RENEW.value).order_by("-at", "-pk").first()
    return found.reason if found else ""


def has_persons(association: Association) -> bool:
    """Whether it named anybody, or gave a contact that is not public."""
    return ContactPersons.objects.filter(association=association).exists()


def persons_of(association: Association) -> dict[str, str]:
    """Whom it named, opened: for who was asked the policy about. Raises SealBroken, KeyMissing."""
    row = ContactPersons.objects.select_related("institution").filter(association=association).first()
    return row.said_in(Batch()) if row else {}
