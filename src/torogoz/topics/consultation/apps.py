"""S17: the consultation, from invitation to adopted position."""

from django.apps import AppConfig


class ConsultationConfig(AppConfig):
    name = "torogoz.topics.consultation"
    label = "consultation"
