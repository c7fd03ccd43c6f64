"""The one table of who reaches which page, as agreed in words; tests/access asks every page as everybody against it.

It does not read the policy: it says what the policy must come to. A page that is not in it fails the test. Each page is
asked about one made-up person, met at one centre and recorded by one institution.
"""

from torogoz.domain.access import Role
from torogoz.site.access_matrix.compact import COMPACT
from torogoz.site.access_matrix.page import PERSON, Page, Where
from torogoz.site.access_matrix.people import PEOPLE
from torogoz.site.access_matrix.statistics import STATISTICS

PAGES = (*STATISTICS, *COMPACT, *PEOPLE)


def where(page: Page, role: Role) -> Where:
    """Where an officer in `role` must stand to reach the page."""
    return page.who.get(role, Where.NOWHERE)


def as_markdown() -> str:
    """The table, as docs/reference/access-matrix.md has it."""
    titles = {Role.DATA_PROTECTION: "data protection"}
    heads = ["page", "asked by", "public", *(titles.get(role, role.value) for role in Role)]
    lines = [
        "# Who reaches which page",
        "",
        "Made by `torogoz access_matrix` from `site/access_matrix/`; a test asks every page as everybody against it.",
        "*Own centre*: an officer of the centre where the person was met. *Own institution*: of the institution that",
        "recorded the person, or that owns the section. To all others the page answers as if it did not exist;",
        "a stranger is asked to sign in. What a *device* asks opens to a device's token and to no session.",
        "",
        "| " + " | ".join(heads) + " |",
        "|" + "---|" * len(heads),
    ]
    for page in PAGES:
        values = [f"{value}" for value in page.arguments.values() if value != PERSON]
        name = f"`{page.name}`" + (f" ({', '.join(values)})" if values else "")
        strangers = "device" if page.device else "yes" if page.public else "no"
        cells = [name, page.method, strangers, *(where(page, role).value for role in Role)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
