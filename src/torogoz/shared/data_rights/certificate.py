"""The certificate of a disposal: one page, signed, without a name of whom the data was."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from torogoz.domain.disposal import Reason
from torogoz.domain.printed import Sheet
from torogoz.exchange.paper.sheet import Group, Lines, Table, Text
from torogoz.shared.data_rights.disposal_words import REASONS, classes, counted
from torogoz.shared.data_rights.models import Disposal
from torogoz.shared.papers.actions import Content
from torogoz.shared.ui.publishers import said as said_by


def of_disposal(disposal: Disposal, language: str) -> Content:
    """What is printed of a disposal that is done, in one language ("es" or "en")."""
    assert disposal.ended_by is not None
    with override(language):
        counts = [(name, str(count)) for name, count in counted(disposal.counts)]
        half = (len(counts) + 1) // 2
        beside = [*counts[half:], *[("", "")] * (2 * half - len(counts))]
        groups: list[Group] = [
            Lines(
                "",
                [
                    (_("Número"), disposal.number),
                    (_("Por qué"), str(REASONS[Reason(disposal.reason)])),
                    (_("Clases de datos"), classes(disposal.classes)),
                    *_rule(disposal, language),
                    (_("Personas"), str(disposal.people)),
                    (_("Quedaron fuera"), str(disposal.left_out)),
                    (_("Propuso"), f"{disposal.proposed_by.full_name}, {_moment(disposal.proposed_at)}"),
                    (_("Confirmó y eliminó"), f"{disposal.ended_by.full_name}, {_moment(disposal.ended_at)}"),
                    (_("Huella de la lista (SHA-256)"), disposal.digest),
                ],
            ),
            Table(
                _("Qué se eliminó"),
                (_("Qué"), _("Cuántos"), _("Qué"), _("Cuántos")),
                [(*left, *right) for left, right in zip(counts[:half], beside, strict=True)],
                (5, 2, 5, 2),
            ),
            Text(
                "",
                [
                    _(
                        "Queda el registro de quién vio qué, por clave y sin nombre, y lo que las estadísticas cuentan."
                        " Lo ya publicado no cambia. Las copias de respaldo lo conservan hasta que vencen."
                    )
                ],
            ),
        ]
        title = _("Certificado de eliminación de datos")
    return Content(
        sheet=Sheet.DISPOSAL,
        language=language,
        title=title,
        name=disposal.digest,
        birth="",
        groups=groups,
        sections=[],
    )


def _rule(disposal: Disposal, language: str) -> list[tuple[str, str]]:
    rule = disposal.rule
    if rule is None:
        return [(_("Solicitud"), disposal.request.number if disposal.request else "")]
    said = _("%(months)s meses después del último encuentro: %(basis)s") % {
        "months": rule["months"],
        "basis": rule["basis_es" if language == "es" else "basis_en"],
    }
    source = said_by(rule["source"], language)
    if rule["provisional"]:
        source = _("%(source)s (plazo provisional: nadie lo ha comparado con la ley)") % {"source": source}
    return [(_("Regla"), said), (_("Fuente"), source)]


def _moment(moment: object) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")  # type: ignore[arg-type]
