"""How choices are drawn: long lists in one go, short ones beside each other."""

from collections.abc import Container, Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A list of hundreds, written in one go: Django would render a template for each of its options."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(one) for one in self.format_value(value)}
        groups = (
            format_html('<optgroup label="{}">{}</optgroup>', key, _options(held, chosen))
            if isinstance(held, list)
            else _options([(key, held)], chosen)
            for key, held in self.choices
        )
        listed = format_html_join("", "{}", ((group,) for group in groups))
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", attributes, listed)


def _options(pairs: Iterable[tuple[Any, Any]], chosen: Container[str]) -> SafeString:
    written = ((str(key), str(label)) for key, label in pairs)
    return SafeString("".join(_chosen(*pair) if pair[0] in chosen else _option(*pair) for pair in written))


@lru_cache(4096)
def _option(key: str, label: str) -> str:
    """One option, escaped once for all the forms that offer it: seven lists of countries stand in one form."""
    return format_html('<option value="{}">{}</option>', key, label)


def _chosen(key: str, label: str) -> str:
    return format_html('<option value="{}" selected>{}</option>', key, label)


def in_a_row(kind: type[forms.RadioSelect | forms.CheckboxSelectMultiple] = forms.RadioSelect) -> forms.Widget:
    """Answers beside each other, as many as fit; below each other on a telephone."""
    return kind(attrs={"class": "choices"})
