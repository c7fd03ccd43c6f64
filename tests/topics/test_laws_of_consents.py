# ruff: noqa: F811 - fixtures are asked for by their name
"""A consent and a legal basis name the law of the list that they stand on; what was recorded before names none and is
read as it was. No article stands anywhere that the list does not give."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.consented import consented
from tests.topics.test_data_rights import ana  # noqa: F401
from tests.topics.test_purposes import signed_in
from tests.world import NOW, World
from torogoz.domain.consents import ConsentRefused, Purpose
from torogoz.exchange.paper.sheet import Lines
from torogoz.shared.cases import papers
from torogoz.shared.cases.models import Consent, LegalBasis
from torogoz.shared.institutions import grounds
from torogoz.shared.institutions.models import LegalGround
from torogoz.shared.people.models import Person

pytestmark = pytest.mark.django_db
DATA, ALIENS = "DL-144-2024", "DL-286-2019"


@pytest.fixture(autouse=True)
def laws(world: World) -> None:
    grounds.load()


def given(world: World, person: Person, law: str | None, *sections: str) -> Consent:
    ground = LegalGround.objects.get(code=law) if law else None
    by, purpose = world.officers["registrar_a"], Purpose.REINTEGRATION
    return consented(by, person, "MTPS", sections or ("identity",), NOW, purpose=purpose, law=ground)


def printed(consent: Consent, person: Person, language: str) -> dict[str, str]:
    (said,) = [one for one in papers.of_consent(consent, person, language).groups if isinstance(one, Lines)]
    return dict(said.lines)


def test_a_consent_is_recorded_on_its_page_with_the_law_of_the_list(world: World, ana: Person) -> None:
    client, address = signed_in(world, "registrar_a"), reverse("cases:consent", args=[ana.key])
    page = client.get(address).content.decode()
    assert "Decreto 144 sobre la protección de datos personales, artículo por confirmar" in page
    assert reverse("protocols:laws") in page
    typed = {
        "recipient": "MTPS",
        "purpose": "reintegration",
        "sections": ["identity"],
        "given": "signed",
        "given_by": "person",
        "explained_in": "español",
        "valid_until": f"{timezone.localdate() + timedelta(days=30)}",
        "law": DATA,
    }
    assert client.post(address, typed | {"law": "DL-999-1999"}).status_code == 200
    assert not Consent.objects.exists()
    assert client.post(address, typed).status_code == 302
    assert Consent.objects.get().law == LegalGround.objects.get(code=DATA)
    shown = client.get(reverse("returns:person", args=[ana.key])).content.decode()
    assert "Decreto 144 sobre la protección de datos personales, artículo por confirmar" in shown


def test_its_sheet_names_the_law_in_both_languages_and_an_article_only_where_the_list_has_one(
    world: World, ana: Person
) -> None:
    consent = given(world, ana, DATA)
    spanish, english = printed(consent, ana, "es"), printed(consent, ana, "en")
    assert spanish["Ley que lo pide"].endswith("artículo por confirmar (lo confirma un abogado)")
    assert english["Law that asks for it"].endswith("article to be confirmed (a lawyer confirms it)")
    LegalGround.objects.filter(code=DATA).update(article="art. inventado 1", confirmed=True)
    consent = Consent.objects.get(pk=consent.pk)
    assert printed(consent, ana, "es")["Ley que lo pide"].endswith("personales, art. inventado 1")


def test_a_consent_without_a_law_is_read_as_before(world: World, ana: Person) -> None:
    consent = given(world, ana, None)
    assert "Ley que lo pide" not in printed(consent, ana, "es")
    page = signed_in(world, "registrar_a").get(reverse("returns:person", args=[ana.key]))
    assert page.status_code == 200


def test_a_law_that_the_list_does_not_name_for_it_or_that_ended_is_refused(world: World, ana: Person) -> None:
    with pytest.raises(ConsentRefused) as refused:
        given(world, ana, "DL-824-2014", "identity")
    assert (refused.value.field, refused.value.code) == ("law", "law")
    LegalGround.objects.filter(code=ALIENS).update(valid_until=date(2020, 1, 1))
    with pytest.raises(ConsentRefused):
        given(world, ana, ALIENS, "identity")
    assert not Consent.objects.exists()


def test_a_legal_basis_names_its_law_as_the_list_does_and_an_old_one_as_it_was_entered() -> None:
    law = LegalGround.objects.filter(code=ALIENS).first()
    old = LegalBasis(law="Ley inventada 1", article="art. inventado 2")
    assert old.named("es") == old.named("en") == "Ley inventada 1, art. inventado 2"
    new = LegalBasis(law="Ley inventada 1", article="art. inventado 2", ground=law)
    assert new.named("en") == "Decree 286 on migration and aliens, art. inventado 2"
