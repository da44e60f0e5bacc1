# SPDX-License-Identifier: Apache-2.0
"""Cinder's API for gunicorn; its configuration files are named in ``LAB_CINDER_CONFIG``, parted by colons."""

import os
import sys

# Cinder's WSGI entry reads its options from the command line, which here is gunicorn's.
sys.argv = ["cinder-api"] + [
    part for path in os.environ["LAB_CINDER_CONFIG"].split(":") for part in ("--config-file", path)
]

try:
    from cinder.wsgi.api import application
except ImportError:  # before Cinder 27
    from cinder.wsgi import wsgi

    application = wsgi.initialize_application()

from tests.lab.runtime import cinder_common  # noqa: E402

cinder_common.cap()
