"""What a person asks of her own data, and until when: requests, the own file, retention, breaches."""

from django.apps import AppConfig


class DataRightsConfig(AppConfig):
    name = "torogoz.shared.data_rights"
    label = "data_rights"
    kept_of_persons = "torogoz.shared.data_rights.kept"
