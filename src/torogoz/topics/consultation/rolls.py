"""A roll: one form with a row for each body. What was changed in it is stored together, or nothing of it is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from torogoz.domain.consultations import ConsultationRefused
from torogoz.domain.refusals import FieldsRefused
from torogoz.topics.consultation.roll_forms import RollRow
from torogoz.topics.consultation.working import REFUSED, STALE


@dataclass(frozen=True)
class Row:
    """A row of a roll: the key of what it is about, its form, and the version at which that stands now."""

    key: str
    form: Callable[[Any], RollRow]
    stands: int | None


@dataclass
class Roll:
    """What was asked of a roll, and what came of it.

    store   gets the forms that were changed, by key; raises FieldsRefused, by key, when nothing was stored
    said    what is said afterwards
    """

    request: HttpRequest
    name: str
    rows: Iterable[Row]
    store: Callable[[Mapping[str, Any]], object]
    said: str
    refused: dict[str, RollRow] = field(default_factory=dict)
    done: bool = False
    status: int = 200
    missing: bool = False

    def __post_init__(self) -> None:
        self._rows = {row.key: row for row in self.rows}
        if self.request.method == "POST" and self.request.POST.get("do") == self.name:
            self._do()

    def _do(self) -> None:
        if not self._rows.keys() >= set(self.request.POST.getlist("row")):
            self.missing = True
            return
        typed = {key: row.form(self.request.POST) for key, row in self._rows.items()}
        changed = {key: form for key, form in typed.items() if form.touched}
        if any(form.errors for form in changed.values()):
            self.refused, self.status = changed, REFUSED
            return
        try:
            if changed:
                self.store(changed)
        except FieldsRefused as why:
            self.refused = changed | {key: self._again(key, one) for key, one in why.errors.items()}
            stale = any(isinstance(one, ConsultationRefused) and one.code == "stale" for one in why.errors.values())
            self.status = STALE if stale else REFUSED
        else:
            messages.success(self.request, self.said if changed else _("No había nada nuevo que guardar."))
            self.done = True

    def _again(self, key: str, why: Any) -> RollRow:
        """A row with the same words and what is wrong with it, at the version that is stored by now."""
        row, typed = self._rows[key], self.request.POST.copy()
        typed[row.form(None).add_prefix("version")] = "" if row.stands is None else str(row.stands)
        form = row.form(typed)
        form.is_valid()
        form.refuse(why)
        return form

    @property
    def wrong(self) -> list[RollRow]:
        """The rows in which something is wrong."""
        return [form for form in self.refused.values() if form.errors]

    def form(self, key: str) -> RollRow | None:
        """The row about this: as it was typed while the roll is refused, else as it is stored; None for no row."""
        if key not in self._rows:
            return None
        return self.refused.get(key) or self._rows[key].form(None)
