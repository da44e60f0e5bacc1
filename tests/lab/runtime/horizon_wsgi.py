# SPDX-License-Identifier: Apache-2.0
"""Horizon for gunicorn, its static files through WhiteNoise, and where its users land after log-in."""

import importlib.util
import os
import pathlib


def user_home(user) -> str:
    """Return the Backups page: the administrators' for them, the project's for others."""
    return "/admin/backups/" if user.is_superuser else "/project/backups/"


def make_history() -> None:
    """Make the table of the history, here and not by a command: that would load Horizon once more."""
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", "backup_reset_panel", verbosity=0, interactive=False, skip_checks=True)
    # The workers are forked off later.
    connections.close_all()


def make_application():
    """Return Horizon's WSGI application with the collected static files, and the plugin's own, in front of it."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from whitenoise import WhiteNoise

    application = get_wsgi_application()
    if os.environ["LAB_WITH_PLUGIN"]:
        make_history()
    served = WhiteNoise(application, root=settings.STATIC_ROOT, prefix=settings.STATIC_URL)
    if os.environ["LAB_WITH_PLUGIN"]:
        spec = importlib.util.find_spec("backup_reset_panel")
        served.add_files(str(pathlib.Path(spec.submodule_search_locations[0]) / "static"), prefix=settings.STATIC_URL)
    return served


if "LAB_WITH_PLUGIN" in os.environ:
    application = make_application()
