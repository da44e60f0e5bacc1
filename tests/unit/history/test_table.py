# SPDX-License-Identifier: Apache-2.0
"""The table: its migrations, its settings, its command, and what the system checks say of it."""

import datetime
import types

import pytest
from django.core.management import CommandError
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from backup_reset_panel import checks
from backup_reset_panel.history import settings as history_settings
from backup_reset_panel.history import store
from backup_reset_panel.history.models import PastReset

KEPT = {"HISTORY": {"database": "default"}}


@pytest.mark.django_db
@pytest.mark.parametrize("auto_field", ["AutoField", "BigAutoField"])
def test_the_migrations_say_all_that_the_model_says_whatever_the_site_numbers_rows_with(settings, auto_field):
    settings.DEFAULT_AUTO_FIELD = f"django.db.models.{auto_field}"
    call_command("makemigrations", "backup_reset_panel", check=True, dry_run=True, verbosity=0)


def test_nothing_is_kept_unless_the_site_says_so(settings):
    assert not hasattr(settings, "BACKUP_RESET_PANEL")
    assert history_settings.kept() is None
    assert checks.check_history(None) == []


def test_a_year_is_kept_unless_the_site_says_otherwise(settings):
    settings.BACKUP_RESET_PANEL = KEPT
    assert history_settings.kept() == history_settings.Kept("default", 365)


@pytest.mark.parametrize(
    "databases",
    [{}, {"default": {}}, {"default": {"ENGINE": "django.db.backends.dummy"}}, {"other": {"ENGINE": "x"}}],
)
def test_nothing_is_kept_without_the_database_and_the_check_says_so(settings, monkeypatch, databases):
    settings.BACKUP_RESET_PANEL = KEPT
    monkeypatch.setattr(history_settings, "settings", types.SimpleNamespace(DATABASES=databases))
    assert history_settings.kept() is None
    (warning,) = checks.check_history(None)
    assert warning.id == "backup_reset_panel.W008"
    assert "'default'" in warning.msg


@pytest.mark.parametrize("value", [{"database": "default", "days": 0}, {"database": 3}, {"days": 3}, "default"])
def test_nothing_is_kept_by_a_wrong_setting_and_the_check_says_so(settings, value):
    settings.BACKUP_RESET_PANEL = {"HISTORY": value}
    assert history_settings.kept() is None
    assert checks.check_history(None) == []
    assert checks.check_settings(None)[0].id == "backup_reset_panel.E001"


@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_there_is_no_warning_and_one_that_is_not_is(settings, monkeypatch):
    settings.BACKUP_RESET_PANEL = KEPT
    assert checks.check_history(None) == []
    monkeypatch.setattr(PastReset._meta, "db_table", "not_there")
    (warning,) = checks.check_history(None)
    assert warning.id == "backup_reset_panel.W009"
    assert "migrate backup_reset_panel --database default" in warning.hint


def test_a_database_that_does_not_answer_is_told(settings, monkeypatch):
    settings.BACKUP_RESET_PANEL = KEPT

    def call(database, work, seconds):
        raise store.Unavailable("no answer within 2.0 s")

    monkeypatch.setattr(store.BOUNDS, "call", call)
    (warning,) = checks.check_history(None)
    assert "no answer within" in warning.msg


@pytest.mark.django_db(transaction=True)
def test_the_command_deletes_all_that_is_too_old_and_nothing_else(settings, capsys):
    settings.BACKUP_RESET_PANEL = {"HISTORY": {"database": "default", "days": 10}}
    now = timezone.now()
    PastReset.objects.bulk_create(
        PastReset(key=str(number), at=now - datetime.timedelta(days=number / 100)) for number in range(2000)
    )
    call_command("backup_reset_history", prune=True)
    assert capsys.readouterr().out == "1000 records older than 10 days deleted.\n"
    assert PastReset.objects.count() == 1000


def test_the_command_says_where_no_history_is_kept(settings):
    with pytest.raises(CommandError, match="No history is kept"):
        call_command("backup_reset_history", prune=True)
    settings.BACKUP_RESET_PANEL = {"HISTORY": {"database": "nowhere"}}
    with pytest.raises(CommandError, match="'nowhere' is not there"):
        call_command("backup_reset_history", prune=True)


@pytest.mark.django_db(transaction=True)
def test_a_row_tells_itself():
    row = PastReset(at=datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc), backup_id="b", outcome="applied")
    assert str(row) == "2026-01-02 00:00:00 b applied"


def test_a_failure_to_connect_is_told_with_its_kind():
    def work():
        raise OperationalError("gone")

    with pytest.raises(store.Unavailable, match="OperationalError: gone"):
        store.BOUNDS.call("default", work, 5)
