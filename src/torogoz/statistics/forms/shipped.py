"""The single form that Torogoz ships, read once."""

from pathlib import Path
from typing import Final

from torogoz.domain.questions import SectionForm
from torogoz.domain.sections import SingleForm
from torogoz.statistics.forms.reading import load

DEFINITIONS: Final = Path(__file__).with_name("definitions")
SINGLE_FORM: Final[SingleForm] = load(DEFINITIONS)
HEADER: Final = SINGLE_FORM.header


def current() -> tuple[SectionForm, ...]:
    """The newest version of each section, in the order of the reception."""
    return SINGLE_FORM.current()


def current_form(code: str) -> SectionForm:
    """The section that is filled in today. Raises NoSuchForm."""
    return SINGLE_FORM.current_form(code)


def form_of(code: str, version: int) -> SectionForm:
    """The form under which answers were written, however old. Raises NoSuchForm."""
    return SINGLE_FORM.form_of(code, version)
