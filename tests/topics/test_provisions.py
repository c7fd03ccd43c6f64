"""What is shipped of instruments: complete, loaded once, and never over what an officer wrote since."""

from collections import Counter
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from torogoz.shared.codelists import actions as codelists
from torogoz.shared.codelists.queries import names, provisions
from torogoz.shared.provisions import queries, shipped
from torogoz.shared.provisions.models import Flag, Instrument, Link, Provision, ProvisionText
from torogoz.shared.provisions.shipped import POSITION

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def loaded() -> None:
    codelists.load()
    shipped.load(now=NOW)


def test_the_position_of_2017_is_loaded_whole() -> None:
    found = queries.commitments(POSITION)
    assert found.count() == 195
    assert Counter(found.values_list("software_role", flat=True)) == {
        "system-to-build": 39,
        "feature": 113,
        "tracked-commitment-only": 43,
    }
    assert queries.sections(POSITION).count() == 11
    assert all(each.parent is not None and each.parent.kind == "section" for each in found)


def test_objectives_4_and_14_have_no_national_position() -> None:
    mapped = queries.commitments_by_objective()
    assert [each.code for each in queries.objectives() if not mapped[each.code]] == ["4", "14"]
    assert (mapped["7"], mapped["23"], mapped["8"]) == (54, 43, 2)


def test_every_mapping_is_a_proposal_and_the_treaties_are_for_a_lawyer() -> None:
    to_treaties = Link.objects.filter(target__instrument__kind__in=["treaty", "guidance"])
    assert to_treaties.values("source").distinct().count() == 101
    assert set(to_treaties.values_list("origin", "why")) == {("proposed", shipped.FOR_A_LAWYER)}
    beyond = Link.objects.exclude(target__instrument__code=POSITION)
    assert set(beyond.values_list("kind", "origin")) == {("corresponds", "proposed")}
    assert set(Link.objects.filter(kind="tension").values_list("source__code", "target__code")) == {
        ("T5.01", "T1.HR.05"),
        ("T5.01", "T6.09"),
    }
    assert Link.objects.filter(kind="repeats").count() == 165


def test_articles_of_treaties_have_a_code_and_no_invented_words() -> None:
    articles = Provision.objects.filter(instrument__kind__in=["treaty", "guidance"])
    assert articles.exists()
    assert not ProvisionText.objects.filter(provision__in=articles).exists()


def test_every_flag_of_the_catalogue_is_on_its_provision_and_has_a_name() -> None:
    stored = set(Flag.objects.values_list("provision__code", "code"))
    assert {(each.code, flag) for each in provisions() for flag in each.flags} <= stored
    assert {code for _, code in stored} <= set(names("PROVISION_FLAG", "es"))
    odd = Flag.objects.get(provision__code="C3.04")
    assert (odd.printed, odd.lines) == ("Facilitate irregular migration", "247")
    assert "nunca se corrige" in odd.note_es
    assert "never corrected" in odd.note_en
    assert all(bool(flag.note_es) == bool(flag.note_en) for flag in Flag.objects.all())


def test_every_actor_and_beneficiary_is_in_its_list() -> None:
    actors, beneficiaries = set(names("COMMITMENT_ACTOR", "es")), set(names("COMMITMENT_BENEFICIARY", "en"))
    for each in queries.commitments(POSITION):
        assert set(each.actors) <= actors, each.code
        assert set(each.beneficiaries) <= beneficiaries, each.code


def test_loading_again_adds_nothing() -> None:
    before = queries.state()
    again = shipped.load(now=NOW)
    assert (again.texts, again.links) == (0, 0)
    assert queries.state() == before


def test_loading_again_leaves_what_an_officer_wrote_and_ended(django_user_model: type) -> None:
    officer = django_user_model.objects.create(username="secretariat", full_name="Inventada")  # type: ignore[attr-defined]
    provision = Provision.objects.get(code="C1.02")
    ProvisionText.objects.create(
        provision=provision, language="es", role="paraphrase", version=2, text="Otras palabras.", written_by=officer,
        written_at=NOW,
    )  # fmt: skip
    link = Link.objects.filter(source=provision)[0]
    link.ended_by, link.ended_at = officer, NOW
    link.save()
    provision.version, provision.actors = 2, ["media"]
    provision.save()
    shipped.load(now=NOW)
    words = queries.words_of([provision])[provision.pk]
    assert (said := words.paraphrase("es")) is not None
    assert said.text == "Otras palabras."
    assert Link.objects.filter(source=provision, target=link.target, kind=link.kind).count() == 1
    provision.refresh_from_db()
    assert provision.actors == ["media"]


def copy_of_the_text(folder: Path, *, line_247: str = " Facilitate irregular migration.") -> Path:
    """A made-up copy with as many lines as the printed text, each naming itself."""
    lines = [f"Made-up line {number}." for number in range(1, 532)]
    lines[246] = line_247
    lines[192] = "Non-discrimination in favor of somebody"
    path = folder / "copy.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_the_printed_wording_is_read_by_its_lines_and_shown_as_printed(tmp_path: Path) -> None:
    path, out = copy_of_the_text(tmp_path), StringIO()
    call_command("provisions", "source", str(path), stdout=out)
    assert "195 wordings" in out.getvalue()
    words = queries.words_of(Provision.objects.filter(code__in=["C3.04", "C2.DEF"]))
    said = {text.provision.code: text.text for each in words.values() if (text := each.source("en")) is not None}
    assert said["C3.04"] == "Facilitate irregular migration."
    assert said["C2.DEF"] == "\n".join(f"Made-up line {number}." for number in range(183, 187))
    call_command("provisions", "source", str(path), stdout=out)
    assert ProvisionText.objects.filter(role="source", provision__instrument__code=POSITION).count() == 195


def test_a_copy_that_does_not_say_what_a_flag_quotes_is_refused(tmp_path: Path) -> None:
    corrected = copy_of_the_text(tmp_path, line_247="Facilitate regular migration.")
    with pytest.raises(CommandError, match=r"lines 247 do not say .*nothing was changed"):
        call_command("provisions", "source", str(corrected))
    assert not ProvisionText.objects.filter(role="source", provision__instrument__code=POSITION).exists()


def test_instruments_name_their_source_and_are_not_made_up() -> None:
    assert all(each.source and not each.made_up for each in Instrument.objects.all())
