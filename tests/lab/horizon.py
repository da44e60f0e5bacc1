# SPDX-License-Identifier: Apache-2.0
"""Horizon: the installed package in an overlay, so that it is never touched; with the plugin, and once more without.

The overlay is a folder ``openstack_dashboard`` of links to the installed one's parts, with a ``local`` of its own
that holds settings and enabled files. It comes first on the module path. Static files and compiled styles are made
once for a set of package versions, by a Horizon without plugins, and kept in the cache: the plugin's own are served
beside them.
"""

import importlib.util
import pathlib
import secrets
import shutil
import sys

from tests.lab import cache
from tests.lab import environment
from tests.lab import gunicorn
from tests.lab import stores
from tests.lab.processes import Service
from tests.lab.state import State
from tools import catalogues

STATIC_PACKAGES = ("horizon", "Django", "django_compressor")
ENABLED_FILES = "backup_reset_panel.enabled"
NAMES = {"horizon": True, "stock-horizon": False}

SETTINGS = """\
DEBUG = False
ALLOWED_HOSTS = ["*"]
WEBROOT = "/"
SECRET_KEY = {secret!r}
OPENSTACK_HOST = "127.0.0.1"
OPENSTACK_KEYSTONE_URL = {keystone!r}
OPENSTACK_API_VERSIONS = {{"identity": 3, "volume": 3}}
OPENSTACK_CINDER_FEATURES = {{"enable_backup": True}}
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
# Cookies know no ports: two Horizons on 127.0.0.1 would log each other out.
SESSION_COOKIE_NAME = {name!r} + "-session"
CSRF_COOKIE_NAME = {name!r} + "-csrf"
CACHES = {{"default": {{"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}}
STATIC_ROOT = {static!r}
COMPRESS_OFFLINE = True
OPERATION_LOG_ENABLED = True
LOGGING = {{
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {{"line": {{"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}}}},
    "handlers": {{"stderr": {{"class": "logging.StreamHandler", "formatter": "line"}}}},
    "root": {{"handlers": ["stderr"], "level": "INFO"}},
}}
"""

#: Two workers have to see each other's resets under way: a cache that both share, as a real installation has it.
SHARED_CACHE = """\
CACHES = {{
    "default": {{
        "BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache",
        "LOCATION": "127.0.0.1:{port}",
        "KEY_PREFIX": {name!r},
    }}
}}
"""

#: A history of resets, in a database of Horizon's own.
HISTORY = """\
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": {file!r}}}}}
BACKUP_RESET_PANEL = {{"HISTORY": {{"database": "default", "days": 365}}}}
"""

#: Horizon may look at what cinder-backup writes.
STORAGE = """\
BACKUP_RESET_PANEL["STORAGE"] = {{"*": {entry!r}}}
"""

SNIPPET = """\
# Without Nova, Horizon's own choice of a first page refuses the user.
HORIZON_CONFIG["user_home"] = "tests.lab.runtime.horizon_wsgi.user_home"
"""


def configure(state: State, name: str, static: pathlib.Path) -> Service:
    """Make one Horizon's overlay and return its service.

    :param name: ``horizon`` (with the plugin) or ``stock-horizon``
    :param static: folder of collected and compressed static files
    """
    folder = state.path("horizon", name)
    local_settings = settings(state, name, static)
    if state.shape != "embedded":
        local_settings += SHARED_CACHE.format(port=state.ports["memcached"], name=name)
    if NAMES[name]:
        local_settings += HISTORY.format(file=str(folder / "horizon.sqlite3"))
    if state.check_storage and NAMES[name]:
        local_settings += STORAGE.format(entry=stores.horizon_entry(state))
    make_overlay(folder, local_settings, plugin=NAMES[name])
    return gunicorn.service(
        state,
        name,
        application="tests.lab.runtime.horizon_wsgi:application",
        folder=folder,
        workers=state.horizon_workers or (1 if state.shape == "embedded" else 2),
        env=overlay_env(folder) | {"LAB_WITH_PLUGIN": "1" if NAMES[name] else ""},
    )


def settings(state: State, name: str, static: pathlib.Path) -> str:
    """Return the text of a ``local_settings.py``."""
    return SETTINGS.format(
        secret=secrets.token_urlsafe(32), keystone=state.url("keystone", "v3"), static=str(static), name=name
    )


def overlay_env(folder: pathlib.Path) -> dict[str, str]:
    """Return the variables that make a process use the overlay in a folder."""
    return {
        "PYTHONPATH": f"{folder / 'overlay'}:{environment.REPOSITORY}",
        "DJANGO_SETTINGS_MODULE": "openstack_dashboard.settings",
    }


def make_overlay(folder: pathlib.Path, local_settings: str, plugin: bool) -> None:
    """Link the installed ``openstack_dashboard`` into ``folder/overlay`` and give it settings of its own."""
    installed = package_folder("openstack_dashboard")
    overlay = folder / "overlay" / "openstack_dashboard"
    overlay.mkdir(parents=True)
    for part in installed.iterdir():
        if part.name not in ("local", "__pycache__"):
            (overlay / part.name).symlink_to(part)
    local = overlay / "local"
    for package in (local, local / "enabled", local / "local_settings.d"):
        package.mkdir()
    for package in (local, local / "enabled"):
        (package / "__init__.py").touch()
    (local / "local_settings.py").write_text(local_settings)
    (local / "local_settings.d" / "_90_lab.py").write_text(SNIPPET)
    if plugin:
        catalogues.compile_all()
        for file in package_folder(ENABLED_FILES).glob("_*_*.py"):
            shutil.copy(file, local / "enabled")


def package_folder(package: str) -> pathlib.Path:
    """Return the folder of an installed package without importing it."""
    spec = importlib.util.find_spec(package)
    return pathlib.Path(spec.submodule_search_locations[0])


def prepare_static(state: State, run) -> pathlib.Path:
    """Collect and compress Horizon's static files, once for a set of package versions; return their folder.

    :param run: callable that runs a command to its end, a ``commands.Runner``
    """
    target = state.path("horizon", "static")
    with cache.entry("horizon-static", (*STATIC_PACKAGES, *cache.installed("xstatic")), SETTINGS) as kept:
        if kept.place and (kept.place / "static").is_dir():
            return kept.place / "static"
        scratch = state.path("horizon", "static-maker")
        make_overlay(scratch, settings(state, "static-maker", target), plugin=False)
        for command in (["collectstatic", "--noinput", "--verbosity", "0"], ["compress", "--force"]):
            run([sys.executable, "-m", "django", *command], "horizon-static", env=overlay_env(scratch))
        shutil.rmtree(scratch)
        kept.store("static", target)
    return target
