"""The web application, for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knownto.site.settings")
application = get_wsgi_application()

# What was loaded at the start is never rubbish: looking through it again and again costs each page a little.
gc.collect()
gc.freeze()
