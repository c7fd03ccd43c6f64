"""The application that a web server runs."""

import os

from django.core.wsgi import get_wsgi_application

from torogoz.site.modes import keep_others_out

keep_others_out()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
application = get_wsgi_application()
