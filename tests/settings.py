# SPDX-License-Identifier: Apache-2.0
"""Horizon's own test settings with the plugin switched on, and Cinder's policy in force."""

import atexit
import shutil
import tempfile

import openstack_dashboard.enabled
from openstack_dashboard.test.settings import *  # noqa: F403
from openstack_dashboard.test.settings import HORIZON_CONFIG
from openstack_dashboard.test.settings import INSTALLED_APPS
from openstack_dashboard.test.settings import POLICY_FILES
from openstack_dashboard.test.settings import TEMPLATES
from openstack_dashboard.utils.settings import update_dashboards

import backup_reset_panel.enabled
from tools import catalogues

for name in ("dashboards", "default_dashboard"):
    HORIZON_CONFIG.pop(name, None)
update_dashboards([openstack_dashboard.enabled, backup_reset_panel.enabled], HORIZON_CONFIG, INSTALLED_APPS)
INSTALLED_APPS = list(dict.fromkeys(INSTALLED_APPS))

# Horizon's test settings know two policy files; ours is the one of block storage that Horizon ships.
POLICY_FILES = {**POLICY_FILES, "volume": "cinder_policy.yaml"}

# Each template is compiled once and not for each page, as in a Horizon that is not being worked on.
LOADERS = TEMPLATES[0]["OPTIONS"]["loaders"]
TEMPLATES[0]["OPTIONS"]["loaders"] = [("django.template.loaders.cached.Loader", LOADERS)]

# What is tested here is text, not styles; the tests in a browser compile those, to where nobody else's files are
# in the way. Left as it was, each page would read some 400 scripts' time stamps.
COMPRESS_ENABLED = False
COMPRESS_PRECOMPILERS = ()
COMPRESS_ROOT = tempfile.mkdtemp(prefix="backup-reset-panel-compressed-")
atexit.register(shutil.rmtree, COMPRESS_ROOT, ignore_errors=True)

# Compressing asks the cache for the time stamp of each of those; the default room of 300 makes it start over.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}}

# A file, and not memory: the history is written and read in threads of its own, as in a real Horizon.
DATABASE_FOLDER = tempfile.mkdtemp(prefix="backup-reset-panel-database-")
atexit.register(shutil.rmtree, DATABASE_FOLDER, ignore_errors=True)
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{DATABASE_FOLDER}/horizon.sqlite3",
        "OPTIONS": {"timeout": 1},
        "TEST": {"NAME": f"{DATABASE_FOLDER}/test.sqlite3"},
    }
}

# The catalogues as they are in the checkout, whatever was compiled when it was installed.
catalogues.compile_all()
