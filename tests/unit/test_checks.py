# SPDX-License-Identifier: Apache-2.0
"""The system checks: what ``manage.py check`` says of a wrong installation."""

import importlib.metadata
import logging
import sys

import pytest
from django.apps import apps
from django.core import checks as django_checks
from django.urls import reverse

from backup_reset_panel import checks
from backup_reset_panel import extension
from backup_reset_panel import panel
from backup_reset_panel import releases
from backup_reset_panel.resets import audit_log


def ids(found):
    return [message.id for message in found]


def test_all_checks_run_with_manage_py_check(settings):
    # One of Django's own checks builds Horizon's URLs, once for the process: they must not be those of these settings.
    reverse("horizon:admin:backup_reset:index")
    settings.OPENSTACK_CINDER_FEATURES = {"enable_backup": False}
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": "soon"}
    found = ids(django_checks.run_checks())
    assert {"backup_reset_panel.W003", "backup_reset_panel.E001"} <= set(found)


def test_extended_panel_is_no_warning():
    assert extension.problem is None
    assert checks.check_extension(None) == []


def test_panel_that_was_not_extended_is_told_with_the_reason(monkeypatch):
    monkeypatch.setattr(extension, "problem", AttributeError("no UpdateStatusView"))
    (warning,) = checks.check_extension(None)
    assert warning.id == "backup_reset_panel.W001"
    assert "no UpdateStatusView" in warning.msg


@pytest.mark.parametrize("version", ["25.3.0", "25.5.1", "26.0.0", "27.0.0", "27.1.0.dev5"])
def test_tested_horizon_is_no_warning(monkeypatch, version):
    monkeypatch.setattr(importlib.metadata, "version", {"horizon": version}.__getitem__)
    assert releases.check_horizon_version(None) == []


@pytest.mark.parametrize("version", ["28.0.0", "28.0.0.0rc1"])
def test_horizon_newer_than_the_tested_ones_is_told(monkeypatch, version):
    monkeypatch.setattr(importlib.metadata, "version", {"horizon": version}.__getitem__)
    (warning,) = releases.check_horizon_version(None)
    assert warning.id == "backup_reset_panel.W002"
    assert version in warning.msg
    assert "28" in warning.msg


@pytest.mark.parametrize("version", ["25.2.0", "23.1.1"])
def test_horizon_that_is_too_old_is_an_error(monkeypatch, version):
    monkeypatch.setattr(importlib.metadata, "version", {"horizon": version}.__getitem__)
    (error,) = releases.check_horizon_version(None)
    assert error.id == "backup_reset_panel.E002"
    assert error.level >= django_checks.ERROR
    assert version in error.msg
    assert "25.3 or newer" in error.msg


def test_nothing_of_the_plugin_is_put_into_a_horizon_that_is_too_old(monkeypatch, caplog):
    # Horizon 23 runs on Django 3.2, on which the views cannot even be imported: all of Horizon would stop.
    monkeypatch.setattr(importlib.metadata, "version", {"horizon": "23.1.1"}.__getitem__)
    monkeypatch.setattr(extension, "install", lambda: pytest.fail("the panel was extended"))
    assert panel.BackupReset.can_register() is False
    apps.get_app_config("backup_reset_panel").ready()
    assert "23.1.1 is too old" in caplog.text


def test_horizon_that_lacks_something_that_we_import_goes_on_without_us(monkeypatch, caplog):
    monkeypatch.setattr(releases, "problem", None)
    monkeypatch.setattr(extension, "install", lambda: pytest.fail("the panel was extended"))
    monkeypatch.setitem(sys.modules, "backup_reset_panel.urls", None)
    monkeypatch.delattr("backup_reset_panel.urls")
    apps.get_app_config("backup_reset_panel").ready()
    assert panel.BackupReset.can_register() is False
    (error,) = releases.check_loaded(None)
    assert error.id == "backup_reset_panel.E003"
    assert "backup_reset_panel.urls" in error.msg
    assert "could not be loaded" in caplog.text


def test_plugin_that_was_loaded_is_no_error():
    assert releases.check_loaded(None) == []
    assert panel.BackupReset.can_register() is True


def test_horizon_whose_version_is_not_known_is_told(monkeypatch):
    def version(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    (warning,) = releases.check_horizon_version(None)
    assert warning.id == "backup_reset_panel.W002"
    assert "not known" in warning.msg


def test_backups_switched_on_are_no_warning(settings):
    settings.OPENSTACK_CINDER_FEATURES = {"enable_backup": True}
    assert checks.check_backups_enabled(None) == []


@pytest.mark.parametrize("features", [{"enable_backup": False}, {}], ids=["off", "default"])
def test_backups_switched_off_are_told_with_the_setting(settings, features):
    settings.OPENSTACK_CINDER_FEATURES = features
    (warning,) = checks.check_backups_enabled(None)
    assert warning.id == "backup_reset_panel.W003"
    assert "OPENSTACK_CINDER_FEATURES['enable_backup']" in warning.hint


def test_static_files_that_were_not_collected_are_told(settings, tmp_path):
    settings.DEBUG = False
    settings.STATIC_ROOT = tmp_path
    (warning,) = checks.check_static_files(None)
    assert warning.id == "backup_reset_panel.W004"
    assert "collectstatic" in warning.hint


def test_collected_static_files_are_no_warning(settings, tmp_path):
    settings.DEBUG = False
    settings.STATIC_ROOT = tmp_path
    collected = tmp_path / checks.STYLE_SHEET
    collected.parent.mkdir()
    collected.touch()
    assert checks.check_static_files(None) == []


def test_debug_needs_no_collected_static_files(settings, tmp_path):
    settings.DEBUG = True
    settings.STATIC_ROOT = tmp_path
    assert checks.check_static_files(None) == []


@pytest.mark.parametrize("backend", ["locmem.LocMemCache", "dummy.DummyCache"])
def test_cache_of_one_process_is_told(settings, backend):
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}
    (warning,) = checks.check_cache(None)
    assert warning.id == "backup_reset_panel.W005"
    assert "CACHES" in warning.hint


def test_cache_that_processes_share_is_no_warning(settings, tmp_path):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }
    assert checks.check_cache(None) == []


def test_cache_that_cannot_be_made_is_left_to_django(settings):
    settings.CACHES = {"default": {"BACKEND": "no.such.Cache"}}
    assert checks.check_cache(None) == []


def test_audit_log_that_logging_drops_is_told(monkeypatch):
    monkeypatch.setattr(audit_log, "fallback", logging.StreamHandler())
    (warning,) = checks.check_audit_log(None)
    assert warning.id == "backup_reset_panel.W006"
    assert "backup_reset_panel.audit" in warning.msg
    assert "LOGGING" in warning.hint


def test_audit_log_that_is_kept_is_no_warning(monkeypatch):
    monkeypatch.setattr(audit_log, "fallback", None)
    assert checks.check_audit_log(None) == []


def test_good_settings_are_no_error(settings):
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 3}
    assert checks.check_settings(None) == []


def test_wrong_setting_is_an_error_that_names_its_key(settings):
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 9}
    (error,) = checks.check_settings(None)
    assert error.id == "backup_reset_panel.E001"
    assert "FOLLOW_SECONDS" in error.msg
