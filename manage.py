# SPDX-License-Identifier: Apache-2.0
"""Django's command line on the test settings: Horizon with this plugin switched on, no cloud."""

import os

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    execute_from_command_line()
