# SPDX-License-Identifier: Apache-2.0
"""Run inside a Horizon: print as JSON every panel that it has, and what it complained of while it loaded them."""

import json
import logging
import os

import django


class Complaints(logging.Handler):
    """A panel that cannot be loaded is no error to Horizon: it only logs that."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.texts = []

    def emit(self, record):
        self.texts.append(record.getMessage())


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openstack_dashboard.settings")
django.setup()
complaints = Complaints()
logging.getLogger("horizon").addHandler(complaints)

import horizon  # noqa: E402
from django.urls import reverse  # noqa: E402

reverse("login")
found = [[dashboard.slug, panel.slug] for dashboard in horizon.get_dashboards() for panel in dashboard.get_panels()]
print(json.dumps({"panels": sorted(found), "complaints": complaints.texts}))
