"""The application that a web server runs."""

import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from torogoz.site.content_types import without_what_cannot_be_read
from torogoz.site.modes import keep_others_out
from torogoz.statistics.indicators.loading import shipped
from torogoz.statistics.indicators.register import register

keep_others_out()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
_site = get_wsgi_application()


# Every page and every definition is read now: otherwise the first reader of each process waits for it.
import_module(settings.ROOT_URLCONF)
shipped()
register()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request."""
    without_what_cannot_be_read(environ)
    return _site(environ, start_response)
