"""A value that cannot be kept: which field it stands in, why, and what to write instead, in both languages."""

from collections.abc import Mapping
from typing import ClassVar


class Refused(ValueError):
    """A value was refused.

    field       the field of the form that the message belongs to
    code        why, as a word of `reasons`
    details     what the message names: the value, a bound, a suggestion
    """

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def __init__(self, field: str, code: str, **details: object) -> None:
        self.field = field
        self.code = code
        self.details = details
        super().__init__(self.explain("en"))

    def explain(self, language: str) -> str:
        """The message in Spanish (`es…`) or English (any other): what is wrong and what to do."""
        spanish, english = self.reasons[self.code]
        return (spanish if language.startswith("es") else english).format(**self.details)


class FieldsRefused(ValueError):
    """Several values were refused at once; nothing was kept.

    errors      by field, the first refusal of each
    """

    def __init__(self, errors: Mapping[str, Refused]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(f"{field}: {refused}" for field, refused in self.errors.items()))
