"""The moment of a breach has its hour: the seventy-two run from it."""

import pytest
from django import forms

from torogoz.shared.data_rights.breach_forms import Moment


def test_a_day_without_its_hour_is_refused_and_with_it_is_read() -> None:
    with pytest.raises(forms.ValidationError):
        Moment().clean("2026-11-20")
    assert Moment().clean("2026-11-20T08:30").hour == 8  # type: ignore[union-attr]
