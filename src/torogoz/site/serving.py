"""How gunicorn serves the site, in the demonstration and in production: `gunicorn -c python:torogoz.site.serving`.

The site is read once, before the workers are made: they share its memory, and one that dies is replaced in
milliseconds, not after the seconds that reading takes. What the command line says (address, workers) goes before this.
New code is served after a restart; a reload (HUP) keeps the old.
"""

wsgi_app = "torogoz.site.wsgi:application"
preload_app = True
threads = 4
control_socket_disable = True  # it would lie in the home folder of who started it, one for all
