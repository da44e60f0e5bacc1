# SPDX-License-Identifier: Apache-2.0
"""Code that runs inside the lab's services, each in a process of its own."""

DEAF = "cinder-backup is deaf now"
ALL_STARTED = "all services of the embedded Cinder have started"
