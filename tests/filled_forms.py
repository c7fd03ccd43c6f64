"""A device of a test: it fills in forms as ODK Collect does, keeps what was not answered for, and sends it again."""

import base64
from collections.abc import Mapping
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.world import OFFICERS, World
from torogoz.shared.devices.actions import register_device
from torogoz.shared.devices.models import Device
from torogoz.shared.institutions.models import Institution

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
"""As much of a picture as tells what it is."""

ARRIVAL = {
    "given1": "Marta",
    "surname1": "Inventada",
    "surname2": "Prueba",
    "birth": "1990-05-17",
    "sex": "F",
    "nationality": "SLV",
    "centre": "CENTRE-A",
    "arrived_on": "2026-11-18",
    "arrived_at": "14:30:00.000-06:00",
    "returned_from": "USA",
    "route": "AIR",
    "accompanied": "N",
    "pregnant": "_U",
}
INTERVIEW = {"time_abroad": "Y1T4", "detained_where": "BORDER", "detained_days": "12", "belongings_kept": "Y"}
CARE = {"symptoms": "FEVER COUGH", "chronic": "NONE", "care": "TREATED"}


def filled(
    form: str, version: str, instance: UUID | str, said: Mapping[str, Mapping[str, str]], prefix: str = "uuid:"
) -> bytes:
    """The XML of a filled form: answers by group and name."""
    data = ET.Element("data", id=form, version=version)
    for group, answers in said.items():
        element = ET.SubElement(data, group)
        for name, answer in answers.items():
            ET.SubElement(element, name).text = answer
    ET.SubElement(ET.SubElement(data, "meta"), "instanceID").text = f"{prefix}{instance}"
    return ET.tostring(data, encoding="utf-8", xml_declaration=True)


def arrival(instance: UUID | str, header: Mapping[str, str] = ARRIVAL, **sections: Mapping[str, str]) -> bytes:
    """An arrival as registrars of DGME fill it in, with the sections by code."""
    groups = {"header": header, **{f"section_{code}": answers for code, answers in sections.items()}}
    return filled("torogoz-dgme-registrar", "header1.migration2", instance, groups)


def care(instance: UUID | str, person: str, answers: Mapping[str, str] = CARE, version: int = 2) -> bytes:
    """The medical stop, as specialists of MINSAL fill it in."""
    groups = {"person": {"person_reference": person}, "section_health": answers}
    return filled("torogoz-minsal-specialist", f"health{version}", instance, groups)


def says(code: str, token: str) -> str:
    """The header with which a device signs in."""
    return "Basic " + base64.b64encode(f"{code}:{token}".encode()).decode()


def registered(world: World, username: str) -> tuple[Device, str]:
    """A device of this officer, and its token."""
    institution = Institution.objects.get(code=OFFICERS[username][0])
    return register_device(by=world.officers[username], institution=institution, name="Prueba", now=timezone.now())


def device_of(world: World, username: str) -> tuple[Device, Client]:
    """A device of this officer, and what it asks with."""
    device, token = registered(world, username)
    return device, Client(headers={"Authorization": says(device.code, token), "X-OpenRosa-Version": "1.0"})


def send(asked: Client, written: bytes, files: Mapping[str, bytes] | None = None, *, more: bool = False) -> Any:
    """Hand a form in; the answer."""
    body: dict[str, Any] = {"xml_submission_file": SimpleUploadedFile("form.xml", written, "text/xml")}
    for name, clear in (files or {}).items():
        body[name] = SimpleUploadedFile(name, clear, "image/png")
    if more:
        body["*isIncomplete*"] = "yes"
    return asked.post("/devices/submission?deviceID=prueba", body)
