"""An attachment, opened for whoever may read its section."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from torogoz.domain.access import Verb
from torogoz.domain.attachments import KINDS
from torogoz.shared.attachments.queries import attachment_seen_by, check_whole, content
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import officer_of


@never_cache
@require_GET
def file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Send the file, opened piece by piece. Its name says nothing: it stays in the downloads of a shared computer."""
    now, officer = timezone.now(), officer_of(request)
    seen = attachment_seen_by(officer, key, now)
    if seen is None:
        return not_found(request, verb=Verb.VIEW, what="attachment", subject=key, now=now)
    attachment = seen.attachment
    check_whole(attachment)
    disclosed(
        request,
        verb=Verb.VIEW,
        what="attachment",
        subjects=[attachment.encounter.person.key, attachment.key],
        decision=seen.decision,
        now=now,
        sections=[attachment.code],
        channel="attachment",
    )
    ending = next(kind.ending for kind in KINDS if kind.media == attachment.media)
    return StreamingHttpResponse(
        content(attachment),
        content_type=attachment.media,
        headers={
            "Content-Length": str(attachment.size),
            "Content-Disposition": f'attachment; filename="{attachment.key.hex[:8]}.{ending}"',
        },
    )
