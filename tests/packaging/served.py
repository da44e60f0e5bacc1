# SPDX-License-Identifier: Apache-2.0
"""Horizon as mod_wsgi loads it, with whoever a cookie names logged in, and a cloud that is not there.

Copied to where Apache's user may read it, beside ``lib``, which has what it needs of the tests.
"""

import os
import pathlib
import sys

# Behind everything that the Horizon has itself.
sys.path.append(str(pathlib.Path(__file__).parent / "lib"))
os.environ["DJANGO_SETTINGS_MODULE"] = "openstack_dashboard.settings"

from django.core.wsgi import get_wsgi_application

horizon = get_wsgi_application()

from django.contrib.auth.models import AnonymousUser  # noqa: E402
from openstack_auth import utils  # noqa: E402

from tests.fake_cinder import COMPLETE  # noqa: E402
from tests.fake_cinder import FakeCinder  # noqa: E402
from tests.people import person  # noqa: E402

# Each process has its own cloud, so all are made the same, to the second.
BACKUP, VOLUME = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
LONG_AGO = "2026-01-02T03:04:05.000000"

cloud = FakeCinder()
cloud.applies = False
cloud.services = [cloud.service(state="down", updated_at=LONG_AGO), cloud.service(host="node-2", updated_at=LONG_AGO)]
cloud.add_volume(id=VOLUME, updated_at=LONG_AGO)
cloud.add_backup(id=BACKUP, volume_id=VOLUME, created_at=LONG_AGO, updated_at=LONG_AGO, **COMPLETE)
cloud.installed().start()
administrator = person("admin", "member", "reader")
utils.get_user = lambda request: administrator if "test-logged-in" in request.COOKIES else AnonymousUser()


def application(environ, start_response):
    """Horizon, with the number of the process that answered in a header."""

    def start(status, headers, exc_info=None):
        return start_response(status, [*headers, ("X-Test-Process", str(os.getpid()))], exc_info)

    return horizon(environ, start)
