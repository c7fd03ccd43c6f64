"""The envelopes of OpenRosa: the list of forms, and what a server answers to what was sent.

Source: https://docs.getodk.org/openrosa-form-list/ and https://docs.getodk.org/openrosa-http/ (read 2026-11-26).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

FORM_LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
RESPONSE = "http://openrosa.org/http/response"


@dataclass(frozen=True)
class Listing:
    """One form of the list: its id, version, title, whole text, and where it is downloaded."""

    id: str
    version: str
    name: str
    written: bytes
    download: str
    manifest: str


def form_list(forms: Iterable[Listing]) -> bytes:
    """The list of forms. By the hash of its text a device sees that a form, or a code list in it, has changed."""
    root = ET.Element("xforms", xmlns=FORM_LIST)
    for form in forms:
        listed = ET.SubElement(root, "xform")
        for tag, text in (
            ("formID", form.id),
            ("name", form.name),
            ("version", form.version),
            ("hash", f"md5:{hashlib.md5(form.written, usedforsecurity=False).hexdigest()}"),
            ("downloadUrl", form.download),
            ("manifestUrl", form.manifest),
        ):
            ET.SubElement(listed, tag).text = text
    return _written(root)


def manifest() -> bytes:
    """The files that belong to a form: none, since its code lists stand in the form itself."""
    return _written(ET.Element("manifest", xmlns=MANIFEST))


def response(message: str) -> bytes:
    """What the device shows to who sent something."""
    root = ET.Element("OpenRosaResponse", xmlns=RESPONSE)
    ET.SubElement(root, "message").text = message
    return _written(root)


def _written(root: ET.Element) -> bytes:
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
