"""Keys, and what is sealed with them: identifiers, contacts, sensitive answers, signatures of sheets."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "torogoz.shared.vault"
    label = "vault"
