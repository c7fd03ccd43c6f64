"""A line of the table of who reaches which page: the page, and officers of which role stand where to reach it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from torogoz.domain.access import Role

PERSON = "PERSON"
"""Stands, in `arguments`, for the key of the person that the page is about."""

NO_FILE = "00000000-0000-4000-8000-000000000000"
"""The key of no file, and of no notice: what an officer may not see answers the same."""


class Where(Enum):
    """For officers of which institution and centre, seen from the person that a page is about."""

    NOWHERE = "no"
    ANYWHERE = "yes"
    OWN_CENTRE = "own centre"
    OWN_INSTITUTION = "own institution"
    OWN_CENTRE_OR_INSTITUTION = "own centre or own institution"
    OWN_INSTITUTION_AT_OWN_CENTRE = "own institution at own centre"

    def holds(self, *, own_institution: bool, own_centre: bool) -> bool:
        """Whether an officer so placed is meant."""
        return {
            Where.NOWHERE: False,
            Where.ANYWHERE: True,
            Where.OWN_CENTRE: own_centre,
            Where.OWN_INSTITUTION: own_institution,
            Where.OWN_CENTRE_OR_INSTITUTION: own_centre or own_institution,
            Where.OWN_INSTITUTION_AT_OWN_CENTRE: own_centre and own_institution,
        }[self]


EVERYBODY = dict.fromkeys(Role, Where.ANYWHERE)


@dataclass(frozen=True)
class Page:
    """A page: who reaches it. Officers who do not are told that nothing is there; strangers are asked to sign in.

    name            of the address in the URL map
    who             by role; a role that is not named reaches it nowhere
    public          whether strangers reach it too
    method          how it is asked
    arguments       of the address
    institution     which is the own one: that recorded the person, owns the section, or has the schema assigned
    device          whether a device asks it with a token of its own; then nobody's session opens it
    """

    name: str
    who: Mapping[Role, Where]
    public: bool = False
    method: str = "GET"
    arguments: Mapping[str, str] = field(default_factory=dict)
    institution: str = "DGME"
    device: bool = False

    def opens(self, role: Role, *, own_institution: bool, own_centre: bool) -> bool:
        """Whether an officer in `role`, so placed, reaches the page."""
        return self.who.get(role, Where.NOWHERE).holds(own_institution=own_institution, own_centre=own_centre)


def by_device(name: str, /, method: str = "GET", **arguments: str) -> Page:
    """An address that devices ask (tests/topics/test_devices.py asks it as devices of two institutions)."""
    return Page(name, {}, method=method, arguments=arguments, device=True)


def public(name: str, /, method: str = "GET", **arguments: str) -> Page:
    """A page that anybody may read."""
    return Page(name, EVERYBODY, public=True, method=method, arguments=arguments)
