# SPDX-License-Identifier: Apache-2.0
"""What every Cinder process of the lab needs before it starts; import only after Cinder's own monkey patching."""

import os

import os_brick.privileged
from cinder import privsep
from cinder.api import versions
from cinder.api.openstack import api_version_request

from tests.lab.drivers import connector


def settle() -> None:
    """Fit this process for an ordinary user and for the lab's storage.

    The privilege helper daemon needs root (or sudo set up for it); nothing that the lab's volumes need does, so what
    would run in the daemon runs in this process.
    """
    contexts = [privsep.sys_admin_pctxt, os_brick.privileged.default]
    # Cinder 24 has no such context.
    contexts += [one for one in [getattr(os_brick.privileged, "brick_privsep_hide_output", None)] if one]
    for context in contexts:
        context.set_client_mode(False)
    connector.register()


def cap() -> None:
    """Serve no microversion above the one that the lab wants, as an older release would."""
    highest = os.environ.get("LAB_CINDER_MAX")
    if highest:
        api_version_request._MAX_API_VERSION = highest
        versions._KNOWN_VERSIONS["v3.0"]["version"] = highest
