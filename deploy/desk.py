"""What gunicorn loads for ./qh up: it prepares the installation and then serves it, so that Django is loaded once and not twice."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qhenv.settings")
django.setup()

from django.core.management import CommandError, call_command  # noqa: E402 (the apps come first)
from django.db import connections  # noqa: E402

try:
    call_command("prepare")
except CommandError as fault:
    sys.exit(f"{fault}")

from qhenv.wsgi import application as application  # noqa: E402 (asks the database for demonstration accounts)

connections.close_all()  # the web processes are forked from this one; a connection must not be
