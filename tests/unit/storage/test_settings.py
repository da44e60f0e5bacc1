# SPDX-License-Identifier: Apache-2.0
"""The setting STORAGE: what is wrong is told by name, region by region, and never with a secret."""

import pytest

from backup_reset_panel import checks
from backup_reset_panel import conf
from backup_reset_panel.core.storage import settings as storage_settings
from backup_reset_panel.storage import stores
from backup_reset_panel.storage.access import Access
from backup_reset_panel.storage.files import FilesStore
from backup_reset_panel.storage.stores import account_url
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Trouble

LOGIN = {"auth_url": "https://k/v3", "secret_file": "/etc/secret", "username": "reader", "project_name": "service"}
GOOD = {
    "files": {"store": "files", "path": "/mnt/backups"},
    "swift": {"store": "swift"},
    "swift, all": {
        "store": "swift",
        "account": "AUTH_backups",
        "url": "https://swift.example/v1/AUTH_{project_id}",
        "interface": "internal",
        "region": "R",
        "login": LOGIN,
        "cacert": "/etc/ca.pem",
    },
    "s3": {"store": "s3", "endpoint": "https://s3.example", "keys": "/etc/keys", "path_style": False},
}


@pytest.mark.parametrize("name", GOOD)
def test_good_settings_are_taken_with_defaults(settings, name):
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"RegionOne": GOOD[name]}}
    assert conf.problems() == []
    entry = storage_settings.of_region(conf.get("STORAGE"), "RegionOne")
    assert entry.items() >= GOOD[name].items()
    assert set(entry) == {"store", *storage_settings.OPTIONS[GOOD[name]["store"]]}
    assert stores.configured("RegionOne")
    assert not stores.configured("RegionTwo")


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (7, "['R'] must be a dict, not a int"),
        ({}, "['R']['store'] must be one of 'files', 'swift', 's3'"),
        ({"store": "ceph"}, "['R']['store'] must be one of 'files', 'swift', 's3'"),
        ({"store": ["s3"]}, "['R']['store'] must be one of 'files', 'swift', 's3'"),
        ({"store": "files"}, "['R']['path'] is needed"),
        ({"store": "files", "path": "backups"}, "['R']['path'] must be an absolute path"),
        ({"store": "files", "path": "/b", "endpoint": ""}, "['R']['endpoint'] is no setting of the store 'files'"),
        ({"store": "s3"}, "['R']['endpoint'] is needed"),
        (
            {"store": "s3", "endpoint": "s3.example"},
            "['R']['endpoint'] must be a URL that begins with http:// or https://",
        ),
        (
            {"store": "s3", "endpoint": "http://["},
            "['R']['endpoint'] must be a URL that begins with http:// or https://",
        ),
        ({"store": "s3", "endpoint": "https://s", "path_style": 1}, "['R']['path_style'] must be True or False"),
        ({"store": "swift", "account": ""}, "['R']['account'] must be a text"),
        ({"store": "swift", "url": "https://s/{tenant}"}, "['R']['url'] may have no braces but those of {project_id}"),
        ({"store": "swift", "login": "admin"}, "['R']['login'] must be a dict"),
        (
            {"store": "swift", "login": LOGIN | {"secret_file": "x"}},
            "['R']['login'] 'secret_file' must be an absolute path",
        ),
        ({"store": "swift", "login": LOGIN | {"username": 7}}, "['R']['login'] must hold texts only"),
    ],
    ids=str,
)
def test_wrong_settings_are_told_by_name_and_not_used(settings, entry, told):
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"R": entry, "*": GOOD["files"]}}
    assert conf.problems() == [f"BACKUP_RESET_PANEL['STORAGE']{told}"]
    assert [error.msg for error in checks.check_settings(None)] == conf.problems()
    assert not stores.configured("R")
    assert stores.configured("another")


def test_setting_that_is_no_dict_is_told(settings):
    settings.BACKUP_RESET_PANEL = {"STORAGE": "/mnt"}
    assert conf.problems() == ["BACKUP_RESET_PANEL['STORAGE'] must be a dict, not '/mnt'"]
    assert not stores.configured("R")
    settings.BACKUP_RESET_PANEL = {"STORAGE": {7: GOOD["files"]}}
    assert conf.problems() == ["BACKUP_RESET_PANEL['STORAGE'] must have the names of regions, or '*', as keys"]
    assert storage_settings.problems("/mnt") == [" must be a dict, not a str"]


