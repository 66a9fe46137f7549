"""What a server calls; ``VEEDOR_SITE`` in the environment names the site's folder."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veedor.web.site.settings")
application = get_wsgi_application()
