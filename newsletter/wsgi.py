"""The door for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from newsletter.common import private_files

private_files.begin()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")

application = get_wsgi_application()
