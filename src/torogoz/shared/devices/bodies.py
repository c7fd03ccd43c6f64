"""The body of a request that hands in a filled form, whole or not at all.

Django takes what it finds of a body that was cut off; half a photograph would pass for one. Here a body counts only if
it has the length that was announced and ends as a whole one ends.
"""

from io import BytesIO
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict
from django.utils.http import parse_header_parameters

FILLED = "xml_submission_file"
INCOMPLETE = "*isIncomplete*"


class NotWhole(ValueError):
    """The body was cut off, or is no form with files. Nothing of it counts."""


class TooLarge(ValueError):
    """The body is larger than what is taken at once."""


def whole(request: HttpRequest, most: int) -> tuple[QueryDict, MultiValueDict[str, Any]]:
    """The fields and the files of a body of at most so many bytes. Raises NotWhole, TooLarge."""
    announced = str(request.META.get("CONTENT_LENGTH", ""))
    kind, parameters = parse_header_parameters(str(request.META.get("CONTENT_TYPE", "")))
    boundary = str(parameters.get("boundary", ""))
    if not announced.isdigit() or kind != "multipart/form-data" or not boundary:
        raise NotWhole("a form with files and its length are wanted")
    if int(announced) > most:
        raise TooLarge(f"{announced} bytes, where {most} are taken")
    try:
        body = request.read()
    except OSError as why:
        raise NotWhole("the connection broke off") from why
    if len(body) != int(announced) or not body.rstrip(b"\r\n").endswith(f"--{boundary}--".encode()):
        raise NotWhole(f"{len(body)} of {announced} bytes came")
    try:
        return MultiPartParser(request.META, BytesIO(body), [MemoryFileUploadHandler(request)], "utf-8").parse()
    except (MultiPartParserError, SuspiciousOperation) as why:
        raise NotWhole("this is no form with files") from why
