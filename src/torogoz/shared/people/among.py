"""A condition that a number is one of hundreds, which travel to the database as one parameter."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import BooleanField, F, Func, TextField, Value


def among(column: str, numbers: Iterable[int]) -> Func:
    """The condition that `column` is one of `numbers`; one parameter for each would cost more than the search."""
    listed = ",".join(str(number) for number in sorted(numbers))
    if connection.vendor == "postgresql":
        written, joined, template = f"{{{listed}}}", " = ANY(", "%(expressions)s::bigint[])"
    else:
        written, joined, template = f"[{listed}]", " IN (SELECT value FROM json_each(", "%(expressions)s))"
    values = Value(written, output_field=TextField())
    return Func(F(column), values, template=template, arg_joiner=joined, output_field=BooleanField())
