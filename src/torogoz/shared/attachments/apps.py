"""Files attached to sections: photographs, scans and recordings, each sealed under a key of its own."""

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "torogoz.shared.attachments"
    label = "attachments"
