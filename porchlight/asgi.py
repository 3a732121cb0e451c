"""What the web server runs."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "porchlight.settings")

from django.core.asgi import get_asgi_application

from porchlight.browser.limits import LimitedBodies

application = LimitedBodies(get_asgi_application())
