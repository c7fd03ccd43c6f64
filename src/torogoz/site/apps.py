"""The site itself: home page, about, settings, and the commands that join topics."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "torogoz.site"
    label = "site"
