"""Which adopted position a page is of: the one that its address asks for, or else the one adopted last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import Instrument
from torogoz.shared.ui.public import of_nobody
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.commitments.filters import NotOffered

ASKED = frozenset(("position", "lang"))


def position_asked(request: HttpRequest) -> Instrument | None:
    """The position that `?position=CODE` asks for; None while none is adopted. Raises NotOffered."""
    for name in request.GET:
        if name not in ASKED and not of_nobody(name):
            raise NotOffered(name, "parameter", name=name[:40])
    code = request.GET.get("position", "")
    found = provisions.adopted_position(code)
    if found is None and code:
        raise NotOffered("position", "unknown", value=code[:40], name="position")
    return found


def choice_of(position: Instrument | None) -> dict[str, object]:
    """What a page shows of the choice: the position, all that can be chosen, and how an address keeps the choice."""
    offered = provisions.adopted_positions()
    first = offered[0] if offered else None
    asked = f"?position={position.code}" if position is not None and position != first else ""
    return {"position": position, "offered": offered, "asked": asked}


def refused(request: HttpRequest, why: NotOffered) -> HttpResponse:
    """A page that says what of the address cannot be answered."""
    page = {"why": why.explain(language()), "again": request.path}
    return render(request, "commitments/refused.html", page, status=400)
