"""The web server's door. It does not open while demonstration accounts exist on a system that is not a demonstration."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qhenv.settings")
application = get_wsgi_application()

from qhenv.checks import refuse_demonstration_accounts  # noqa: E402 (needs the apps loaded)

refuse_demonstration_accounts()
