"""S16: good practices that peers review and others repeat; calls and pledges."""

from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "torogoz.topics.practices"
    label = "practices"
    serves_objectives = "torogoz.topics.practices.serving"
