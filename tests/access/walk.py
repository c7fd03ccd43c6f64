"""Every address of the URL map, and how to ask it."""

from collections.abc import Iterator, Mapping

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from torogoz.site.access_matrix.page import PERSON, Page


def names() -> set[str]:
    """The name of every address of the site; an address without a name is named by its pattern."""
    return set(_names(get_resolver().url_patterns, ""))


def _names(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name or pattern.pattern}"


def address(page: Page, person: object) -> str:
    """The address of a page about a person."""
    arguments: Mapping[str, str] = {
        name: str(person) if value == PERSON else value for name, value in page.arguments.items()
    }
    return reverse(page.name, kwargs=dict(arguments))


def ask(client: Client, page: Page, person: object) -> str:
    """Ask for the page: `open`, `sign in`, `device` (a token is wanted), `nothing`, or what else was said."""
    where = address(page, person)
    answer = client.post(where) if page.method == "POST" else client.get(where)
    if answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/"):
        return "sign in"
    if answer.status_code == 401 and answer.headers.get("WWW-Authenticate", "").startswith("Basic"):
        return "device"
    if answer.status_code in (200, 302, 422):  # 422 is the page of a form that says what is wrong
        return "open"
    return "nothing" if answer.status_code == 404 else f"status {answer.status_code}"
