# SPDX-License-Identifier: Apache-2.0
"""Cinder's API for gunicorn; its configuration files are named in ``LAB_CINDER_CONFIG``, parted by colons."""

import os
import sys

# Cinder's WSGI entry reads its options from the command line, which here is gunicorn's.
sys.argv = ["cinder-api"] + [
    part for path in os.environ["LAB_CINDER_CONFIG"].split(":") for part in ("--config-file", path)
]

from cinder.wsgi.api import application  # noqa: E402, F401
