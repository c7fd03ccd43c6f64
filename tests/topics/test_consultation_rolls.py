"""Rolls, one row for every body: what was refused is shown again, and all of it is stored when it is put right."""

import re
from html import unescape

import pytest

from tests.consulted import TYPED, Consulted, signed_in
from tests.world import NOW, World
from torogoz.shared.codelists import actions as codelists
from torogoz.topics.consultation import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def consulted(world: World) -> Consulted:
    return Consulted(world)


def fields_of(page: str, do: str, *, empty: bool) -> dict[str, object]:
    """What the roll on this page would send as it stands, with or without the fields that are empty."""
    start = page.index(f'name="do" value="{do}"')
    form = page[start : page.index("</form>", start)]
    sent: dict[str, object] = {"do": do, "row": re.findall(r'name="row" value="([^"]+)"', form)}
    for tag in re.findall(r"<input[^>]*>", form):
        held = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if held["name"] in ("do", "row") or (held["type"] in ("radio", "checkbox") and " checked" not in tag):
            continue
        value = unescape(held.get("value", "on" if held["type"] == "checkbox" else ""))
        if value or empty:
            sent[held["name"]] = value
    for name, words in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?([^<]*)<', form):
        sent[name] = unescape(words)
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        sent[name] = "".join(re.findall(r'value="([^"]*)" selected', options))
    return sent


@pytest.mark.parametrize("empty", [True, False], ids=["as a browser sends", "without what is empty"])
def test_attendance_that_was_refused_is_stored_whole_when_it_is_put_right(consulted: Consulted, empty: bool) -> None:
    event = consulted.event()
    client = signed_in(consulted.secretariat)
    address = f"/consultation/work/{consulted.process.key}/events/{event.key}/attendance/"
    health, labour = (str(consulted.invitation(code).key) for code in ("MINSAL", "MTPS"))
    other = str(consulted.invitation("Asociación inventada").key)
    seen = fields_of(client.get(address).content.decode(), "attendance", empty=empty)
    typed = {f"{health}-presence": "present", f"{health}-people": "3", f"{health}-names": "Persona Inventada"}
    typed |= {f"{labour}-presence": "present", f"{labour}-people": "-2", f"{other}-presence": "absent"}
    refused = client.post(address, {**seen, **typed})
    assert refused.status_code == 422
    again = fields_of(refused.content.decode(), "attendance", empty=empty)
    assert client.post(address, {**again, f"{labour}-people": "2"}).status_code == 302
    rows = event.attendances.values_list("invitation__institution__code", "presence", "people")
    assert set(rows) == {("MINSAL", "present", 3), ("MTPS", "present", 2), (None, "absent", None)}


@pytest.mark.parametrize("empty", [True, False], ids=["as a browser sends", "without what is empty"])
def test_institutions_whose_roll_was_refused_are_convened_when_it_is_put_right(world: World, empty: bool) -> None:
    codelists.load()
    process = actions.create_process(
        by=world.officers["secretariat"], institution="RREE", code="c-1", typed=TYPED, now=NOW
    )
    client, address = signed_in(world.officers["secretariat"]), f"/consultation/work/{process.key}/convening/"
    seen = fields_of(client.get(address).content.decode(), "convene", empty=empty)
    refused = client.post(address, {**seen, "MINSAL-chosen": "on", "MTPS-chosen": "on", "MTPS-seats": "-3"})
    assert refused.status_code == 422
    again = fields_of(refused.content.decode(), "convene", empty=empty)
    assert client.post(address, {**again, "MTPS-seats": "2"}).status_code == 302
    assert set(process.invitations.values_list("institution__code", "seats")) == {("MINSAL", 1), ("MTPS", 2)}


@pytest.mark.parametrize("empty", [True, False], ids=["as a browser sends", "without what is empty"])
def test_answers_that_were_refused_are_stored_whole_when_they_are_put_right(consulted: Consulted, empty: bool) -> None:
    client, address = (
        signed_in(consulted.secretariat),
        f"/consultation/work/{consulted.process.key}/convening/",
    )
    health, labour = (str(consulted.invitation(code).key) for code in ("MINSAL", "MTPS"))
    seen = fields_of(client.get(address).content.decode(), "answers", empty=empty)
    typed = {f"{health}-reply": "yes", f"{health}-note": "carta 7", f"{labour}-note": "carta 8"}
    refused = client.post(address, {**seen, **typed})
    assert refused.status_code == 422
    again = fields_of(refused.content.decode(), "answers", empty=empty)
    assert client.post(address, {**again, f"{labour}-reply": "no"}).status_code == 302
    rows = consulted.process.invitations.values_list("institution__code", "reply", "reply_note")
    assert set(rows) == {("MINSAL", "yes", "carta 7"), ("MTPS", "no", "carta 8"), (None, "none", "")}
