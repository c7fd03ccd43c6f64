"""The demonstration publishes how many sections asked nothing again, on whatever day it is first started."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.topics.test_flows import plain, text
from tests.topics.test_reintegration_figures import SECRET, told
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions import protocol
from torogoz.shared.institutions import shipped as institutions
from torogoz.shared.places import actions as places
from torogoz.shared.releases.actions import make_release
from torogoz.site.demonstration import loading
from torogoz.site.demonstration.country import MadeUpReturn, made_up_returns
from torogoz.statistics.coverage import coverage
from torogoz.statistics.measured_releases import RETURN_MEASURES
from torogoz.topics.returns import queries
from torogoz.topics.returns.reuse import reuse_lines

pytestmark = pytest.mark.django_db
FIRST_STARTED = datetime(2026, 6, 29, 18, tzinfo=UTC)
"""The last day before another quarter is over, of the one whose last month has the fewest arrivals: no first release
has fewer sections."""


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The end of the release, with the people of the whole country who have sections by then, and nobody else."""

    def those_with_sections(*found: Any, **options: Any) -> Iterator[MadeUpReturn]:
        since = FIRST_STARTED - loading.WITH_SECTIONS
        return (one for one in made_up_returns(*found, **options) if one.arrived_at >= since)

    monkeypatch.setattr(loading, "made_up_returns", those_with_sections)
    monkeypatch.setattr(timezone, "now", lambda: FIRST_STARTED)
    cache.clear()
    codelists.load()
    places.load()
    institutions.load()
    protocol.load()
    loading.load_country(now=FIRST_STARTED, progress=False)
    return coverage("2026-Q1").cut_off(timezone.get_default_timezone())


def test_questions_not_asked_again_stand_on_their_page_in_both_languages(cut_off: datetime, client: Client) -> None:
    make_release(
        code="2026-Q1",
        cut_off=cut_off,
        frames={},
        persons={RETURN_MEASURES: queries.person_rows(cut_off)},
        by="",
        now=cut_off + timedelta(days=1),
        made_up=True,
        secret=SECRET,
    )
    lines = [known for _, _, known in reuse_lines(cut_off)]
    share, status = told(client, "SV_27_NOT_REASKED")[()]
    assert status == "F", f"{len(lines)} sections are too few to be told"
    # Each of the two counts carries a change of five at most.
    assert float(share) == pytest.approx(100 * lines.count("Y") / len(lines), abs=100 * 2 * 5 / len(lines))
    assert 0 < float(share) < 100, "some of what was needed was there already, and some was not"
    spanish = plain(text(client.get("/indicators/SV_27_NOT_REASKED/")))
    assert "Secciones que no preguntaron nada otra vez" in spanish
    assert share in spanish
    assert "no se muestra si cuenta menos de 100." in spanish, "it counts sections, and not persons"
    client.cookies["django_language"] = "en"
    english = plain(text(client.get("/indicators/SV_27_NOT_REASKED/")))
    assert "Sections that asked nothing again" in english
    assert share in english
