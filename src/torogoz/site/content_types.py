"""What a request says that its body is."""

from collections.abc import MutableMapping
from typing import Any

from django.utils.http import parse_header_parameters


def without_what_cannot_be_read(environ: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The environment of a request, in which a Content-Type that Django cannot read, and would fail on before any of
    our pages, is none."""
    try:
        parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    except ValueError:
        environ["CONTENT_TYPE"] = ""
    return environ
