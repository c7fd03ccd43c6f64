"""Who answers for some commitments in the demonstration country: real institutions, and a made-up register."""

from datetime import date, datetime
from pathlib import Path
from typing import Final

from torogoz.shared.institutions.models import Officer
from torogoz.shared.provisions.queries import provision_coded
from torogoz.shared.provisions.shipped import POSITION
from torogoz.topics.commitments.actions import make_responsible
from torogoz.topics.commitments.models import Responsibility
from torogoz.topics.commitments.succession_actions import pass_on

SECRETARIAT: Final = "secretaria"
GROUND: Final = "Inventado para la demostración: ninguna norma lo dice."
ENDED: Final = date(2023, 9, 20)
ANSWERS: Final = (
    ("T1.SI.02", "CONMIGRANTES", "lead", date(2018, 1, 1)),
    ("T1.HR.12", "CONMIGRANTES", "lead", date(2018, 1, 1)),
    ("T3.02", "GAMI", "lead", date(2019, 1, 1)),
    ("T3.02", "MINSAL", "support", date(2019, 1, 1)),
    ("T4.05", "MTPS", "lead", date(2018, 6, 1)),
    ("T4.06", "INSAFORP", "support", date(2018, 6, 1)),
    ("T5.05", "PGR", "lead", date(2018, 1, 1)),
    ("T5.05", "MINSAL", "support", date(2018, 1, 1)),
)
RECOMMENDATIONS: Final = "upr_info*.csv.gz"
STATUSES: Final = "icmw_status.csv"


def load_register(*, now: datetime) -> int:
    """Record who answers, and pass on what CONMIGRANTES had; how many rows there are. Where there are some: none."""
    if Responsibility.objects.exists():
        return 0
    by = Officer.objects.get(username=SECRETARIAT)
    for code, institution, role, since in ANSWERS:
        provision = provision_coded(POSITION, code)
        assert provision is not None, f"{code} is not loaded"
        make_responsible(
            by=by, provision=provision, institution=institution, role=role, since=since, ground=GROUND, now=now
        )
    pass_on(by=by, institution="CONMIGRANTES", ground=GROUND, on=ENDED, now=now)
    return Responsibility.objects.count()


def tables_in(folder: Path) -> list[tuple[str, Path]]:
    """The tables of a folder that the register takes: what `torogoz provisions` calls each, and where it lies."""
    found = [("recommendations", path) for path in sorted(folder.rglob(RECOMMENDATIONS))]
    return found + [("treaty", path) for path in sorted(folder.rglob(STATUSES))]
