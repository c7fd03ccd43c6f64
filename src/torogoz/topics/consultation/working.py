"""A page of work: what its reader may do there, each thing a form; one is done, or it is said why not."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.domain.consultations import ConsultationRefused
from torogoz.domain.refusals import Refused
from torogoz.shared.audit.reading import disclosed
from torogoz.shared.ui.language import switching
from torogoz.topics.consultation.forms import DeedForm
from torogoz.topics.consultation.queries import Standing

REFUSED, STALE = 422, 409


@dataclass(frozen=True)
class Deed:
    """One thing that may be done: with which form, to which of these rows (by key), and what is said afterwards.

    act     gets the form that was read, and the row
    rows    None when it is about what the page is about
    stands  the version at which it stands now: a form that was overtaken is shown again with it, to be sent again
    """

    form: Callable[..., DeedForm]
    act: Callable[[Any, Any], object]
    said: str
    rows: Mapping[str, Any] | None = None
    stands: Callable[[], int] | None = None


@dataclass
class Work:
    """What was asked of a page, and what came of it."""

    request: HttpRequest
    deeds: Mapping[str, Deed]
    elsewhere: Collection[str] = ()
    """What is done on the same page by something else."""
    bound: dict[tuple[str, str], DeedForm] = field(default_factory=dict)
    done: bool = False
    status: int = 200
    missing: bool = False
    result: object = None

    def __post_init__(self) -> None:
        if self.request.method == "POST":
            self._do()

    def _do(self) -> None:
        only = next(iter(self.deeds)) if len(self.deeds) == 1 else ""
        name, key = self.request.POST.get("do", only), self.request.POST.get("row", "")
        if name in self.elsewhere:
            return
        deed = self.deeds.get(name)
        if deed is None or (deed.rows is not None and key not in deed.rows):
            self.missing = True
            return
        form = deed.form(self.request.POST, auto_id=_ids(name, key))
        self.bound[name, key if deed.rows is not None else ""] = form
        if switching(self.request):
            return
        self.status = REFUSED
        if not form.is_valid():
            return
        try:
            self.result = deed.act(form, deed.rows[key] if deed.rows is not None else None)
        except Refused as why:
            if isinstance(why, ConsultationRefused) and why.code == "stale":
                self.status = STALE
                form = self._renewed(deed, name, key)
            form.refuse(why)
        else:
            messages.success(self.request, deed.said)
            self.done = True

    def _renewed(self, deed: Deed, name: str, key: str) -> DeedForm:
        """The same words, at the version that is stored by now."""
        typed = self.request.POST.copy()
        if deed.stands is not None:
            typed["version"] = str(deed.stands())
        form = deed.form(typed, auto_id=_ids(name, key))
        self.bound[name, key if deed.rows is not None else ""] = form
        form.is_valid()
        return form

    def form(self, name: str, row: Any = None, **initial: Any) -> DeedForm | None:
        """The form of a deed, about a row: as it was refused, or empty. None for who may not."""
        deed = self.deeds.get(name)
        key = str(row.key) if row is not None else ""
        if deed is None or (deed.rows is not None and key not in deed.rows):
            return None
        if refused := self.bound.get((name, key)):
            return refused
        version = getattr(row, "version", None)  # of an amendment that is a text, and no number to lock by
        held = {"row": key or None, "version": version if isinstance(version, int) else None, "token": uuid4()}
        stored = {name: value for name, value in {**held, **initial}.items() if value is not None}
        return deed.form(None, auto_id=_ids(name, key), initial=stored)


def _ids(name: str, key: str) -> str:
    """Several forms stand on one page: each has names of its own for labels to point to."""
    return f"{name}-{key[:8]}-%s" if key else f"{name}-%s"


def by_key(rows: Any) -> dict[str, Any]:
    """Rows by their key, as a form names them."""
    return {str(row.key): row for row in rows}


def stands(row: Any) -> int:
    """The version at which a row is stored now."""
    row.refresh_from_db()
    return int(row.version)


def seen(request: HttpRequest, here: Standing, now: Any) -> None:
    """Note that the officer saw the work of a consultation."""
    disclosed(
        request, verb=Verb.VIEW, what="consultation", subjects=[here.process.key], decision=_ground(here), now=now
    )


def prepared(request: HttpRequest, here: Standing, what: str, subject: UUID, now: Any) -> None:
    """Note that a file with names of persons and bodies was made for the officer, as other exports are."""
    disclosed(
        request, verb=Verb.EXPORT, what=what, subjects=[subject], decision=_ground(here), now=now, channel="export"
    )


def _ground(here: Standing) -> Decision:
    return Decision(True, Basis.DUTY, here.process.convener.code if here.convenes else "")
