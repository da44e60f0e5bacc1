# SPDX-License-Identifier: Apache-2.0
"""Horizon as a deployer sets it up: its own settings, and a folder of enabled files.

EXTENSION_CASE is a JSON document: ``enable_backup`` is Horizon's setting, ``hidden`` a name that this Horizon has not
got ("module.Name" of its admin Backups panel), ``example_logging`` whether LOGGING is that of Horizon's example of
local settings. The folder is the package ``deployed_enabled``, on the path.
"""

import ast
import json
import os
import pathlib

import deployed_enabled
import openstack_dashboard.enabled
from openstack_dashboard.test.settings import *  # noqa: F403
from openstack_dashboard.test.settings import HORIZON_CONFIG
from openstack_dashboard.test.settings import INSTALLED_APPS
from openstack_dashboard.test.settings import OPENSTACK_CINDER_FEATURES
from openstack_dashboard.test.settings import POLICY_FILES
from openstack_dashboard.utils.settings import update_dashboards

CASE = json.loads(os.environ["EXTENSION_CASE"])

for name in ("dashboards", "default_dashboard"):
    HORIZON_CONFIG.pop(name, None)
update_dashboards([openstack_dashboard.enabled, deployed_enabled], HORIZON_CONFIG, INSTALLED_APPS)
INSTALLED_APPS = list(dict.fromkeys(INSTALLED_APPS))
if HIDDEN_NAME := CASE["hidden"]:
    INSTALLED_APPS = ["tests.extension.other_horizon.hides", *INSTALLED_APPS, "tests.extension.other_horizon.shows"]
OPENSTACK_CINDER_FEATURES = {**OPENSTACK_CINDER_FEATURES, "enable_backup": CASE["enable_backup"]}

if CASE["example_logging"]:
    example = pathlib.Path(openstack_dashboard.__file__).with_name("local") / "local_settings.py.example"
    (written,) = [
        part
        for part in ast.parse(example.read_text()).body
        if isinstance(part, ast.Assign) and part.targets[0].id == "LOGGING"
    ]
    # Not a literal, since it depends on DEBUG.
    LOGGING = eval(compile(ast.Expression(written.value), str(example), "eval"), {"DEBUG": False})  # noqa: S307

POLICY_FILES = {**POLICY_FILES, "volume": "cinder_policy.yaml"}
POLICY_CHECK_FUNCTION = "openstack_auth.policy.check"
COMPRESS_ENABLED = False
