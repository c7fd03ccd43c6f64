"""Which blank forms an officer may fill in, and the code lists that they are written with.

A blank form says nothing of anybody. It is made from the definitions in force and the sharing protocol: it asks what an
officer of that institution in that role may write, and no more.
"""

from datetime import datetime
from typing import Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from torogoz.domain.access import PERSON_ROLES, Posting, Role, Verb, rule_of
from torogoz.domain.sections import IDENTITY
from torogoz.exchange.blankforms.outline import BlankForm, Listed, Lists, NothingToFillIn, blank_form
from torogoz.shared.codelists.queries import answers_from
from torogoz.shared.institutions.access import postings, rules
from torogoz.shared.institutions.models import Institution, Office, Officer
from torogoz.shared.places.queries import departments, territory
from torogoz.statistics.forms.shipped import SINGLE_FORM, current

FROM_CODELISTS: Final = ("AREA", "DOCUMENT", "REASON", "NEED")


def forms_of(officer: Officer, now: datetime) -> list[BlankForm]:
    """The forms that the officer's postings in force fill in, each once."""
    found = {}
    for posting in postings(officer, now):
        form = _form(posting, now) if posting.role in PERSON_ROLES else None
        if form is not None:
            found[form.id] = form
    return list(found.values())


def form_called(officer: Officer, name: str, now: datetime) -> BlankForm | None:
    """The form of this name, where it is one of the officer's own; None where there is no such form for the officer."""
    return next((form for form in forms_of(officer, now) if form.id == name), None)


def lists(now: datetime) -> Lists:
    """The code lists that forms take their answers from, as they stand today."""
    found = {
        name: [Listed(option.code, option.es, option.en) for option in answers_from(name)] for name in FROM_CODELISTS
    }
    centres = Office.objects.filter(receives_arrivals=True).order_by("code")
    found["CENTRE"] = [Listed(centre.code, centre.name_es, centre.name_en or centre.name_es) for centre in centres]
    found["DEPARTMENT"] = [Listed(code, name, name) for code, name in departments()]
    units = territory(timezone.localdate(now))
    found["DISTRICT"] = [Listed(unit.code, unit.name, unit.name, unit.department) for unit in units]
    return found


def _form(posting: Posting, now: datetime) -> BlankForm | None:
    """What the posting may write; None where that is nothing."""
    protocol = rules((posting,), now)
    written = [form.code for form in current() if rule_of(posting, Verb.CREATE, form.code, protocol) is not None]
    registers = rule_of(posting, Verb.CREATE, IDENTITY, protocol) is not None
    institution = Institution.objects.get(code=posting.institution)
    names = (_title(institution.name_es, posting.role, "es"), _title(institution.name_en, posting.role, "en"))
    try:
        return blank_form(SINGLE_FORM, posting.institution, posting.role.value, names, written, registers=registers)
    except NothingToFillIn:
        return None


def _title(institution: str, role: Role, language: str) -> str:
    with translation.override(language):
        roles = {
            Role.LOGISTICS: _("apoyo logístico"),
            Role.REGISTRAR: _("registro"),
            Role.SPECIALIST: _("atención"),
            Role.SUPERVISOR: _("supervisión"),
        }
        return _("Ficha única · %(institution)s · %(role)s") % {"institution": institution, "role": roles[role]}
