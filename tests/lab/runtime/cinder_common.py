# SPDX-License-Identifier: Apache-2.0
"""What every Cinder process of the lab needs before it starts; import only after Cinder's own monkey patching."""

import os_brick.privileged
from cinder import privsep

from tests.lab.drivers import connector


def settle() -> None:
    """Fit this process for an ordinary user and for the lab's storage.

    The privilege helper daemon needs root (or sudo set up for it); nothing that the lab's volumes need does, so what
    would run in the daemon runs in this process.
    """
    for context in (
        privsep.sys_admin_pctxt,
        os_brick.privileged.default,
        os_brick.privileged.brick_privsep_hide_output,
    ):
        context.set_client_mode(False)
    connector.register()