def test_secret_in_the_wrong_place_is_not_repeated(settings):
    entry = {"store": "swift", "login": {**LOGIN, "password": "hunter2"}}
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"R": entry}}
    (told,) = conf.problems()
    assert "'password'" in told
    assert "secret_file" in told
    assert "hunter2" not in told
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"R": {"store": "s3", "endpoint": "https://a:hunter2@s3.example"}}}
    assert "hunter2" not in "".join(conf.problems())
    assert conf.problems()


def test_login_that_lacks_something_is_told_with_both_ways(settings):
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"R": {"store": "swift", "login": {"auth_url": "https://k"}}}}
    (told,) = conf.problems()
    assert "application_credential_id" in told
    assert "username" in told


def test_unset_nothing_is_configured(settings):
    assert not stores.configured("RegionOne")
    assert checks.check_storage(None) == []
    with pytest.raises(StorageError) as caught:
        stores.open_store("RegionOne", "p", Access(), 1)
    assert caught.value.trouble is Trouble.NOT_CONFIGURED


def test_what_cannot_work_on_this_machine_is_a_warning(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(stores.importlib.util, "find_spec", lambda name: True)
    (keys := tmp_path / "keys").write_text("x")
    keys.chmod(0o644)
    regions = {
        "A": GOOD["files"] | {"path": str(tmp_path / "none")},
        "B": GOOD["s3"] | {"keys": str(keys)},
        "C": {
            "store": "swift",
            "login": LOGIN | {"secret_file": str(tmp_path / "none")},
            "cacert": str(tmp_path / "ca"),
        },
        "D": {"store": "files", "path": str(tmp_path)},
    }
    settings.BACKUP_RESET_PANEL = {"STORAGE": regions}
    told = [(warning.id, warning.msg.partition(": ")) for warning in checks.check_storage(None)]
    assert {name for name, _ in told} == {"backup_reset_panel.W007"}
    assert [(parts[0][-5:], parts[2].replace(str(tmp_path), "")) for _, parts in told] == [
        ("['A']", "/none is no folder on this machine"),
        ("['B']", "/keys holds a secret and can be read by every user of this machine"),
        ("['C']", "/none cannot be read"),
        ("['C']", "/ca cannot be read"),
    ]


def test_s3_without_boto3_is_a_warning_and_no_store(settings, monkeypatch, tmp_path):
    (keys := tmp_path / "keys").write_text("[default]\naws_access_key_id = a\naws_secret_access_key = b\n")
    keys.chmod(0o600)
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"R": GOOD["s3"] | {"keys": str(keys)}}}
    monkeypatch.setattr(stores.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setitem(__import__("sys").modules, "boto3", None)
    (warning,) = checks.check_storage(None)
    assert "backup-reset-panel[s3]" in warning.msg
    with pytest.raises(StorageError, match=r"backup-reset-panel\[s3\]"):
        stores.open_store("R", None, Access(), 1)


def test_files_are_opened(settings, tmp_path):
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": {"store": "files", "path": str(tmp_path)}}}
    assert isinstance(stores.open_store("anywhere", None, Access(), 1), FilesStore)


@pytest.mark.parametrize(
    ("url", "account", "project", "own", "wanted"),
    [
        ("https://s/v1/AUTH_me", "project", "you", "me", "https://s/v1/AUTH_you"),
        ("https://s/v1/AUTH_me/", "project", "you", "me", "https://s/v1/AUTH_you"),
        ("https://s/swift/v1/AUTH_{project_id}", "project", "you", None, "https://s/swift/v1/AUTH_you"),
        ("https://s/v1/AUTH_me", "AUTH_backups", "you", "me", "https://s/v1/AUTH_backups"),
        ("https://s/v1/AUTH_backups", "AUTH_backups", None, None, "https://s/v1/AUTH_backups"),
    ],
)
def test_account_is_that_of_the_backups_project_or_the_one_of_the_settings(url, account, project, own, wanted):
    assert account_url(url, account, project, own) == wanted


@pytest.mark.parametrize(
    ("url", "project", "own"),
    [
        ("", "you", "me"),
        ("https://s/swift/v1", "you", "me"),
        ("https://s/v1/AUTH_me", None, "me"),
        ("https://s/v1/AUTH_me", "you", None),
        ("https://s/v1/AUTH_me", "../x", "me"),
    ],
)
def test_account_that_cannot_be_worked_out_is_told(url, project, own):
    with pytest.raises(StorageError) as caught:
        account_url(url, "project", project, own)
    assert caught.value.trouble is Trouble.NOT_CONFIGURED
