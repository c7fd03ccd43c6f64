"""Why a form waits, and what may be decided about it, in words."""

from django.utils.translation import gettext as _

from torogoz.shared.devices.models import FilledForm, Ruling

Why, Verdict = FilledForm.Why, Ruling.Verdict


def why_words(why: str) -> str:
    """Why a form waits."""
    return {
        Why.DUPLICATE: _("La persona podría estar registrada ya"),
        Why.ELSEWHERE: _("Hay un registro con ese documento en otra institución"),
        Why.DIFFERS: _("Dice otra cosa que lo que ya está guardado"),
        Why.PERSON: _("No se encontró de quién se trata"),
        Why.INVALID: _("Hay respuestas o archivos que no se pueden guardar así"),
        Why.REFUSED: _("A quien lo envió no le corresponde escribir esto aquí"),
        Why.VERSION: _("Se llenó con una versión que no existe"),
        Why.INSTANCE: _("Este formulario ya había llegado con otras respuestas"),
        Why.FILES: _("Falta un archivo que el formulario nombra"),
    }[Why(why)]


def verdict_words(why: str) -> list[tuple[str, str]]:
    """What may be decided about a form that waits for this reason; who it is about is asked apart."""
    nothing = (Verdict.NOTHING.value, _("No escribir nada de esto: se conserva como llegó"))
    again = (Verdict.AGAIN.value, _("Intentar otra vez, en nombre mío"))
    return {
        Why.DUPLICATE: [(Verdict.OTHER.value, _("Es otra persona: registrarla")), nothing],
        Why.ELSEWHERE: [
            (Verdict.AGAIN.value, _("Ya se pidió y ya se puede ver: intentar otra vez, en nombre mío")),
            (Verdict.HERE.value, _("La persona espera: registrarla aquí de todos modos")),
            nothing,
        ],
        Why.DIFFERS: [(Verdict.REPLACE.value, _("Guardar lo que dice el equipo en lugar de lo guardado")), nothing],
        Why.PERSON: [(Verdict.SAME.value, _("Es la persona de este código o documento:")), nothing],
        Why.FILES: [(Verdict.AGAIN.value, _("Guardar sin el archivo que falta")), nothing],
        Why.REFUSED: [again, nothing],
        Why.INVALID: [again, nothing],
        Why.INSTANCE: [again, nothing],
        Why.VERSION: [nothing],
    }[Why(why)]
