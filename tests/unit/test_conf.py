# SPDX-License-Identifier: Apache-2.0
"""Settings: each has a default, a wrong one is told by name and not used."""

import datetime

import pytest

from backup_reset_panel import conf


def test_every_setting_has_a_default_that_is_taken():
    assert {name: key.problem(key.default) for name, key in conf.KEYS.items()} == dict.fromkeys(conf.KEYS)


def test_a_site_without_the_setting_gets_the_defaults(settings):
    assert not hasattr(settings, conf.NAME)
    assert conf.get("FOLLOW_SECONDS") == 1.5
    assert conf.problems() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OVERRIDE_ALLOWED", "no"),
        ("FOLLOW_SECONDS", 9),
        ("FOLLOW_SECONDS", -1),
        ("FOLLOW_SECONDS", True),
        ("BULK_CHUNK", 2.5),
        ("BULK_THREADS", 0),
        ("GUIDE_URL", None),
        ("GUIDE_URL", "javascript:alert(1)"),
        ("GUIDE_URL", "guide.example"),
        ("GUIDE_URL", "https://guide.example/ onclick=x"),
    ],
)
def test_a_wrong_value_is_told_by_name_and_the_default_is_used(settings, name, value):
    settings.BACKUP_RESET_PANEL = {name: value}
    (told,) = conf.problems()
    assert told.startswith(f"BACKUP_RESET_PANEL['{name}'] must")
    assert conf.get(name) == conf.KEYS[name].default


def test_an_unknown_key_is_told_by_name(settings):
    settings.BACKUP_RESET_PANEL = {"OVERIDE_ALLOWED": False}
    assert conf.problems() == ["BACKUP_RESET_PANEL['OVERIDE_ALLOWED'] is not a setting of this plugin"]


def test_a_setting_that_is_no_dict_is_told(settings):
    settings.BACKUP_RESET_PANEL = ["OVERRIDE_ALLOWED"]
    assert conf.problems() == ["BACKUP_RESET_PANEL must be a dict"]
    assert conf.get("OVERRIDE_ALLOWED") is True


def test_rules_follow_the_settings(settings):
    settings.BACKUP_RESET_PANEL = {
        "OVERRIDE_ALLOWED": False,
        "NOT_TAKEN_UP_MINUTES": 5,
        "COMPLETE_UNCHANGED_MINUTES": 6,
        "LONG_RUNNING_HOURS": 7,
    }
    rules = conf.rules()
    assert rules.override_allowed is False
    assert rules.not_taken_up == datetime.timedelta(minutes=5)
    assert rules.complete_unchanged == datetime.timedelta(minutes=6)
    assert rules.long_running == datetime.timedelta(hours=7)
