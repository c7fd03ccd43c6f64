"""Persons, their names and documents, their encounters with institutions, and the sections of the single form."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "torogoz.shared.people"
    label = "people"
