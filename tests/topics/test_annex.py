"""The sharing protocol on paper, and the number that stands for the table that the policy reads."""

import dataclasses
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from tests.world import NOW, World
from torogoz.domain.access import Role, Tier
from torogoz.domain.protocols import as_lines, fingerprint
from torogoz.exchange.paper import sheet as drawing
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.audit.words import section_names
from torogoz.shared.institutions.access import whole_protocol
from torogoz.shared.institutions.models import SharingRule
from torogoz.shared.papers import annex

pytestmark = pytest.mark.django_db


def test_the_number_changes_with_any_line_and_not_with_their_order(world: World) -> None:
    rules = whole_protocol(timezone.now())
    number = fingerprint(rules)
    assert fingerprint(reversed(rules)) == number
    assert len(number) == 64
    first, *others = rules
    changed = [
        others,
        [dataclasses.replace(first, write=not first.write), *others],
        [dataclasses.replace(first, tier=Tier.PROTECTED), *others],
        [dataclasses.replace(first, role=Role.STATISTICIAN), *others],
    ]
    assert len({number, *(fingerprint(table) for table in changed)}) == 5


def test_each_right_of_the_table_stands_in_one_line_of_the_annex(world: World) -> None:
    rules, lines = whole_protocol(timezone.now()), as_lines(whole_protocol(timezone.now()))
    reads = {(line.section, line.institution, role) for line in lines for role in line.reads}
    writes = {(line.section, line.institution, role) for line in lines for role in line.writes}
    assert reads == {(rule.section, rule.institution, rule.role) for rule in rules if rule.read}
    assert writes == {(rule.section, rule.institution, rule.role) for rule in rules if rule.write}
    assert len({(line.section, line.institution) for line in lines}) == len(lines)


@pytest.mark.parametrize(("language", "never"), [("es", "nunca se lee"), ("en", "never read")])
def test_the_annex_has_every_line_what_is_never_read_and_a_place_for_each_to_sign(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str, never: str
) -> None:
    printed: list[drawing.SheetOfPaper] = []

    def draw(sheet: drawing.SheetOfPaper, _seal: object) -> bytes:
        printed.append(sheet)
        return b"%PDF"

    monkeypatch.setattr(annex, "pdf", draw)
    annex.annex(language=language, now=NOW)
    told = str(printed[0].facts)
    number = fingerprint(whole_protocol(timezone.now()))
    assert number in told.replace(" ", "")
    assert never in told
    codes = {line.section for line in as_lines(whole_protocol(timezone.now()))}
    assert codes <= set(section_names(language)), "every section has a name for who signs"
    for institution in ("DGME", "MINSAL", "PNC", "PDDH"):
        assert ("signature", institution) in printed[0].facts
    assert sum(" | " in value for _label, value in printed[0].facts) == len(as_lines(whole_protocol(timezone.now())))


def test_it_is_written_once_and_the_number_on_a_signed_one_is_compared(world: World, tmp_path: Path) -> None:
    file, said = tmp_path / "annex.pdf", StringIO()
    call_command("annex", file, stdout=said)
    assert file.read_bytes().startswith(b"%PDF")
    number = said.getvalue().split()[-1]
    with pytest.raises(CommandError, match="nothing was written"):
        call_command("annex", file)
    call_command("annex", signed=f" {number[:32]} {number[32:]} ", stdout=StringIO())
    SharingRule.objects.filter(section="labour", institution__code="LOCAL").delete()
    with pytest.raises(CommandError, match="has changed since it was signed"):
        call_command("annex", signed=number)
    SharingRule.objects.all().delete()
    with pytest.raises(CommandError, match="no protocol is stored"):
        call_command("annex", tmp_path / "other.pdf")
    assert not (tmp_path / "other.pdf").exists()


def test_that_the_table_changed_is_in_the_record_with_its_number_and_that_it_did_not_is_not(world: World) -> None:
    call_command("protocol", stdout=StringIO())
    assert not AccessEvent.objects.filter(what="protocol").exists()
    SharingRule.objects.filter(section="labour").delete()
    call_command("protocol", stdout=StringIO())
    kept = AccessEvent.objects.get(what="protocol")
    assert kept.subjects == [fingerprint(whole_protocol(timezone.now()))[:32]]
