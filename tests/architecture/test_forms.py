"""Every form of the site refuses in the words of the house, and names a field as the page names it."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import Enum
from html import unescape
from types import SimpleNamespace
from typing import Any, get_origin

import pytest
from django import forms
from django.core import validators
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import override

import torogoz
from torogoz.exchange.readers.instruments import instrument_of
from torogoz.shared.devices.models import FilledForm
from torogoz.shared.people.models import Person
from torogoz.shared.ui.forms import Questions
from torogoz.statistics.forms.shipped import SINGLE_FORM
from torogoz.topics.returns.instrument_queries import SHIPPED

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
WRONG = ("", "‽", "-999999999", "9" * 80, "x" * 20_000, "a\0b", "31/31/0000")
GIVEN: dict[str, Any] = {
    "form": SINGLE_FORM.current()[0],
    "instrument": instrument_of(SHIPPED / "reintegration_v1.yaml"),
    "person": Person(pk=1),
    "held": SimpleNamespace(alike=[], reference="", form=SimpleNamespace(why=FilledForm.Why.PERSON)),
    "language": "es",
    "poll": SimpleNamespace(kind="scale", rules={}),
    "key": "MINSAL",
    "body": "Ministerio de Salud",
}
"""What some forms are made with, by the name of the parameter; where it is of a simple kind, `_made_up` finds it."""

MANY = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)


def written_here() -> list[type[Questions]]:
    """Every form that is written in the project and asks something of its own."""
    for module in pkgutil.walk_packages(torogoz.__path__, "torogoz."):
        if re.search(r"\.(\w+_)?(forms|views|asked|fields)$", module.name):
            importlib.import_module(module.name)
    found = {kind for kind in _below(forms.BaseForm) if kind.__module__.startswith("torogoz.")} - {Questions}
    asking = {kind for kind in found if kind.base_fields or not kind.__subclasses__()}
    return sorted(asking, key=lambda kind: (kind.__module__, kind.__qualname__))


def _below(kind: type) -> Iterator[Any]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


FORMS = written_here()


def made(kind: type[Questions], typed: str | None = None) -> Questions:
    """The form, with the same thing typed into every field of it."""
    asked = inspect.signature(kind.__init__).parameters
    needed = [one for one in asked.values() if one.default is one.empty and one.kind not in MANY and one.name != "self"]
    given = {one.name: _made_up(one.name, one) for one in needed}
    blank = kind(**given)
    if typed is None:
        return blank
    names = [blank.add_prefix(name) for name in blank.fields]
    files = MultiValueDict({name: [SimpleUploadedFile("x" * 300, typed.encode())] for name in names}) if typed else None
    takes = "files" in asked or any(one.kind is one.VAR_KEYWORD for one in asked.values())
    more = {"files": files} if takes and files else {}
    return kind(**given, data=MultiValueDict({name: [typed] for name in names}), **more)


def _made_up(name: str, parameter: inspect.Parameter) -> Any:
    wanted = parameter.annotation
    if name in GIVEN:
        return GIVEN[name]
    if wanted is datetime:
        return NOW
    if inspect.isclass(wanted) and issubclass(wanted, Enum):
        return next(iter(wanted))
    kind = get_origin(wanted) or wanted
    return {} if "Mapping" in kind.__name__ else ()


def refused(form: Questions) -> Iterator[tuple[str, str]]:
    """What the page says: of which field, and what is wrong with it."""
    summary = Template("{% load ui %}{% error_summary form %}").render(Context({"form": form}))
    assert "<li></li>" not in summary
    told = unescape(strip_tags(summary))
    for field, errors in form.errors.items():
        for error in errors:
            assert str(error) in told
            yield field, str(error)


def stock() -> list[str]:
    """The framework's own sentences in the language of the moment, as patterns."""
    said = [
        words
        for kind in {forms.Field, *_below(forms.Field)}
        if kind.__module__.startswith("django.")
        for words in kind.default_error_messages.values()
    ]
    said += [validators.ProhibitNullCharactersValidator.message, *validators.DecimalValidator.messages.values()]
    said += [
        kind.message
        for kind in {validators.BaseValidator, *_below(validators.BaseValidator)}
        if isinstance(kind.message, str | Promise)
    ]
    return [re.sub(r"%\\?\(\w+\\?\)[sd]", ".*", re.escape(str(_plain(words)))) for words in said]


def _plain(words: Any) -> Any:
    try:
        return str(words)
    except TypeError:  # a sentence that depends on a count
        return words % {"limit_value": 1, "show_value": 1, "max": 1, "length": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_form_derives_from_that_of_the_house_and_its_fields_have_names(kind: type) -> None:
    assert issubclass(kind, Questions)
    fields = made(kind).fields.items()  # "" is said on purpose: what a button sends is no question
    assert [name for name, field in fields if field.label is None and not field.widget.is_hidden] == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["es", "en"])
def test_no_refusal_is_in_words_of_the_framework_or_names_a_field_by_its_name_in_the_code(language: str) -> None:
    found = []
    with override(language):
        patterns = [re.compile(pattern) for pattern in stock()]
        for kind in FORMS:
            for typed in WRONG:
                form = made(kind, typed)
                for field, error in refused(form):
                    where = f"{kind.__module__}.{kind.__name__}.{field}: {error[:120]}"
                    if any(pattern.fullmatch(error) for pattern in patterns):
                        found.append(f"in words of the framework: {where}")
                    if field in form.fields and (form.fields[field].widget.is_hidden or not form[field].label):
                        found.append(f"beside a field that nobody sees: {where}")
                    if field in form.fields and form.fields[field].label is None:
                        found.append(f"without a label: {where}")
                    if re.search(rf"[«“\"']({'|'.join(map(re.escape, form.fields))})[»”\"']", error):
                        found.append(f"raw name: {where}")
    assert sorted(set(found)) == []
