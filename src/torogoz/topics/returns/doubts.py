"""What the single form doubts of an arrival, held against who arrives."""

from torogoz.domain.conditions import Values
from torogoz.domain.questions import doubts
from torogoz.shared.ui.templatetags.ui import language
from torogoz.statistics.forms.shipped import HEADER
from torogoz.topics.returns.forms import ArrivalForm, PersonForm
from torogoz.topics.returns.queries import years

ASKED = tuple(field for fact in HEADER.facts for field in fact.fields if field.doubt is not None)


def doubted(arrival: ArrivalForm, who: PersonForm | Values) -> bool:
    """Whether an answer does not go with who arrives, and the officer has yet to say that it is so; the form says it.

    who     what was typed of the person, or what is known: sex and the ages that the birth allows
    """
    known: Values
    if isinstance(who, PersonForm):
        known = {"sex": who.cleaned_data["sex"], **years(who.cleaned_data["birth"], who.today)}
    else:
        known = who
    answers = {field.code: arrival.cleaned_data[field.code] for field in ASKED}
    found = doubts(ASKED, answers, known)
    arrival.ask_again({code: doubt.label(language()) for code, doubt in found.items()})
    return not arrival.is_valid()
