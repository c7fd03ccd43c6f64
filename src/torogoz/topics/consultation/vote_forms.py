"""What is typed of a vote of seats: the vote itself, one kind at a time; a ballot; a code; what is done after it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from math import isqrt
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from torogoz.domain.polls import HideUntil, Kind, Secrecy, Voters
from torogoz.domain.refusals import Refused
from torogoz.shared.codelists.queries import options as listed
from torogoz.shared.polls.actions import Asks, Choice
from torogoz.shared.polls.models import Option, Poll
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import in_currency, language, localised
from torogoz.topics.consultation.forms import MISSING, DeedForm, code_field, count, moment, pick, text, words
from torogoz.topics.consultation.process_models import Invitation
from torogoz.topics.consultation.shown import body_name
from torogoz.topics.consultation.table_forms import of_themes
from torogoz.topics.consultation.vote_actions import VoteSaid
from torogoz.topics.consultation.vote_words import HIDES
from torogoz.topics.consultation.words import STANCES

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BY_KIND = {
    Kind.DOTS: ("dots", "most"),
    Kind.QUADRATIC: ("credits",),
    Kind.BUDGET: ("budget",),
}
"""The numbers that each kind asks for."""
OPTION_HINT = _("Una por línea: nombre en español | nombre en inglés. De 2 a 26.")
PROJECT_HINT = _("Uno por línea: nombre en español | nombre en inglés | costo en dólares, como 2500.00. De 2 a 26.")


def _boxes(label: Any, *, hint: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=hint,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Marque al menos una.")},
    )


class NewVoteForm(DeedForm):
    """A new vote of one kind: what it asks, whom, how, and from when results are seen."""

    title_es = words(_("Título en español"), 200)
    title_en = words(_("Título en inglés"), 200)
    question_es = text(_("Pregunta en español"), 1000, rows=2)
    question_en = text(_("Pregunta en inglés"), 1000, rows=2)
    options = text(_("Opciones"), 8000, hint=OPTION_HINT, rows=6)
    dots = count(_("Puntos que tiene cada institución"), least=1, most=100)
    most = count(_("Puntos que caben en una sola opción"), least=1, most=100, hint=_("Vacío: todos."), required=False)
    credits = count(
        _("Créditos que tiene cada institución"), least=1, most=400, hint=_("Con 9 se dan, por ejemplo, 3 votos a una.")
    )
    budget = forms.DecimalField(
        label=_("Presupuesto, en dólares"),
        min_value=Decimal(1),
        max_digits=14,
        decimal_places=2,
        error_messages={**MISSING, "invalid": _("Escriba un monto, como 10000.00.")},
    )
    bodies = _boxes(
        _("Quiénes votan"),
        hint=_("Las que deciden y aceptaron. Cada una pesa lo que sus escaños; en secreto todas pesan lo mismo."),
    )
    secrecy = pick(
        _("Papeletas"),
        [
            (Secrecy.NAMED.value, _("Con nombre: se publica qué votó cada institución")),
            (Secrecy.SECRET.value, _("Secretas: cinco instituciones o más; nadie sabe qué votó cada una")),
        ],
        few=True,
    )
    change = pick(
        _("¿Se puede cambiar el voto?"),
        [("yes", _("Sí, hasta que cierre")), ("no", _("No: el primero es el que cuenta"))],
        few=True,
    )
    opens_at = moment(_("Abre"), hint=_("Hora de El Salvador. Vacío: ahora."), required=False)
    closes_at = moment(_("Cierra"), hint=_("Hora de El Salvador."))
    hide_until = pick(
        _("Los resultados se ven"),
        [(one.value, word) for one, word in HIDES.items()],
        hint=_(
            "Nadie los ve antes, tampoco la secretaría. El público los ve si además se publicaron los de la consulta."
        ),
        few=True,
    )

    def __init__(self, data: Any = None, *, kind: Kind, bodies: Sequence[Invitation] = (), **more: Any) -> None:
        super().__init__(data, **more)
        self.kind = kind
        wanted = BY_KIND.get(kind, ())
        for name in ("dots", "most", "credits", "budget"):
            if name not in wanted:
                del self.fields[name]
        if kind is Kind.SCALE:
            del self.fields["options"]
        elif kind is Kind.BUDGET:
            self.fields["options"].label = _("Proyectos")
            self.fields["options"].help_text = PROJECT_HINT
        choose(self, "bodies", [(str(one.key), body_name(one)) for one in bodies])
        self.initial.setdefault("bodies", [str(one.key) for one in bodies])
        self.initial.setdefault("secrecy", Secrecy.NAMED.value)
        self.initial.setdefault("change", "yes")
        self.initial.setdefault("hide_until", HideUntil.CLOSED.value)

    def clean_options(self) -> list[Choice]:
        """The options of the lines, with letters as their codes."""
        lines = [line for line in self.cleaned_data["options"].splitlines() if line.strip()]
        if not 2 <= len(lines) <= len(LETTERS):
            raise forms.ValidationError(gettext("Escriba entre 2 y 26 líneas; hay %(n)d.") % {"n": len(lines)})
        return [self._option(at, line) for at, line in enumerate(lines)]

    def _option(self, at: int, line: str) -> Choice:
        parts = [part.strip() for part in line.split("|")]
        costs = self.kind is Kind.BUDGET
        if len(parts) != (3 if costs else 2) or not all(parts) or any(len(part) > 300 for part in parts):
            raise forms.ValidationError(
                gettext("La línea %(n)d no tiene sus partes separadas por una raya vertical: «%(line)s».")
                % {"n": at + 1, "line": line.strip()}
            )
        return Choice(LETTERS[at], parts[0], parts[1], _cost(at + 1, parts[2]) if costs else None)

    def said(self, now: datetime) -> VoteSaid:
        """The vote, as the action takes it."""
        typed = self.cleaned_data
        numbers = {name: typed[name] for name in BY_KIND.get(self.kind, ()) if typed.get(name)}
        if "budget" in numbers:
            numbers["budget"] = str(numbers["budget"])
        asks = Asks(
            kind=self.kind,
            voters=Voters.SEATS,
            secrecy=Secrecy(typed["secrecy"]),
            hide_until=HideUntil(typed["hide_until"]),
            title_es=typed["title_es"],
            title_en=typed["title_en"],
            question_es=typed["question_es"],
            question_en=typed["question_en"],
            opens_at=typed["opens_at"] or now,
            closes_at=typed["closes_at"],
            rules=numbers,
            options=typed.get("options", ()),
        )
        return VoteSaid(asks, [UUID(one) for one in typed["bodies"]], typed["change"] == "yes")


def _cost(line: int, typed: str) -> Decimal:
    try:
        cost = Decimal(typed)
    except InvalidOperation:
        cost = Decimal(0)
    if not cost.is_finite() or not Decimal(0) < cost < Decimal(10) ** 12 or cost != round(cost, 2):
        raise forms.ValidationError(
            gettext("El costo de la línea %(n)d no es un monto en dólares: «%(typed)s».") % {"n": line, "typed": typed}
        )
    return cost


class BallotForm(DeedForm):
    """A ballot of the kind that a poll asks for; each control says what it is about."""

    def __init__(
        self,
        data: Any = None,
        *,
        poll: Poll,
        options: Sequence[Option],
        asks_code: bool = False,
        asks_sheet: bool = False,
        draws: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.kind, self.options = Kind(poll.kind), options
        if self.kind is Kind.SCALE:
            self.fields["stance"] = pick(_("Dónde está su institución"), list(STANCES.items()), few=True)
            self.fields["reason"] = text(
                _("Razón"),
                2000,
                hint=_("Hace falta si tiene reservas, está en desacuerdo o bloquea."),
                required=False,
                rows=3,
            )
        elif self.kind is Kind.BUDGET:
            self.fields["approved"] = _boxes(_("Proyectos que apoya"), hint=_("Todos los que quiera."))
            choose(self, "approved", [(one.code, _project(one)) for one in options])
        else:
            choices = _numbers(self.kind, poll, len(options))
            for one in options:
                name = f"{one.code}. {localised(one, 'name')}"
                self.fields[f"option_{one.code}"] = pick(name, choices)
                self.initial.setdefault(f"option_{one.code}", "0")
        if draws:
            self.fields["drawn"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
        if asks_sheet:
            self.fields["sheet"] = words(_("De cuál hoja o carta"), 60, hint=_("Con qué papel se comprueba."))
        if asks_code:
            self.fields["code"] = words(
                _("Código de la papeleta"),
                40,
                hint=_("El que se entregó al votar. Cambia esa papeleta."),
                required=False,
            )

    def content(self) -> dict[str, Any]:
        """What the ballot says, as the action takes it."""
        typed = self.cleaned_data
        if self.kind is Kind.SCALE:
            return {"stance": typed["stance"]}
        if self.kind is Kind.BUDGET:
            return {"approved": typed["approved"]}
        numbers = {one.code: int(typed[f"option_{one.code}"]) for one in self.options}
        part = "places" if self.kind is Kind.RANK else "votes"
        return {part: {code: each for code, each in numbers.items() if each}}

    def refuse(self, why: Refused, field: str | None = None) -> None:
        """Beside the option that it speaks of, where it speaks of one."""
        super().refuse(why, field or (f"option_{why.field}" if f"option_{why.field}" in self.fields else None))

    @staticmethod
    def as_initial(content: dict[str, Any]) -> dict[str, Any]:
        """A ballot that is stored, as the form shows it."""
        numbers = {**content.get("places", {}), **content.get("votes", {})}
        plain = {name: content[name] for name in ("stance", "approved", "reason", "sheet") if name in content}
        return {**plain, **{f"option_{code}": str(each) for code, each in numbers.items()}}


def _project(one: Option) -> str:
    return f"{one.code}. {localised(one, 'name')} ({in_currency(one.cost, 'USD')})"


def _numbers(kind: Kind, poll: Poll, options: int) -> list[tuple[str, str]]:
    """What may be chosen for each option: a place, dots, or votes with what they cost."""
    if kind is Kind.RANK:
        return [("0", gettext("sin lugar: detrás de todas")), *((str(n), str(n)) for n in range(1, options + 1))]
    if kind is Kind.DOTS:
        most = min(poll.rules.get("most") or poll.rules["dots"], poll.rules["dots"])
        return [("0", "0"), *((str(n), str(n)) for n in range(1, most + 1))]
    most = isqrt(poll.rules["credits"])
    steps = [n for n in range(most, -most - 1, -1) if n]
    said = [(str(n), gettext("%(votes)s (cuesta %(cost)d)") % {"votes": f"{n:+d}", "cost": n * n}) for n in steps]
    return [("0", "0"), *said]


class WithdrawVoteForm(DeedForm):
    """Why a vote that has not opened is taken back."""

    reason_es = words(_("Por qué, en español"), 400)
    reason_en = words(_("Por qué, en inglés"), 400)


class TakeForm(DeedForm):
    """The text that the outcome of a vote becomes."""

    code = words(_("Código del texto"), 20, hint=_("Distinto de los temas y de los otros textos: D4."))
    kind = pick(_("Qué es"))
    theme = pick(_("Tema"), required=False)

    def __init__(self, data: Any = None, *, themes: Any = (), **more: Any) -> None:
        super().__init__(data, **more)
        choose(self, "kind", listed("PROVISION_KIND", language()))
        choose(self, "theme", [("", "—"), *of_themes(themes)])


class BallotCodeForm(Questions):
    """The code of a secret ballot, to see that it lies in the urn."""

    stores = False
    code = code_field(_("Código de su papeleta"), _("Escriba el código."))
