"""The schemas that the project ships, and which institution each is assigned to."""

from functools import lru_cache
from importlib import resources

from torogoz.exchange.readers import table_schema
from torogoz.statistics.rules.schema import TableSchema


class NoSuchSchema(LookupError):
    """No schema has this name, or it is not assigned to the institution."""


@lru_cache(maxsize=1)
def shipped() -> dict[str, TableSchema]:
    """Every schema in `data/`, by its name. Each has a primary key, by which a corrected file finds its rows."""
    found = {}
    for part in sorted(resources.files(__package__).joinpath("data").iterdir(), key=lambda each: each.name):
        with resources.as_file(part) as path:
            schema = table_schema.read(path)
        found[schema.name] = schema
    return found


def assigned_to(institution: str) -> list[TableSchema]:
    """The schemas under which an institution (by its code) hands in files."""
    return [schema for schema in shipped().values() if institution in schema.institutions]


def schema_of(name: str, institution: str) -> TableSchema:
    """The schema `name`, if it is assigned to the institution. Raises NoSuchSchema."""
    own = {schema.name: schema for schema in assigned_to(institution)}
    if name not in own:
        said = ", ".join(own) or "none"
        raise NoSuchSchema(f"{institution} has no schema {name!r}; assigned to it: {said}")
    return own[name]
