"""S5: crime and violence, and what they make people do."""

from django.apps import AppConfig


class ViolenceConfig(AppConfig):
    name = "torogoz.topics.violence"
    label = "violence"
