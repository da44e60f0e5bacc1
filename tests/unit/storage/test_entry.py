# SPDX-License-Identifier: Apache-2.0
"""What views call, with the stores of the settings: check, begin to read, read on."""

import dataclasses
import json
import types

import pytest
import requests_mock
from django.core.management import CommandError
from django.core.management import call_command

from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Depth
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.storage import access as accesses
from backup_reset_panel.storage import entry
from backup_reset_panel.storage import stores
from backup_reset_panel.storage.access import Access
from backup_reset_panel.storage.types import StorageError
from tests.people import person
from tests.unit.storage import servers
from tests.unit.storage.conftest import record

REGION = "RegionOne"


@pytest.fixture
def configured(host, settings, tmp_path):
    """A store in the settings; gives the access of an administrator of another project."""
    url = f"{host.server.url}/v1/AUTH_other" if host.server else ""
    if host.name == "files":
        host.settle()
        chosen = {"store": "files", "path": str(host.place)}
    elif host.name == "swift":
        chosen = {"store": "swift"}
    else:
        (keys := tmp_path / "keys").write_text(
            f"[default]\naws_access_key_id = {servers.ACCESS_KEY}\naws_secret_access_key = {servers.SECRET_KEY}\n"
        )
        chosen = {"store": "s3", "endpoint": host.server.url, "keys": str(keys)}
    settings.BACKUP_RESET_PANEL = {"STORAGE": {REGION: chosen}}
    return Access(REGION, "other", servers.TOKEN, url)


def test_check_finds_a_whole_backup(host, configured):
    found = entry.check(configured, REGION, record(host.library.row("full", "none")))
    assert (found.state, found.parts, found.depth) == (State.WHOLE, 32, Depth.LISTED)


def test_region_without_a_store_is_doubt(host, configured):
    found = entry.check(configured, "RegionTwo", record(host.library.row("full", "none")))
    assert [issue.code for issue in found.issues] == [Code.NOT_CONFIGURED]
    begun = entry.begin(configured, "RegionTwo", record(host.library.row("full", "none")))
    assert begun.place is None


def read_all(configured, begun, **kwargs):
    now, steps = begun, 0
    while now.place is not None:
        # As a browser keeps it.
        now = entry.step(configured, json.loads(json.dumps(now.place)), **kwargs)
        steps += 1
    return now, steps


def test_reading_goes_step_by_step_to_the_end(host, configured):
    row = host.library.row("incremental", "zlib")
    begun = entry.begin(configured, REGION, record(row), host.library.ancestors(row))
    assert (begun.parts_done, begun.finding.depth) == (0, Depth.LISTED)
    total = begun.parts_total
    assert total == row["object_count"] + 32
    now, steps = read_all(configured, begun, seconds=0)
    assert steps == total
    assert (now.finding.state, now.finding.depth, now.parts_done) == (State.WHOLE, Depth.READ, total)
    assert now.bytes_done == now.bytes_total == begun.bytes_total


def test_sample_reads_twenty_parts(host, configured):
    begun = entry.begin(configured, REGION, record(host.library.row("full", "none")), sample=True)
    now, steps = read_all(configured, begun)
    assert steps == 1
    assert (now.parts_done, now.finding.depth, now.finding.state) == (20, Depth.SAMPLED, State.WHOLE)
    assert now.bytes_total == 20 * 16 * 1024


def test_reading_stops_when_enough_is_damaged(host, configured):
    row = host.library.row("full, random", "zlib")
    objects = host.objects[row["container"]]
    for name in [name for name in objects if name.startswith(row["prefix"] + "-")]:
        objects[name] = bytes(len(objects[name]))
    if not host.server:
        host.settle()
    begun = entry.begin(configured, REGION, record(row))
    if host.server:
        # Uncompressed parts, whose MD5s the listing has.
        assert begun.place is None
        assert begun.finding.state is State.DAMAGED
        return
    now, _ = read_all(configured, begun)
    assert now.finding.issues[0].code is Code.CONTENT_DIFFERS
    assert now.finding.issues[0].count == 10


def test_part_that_vanishes_while_it_is_read_is_damage(host, configured):
    row = host.library.row("full", "none")
    begun = entry.begin(configured, REGION, record(row))
    del host.objects[row["container"]][row["prefix"] + "-00020"]
    if not host.server:
        host.settle()
    now, _ = read_all(configured, begun)
    assert now.finding.state is State.DAMAGED


def test_container_that_vanishes_while_it_is_read_is_no_damage(host, configured):
    row = host.library.row("full", "none")
    begun = entry.begin(configured, REGION, record(row))
    now = entry.step(configured, begun.place, seconds=0)
    host.objects[row["container"]].clear()
    if not host.server:
        host.settle()
    now, _ = read_all(configured, now)
    assert (now.finding.state, now.broken_by) == (State.WHOLE, "not_found")
    assert now.finding.depth is Depth.LISTED


def test_part_that_is_replaced_between_two_steps_is_damage_and_a_backup_that_is_written_anew_is_not(host, configured):
    row = host.library.row("full", "none")
    objects = host.objects[row["container"]]
    begun = entry.begin(configured, REGION, record(row))
    now = entry.step(configured, begun.place, seconds=0)
    part = row["prefix"] + "-00020"
    objects[part] = bytes(len(objects[part]))
    if not host.server:
        host.settle()
    assert read_all(configured, now)[0].finding.state is State.DAMAGED
    manifest = row["prefix"] + "_metadata"
    objects[manifest] = json.dumps(json.loads(objects[manifest]) | {"more": 1}).encode()
    if not host.server:
        host.settle()
    now, _ = read_all(configured, now)
    assert (now.finding.state, now.broken_by) == (State.UNKNOWN, "changed")


def test_version_is_the_same_until_something_is_written(host, configured):
    row = host.library.row("full", "none")
    first, second = (entry.check(configured, REGION, record(row)).version for _number in range(2))
    assert first == second != ""
    objects = host.objects[row["container"]]
    objects[row["prefix"] + "_sha256file"] += b" "
    if not host.server:
        host.settle()
    assert entry.check(configured, REGION, record(row)).version != first


def test_damage_leaves_nothing_to_read(host, configured):
    row = host.library.row("full", "none")
    del host.objects[row["container"]][row["prefix"] + "_metadata"]
    if not host.server:
        host.settle()
    begun = entry.begin(configured, REGION, record(row))
    assert begun.place is None
    assert begun.finding.state in {State.DAMAGED, State.BEING_WRITTEN}


def test_store_that_is_not_set_any_more_ends_a_reading(host, configured, settings):
    begun = entry.begin(configured, REGION, record(host.library.row("full", "none")))
    settings.BACKUP_RESET_PANEL = {}
    now = entry.step(configured, begun.place)
    assert now.place is None
    assert now.finding.depth is Depth.LISTED


def test_place_of_another_release_is_refused(host, configured):
    begun = entry.begin(configured, REGION, record(host.library.row("full", "none")))
    with pytest.raises((KeyError, TypeError)):
        entry.step(configured, {**begun.place, "more": 1})


def test_access_is_that_of_the_user(settings):
    user = person("admin")
    access = Access.of(types.SimpleNamespace(user=user))
    assert (access.region, access.project_id, access.token, access.url) == (
        REGION,
        "admin-project",
        "a-secret-token",
        "",
    )
    assert "a-secret-token" not in repr(access)


def test_swift_without_a_user_or_a_catalog_is_not_configured(settings):
    settings.BACKUP_RESET_PANEL = {"STORAGE": {REGION: {"store": "swift"}}}
    for access in (Access(), Access(REGION, "me", "token", "")):
        with pytest.raises(StorageError, match="not_configured"):
            stores.open_store(REGION, "you", access, 1)


@pytest.fixture
def keystone():
    from keystoneauth1 import fixture

    token = fixture.V3Token(project_id="service")
    service = token.add_service("object-store", name="swift")
    service.add_standard_endpoints(public="http://swift.test/v1/AUTH_service", region=REGION)
    with requests_mock.Mocker() as mocked:
        mocked.get("http://keystone.test/v3", json={"version": fixture.V3Discovery("http://keystone.test/v3")})
        mocked.post("http://keystone.test/v3/auth/tokens", json=token, headers={"X-Subject-Token": "its-token"})
        yield mocked
    accesses._LOGINS.clear()


@pytest.mark.parametrize("by", [{"username": "reader", "project_name": "service"}, {"application_credential_id": "x"}])
def test_account_of_the_settings_logs_in_once(settings, tmp_path, keystone, by, caplog):
    caplog.set_level("DEBUG")
    (secret := tmp_path / "secret").write_text("a-password-to-keep\n")
    login = {"auth_url": "http://keystone.test/v3", "secret_file": str(secret), **by}
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": {"store": "swift", "login": login}}}
    keystone.get("http://swift.test/v1/AUTH_you/c?format=json&prefix=p", json=[])
    for _ in range(2):
        store = stores.open_store(REGION, "you", Access(), 5)
        store.list_objects("c", "p")
        store.close()
    posts = [asked for asked in keystone.request_history if asked.method == "POST"]
    assert len(posts) == 1
    assert keystone.request_history[-1].headers["X-Auth-Token"] == "its-token"
    assert "a-password-to-keep" not in caplog.text


@pytest.mark.parametrize(("status", "code"), [(401, "denied"), (403, "denied"), (503, "unreachable")])
def test_keystone_that_refuses_or_fails_is_doubt(settings, tmp_path, keystone, status, code):
    (secret := tmp_path / "secret").write_text("x")
    login = {"auth_url": "http://keystone.test/v3", "secret_file": str(secret), "application_credential_id": "y"}
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": {"store": "swift", "login": login}}}
    keystone.post("http://keystone.test/v3/auth/tokens", status_code=status)
    backup = dataclasses.replace(record_of_nothing(), project_id="you")
    found = entry.check(Access(), REGION, backup)
    assert [issue.code.value for issue in found.issues] == [code]


def record_of_nothing():
    from backup_reset_panel.core.records import Backup

    name = "11111111-2222-3333-4444-555555555555"
    return Backup(name, volume_id=name, container="c")


@pytest.mark.parametrize("text", ["", "[other]\n", "[default]\naws_access_key_id = x\n", "nonsense-secret", None])
def test_keys_that_cannot_be_read_are_told_without_them(tmp_path, text):
    path = tmp_path / "keys"
    if text is not None:
        path.write_text(text)
    with pytest.raises(StorageError) as caught:
        accesses.s3_keys(str(path), "default")
    assert str(path) in str(caught.value)
    assert "nonsense-secret" not in str(caught.value)


def test_keys_come_from_the_environment(monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    with pytest.raises(StorageError, match="AWS_ACCESS_KEY_ID"):
        accesses.s3_keys(None, "default")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    assert accesses.s3_keys(None, "default") == ("a", "b")


@pytest.mark.parametrize(
    ("options", "cacert", "wanted"),
    [
        ({}, None, True),
        ({"OPENSTACK_SSL_NO_VERIFY": True}, None, False),
        ({"OPENSTACK_SSL_CACERT": "/ca"}, None, "/ca"),
        ({"OPENSTACK_SSL_NO_VERIFY": True}, "/own", "/own"),
    ],
)
def test_certificates_are_held_against_the_stores_ca_or_as_horizon_does(settings, options, cacert, wanted):
    settings.OPENSTACK_SSL_NO_VERIFY, settings.OPENSTACK_SSL_CACERT = False, None
    for name, value in options.items():
        setattr(settings, name, value)
    assert accesses.verify(cacert) == wanted


def command(capsys, *args):
    try:
        call_command("backup_reset_storage", "--check", *args)
        failed = ""
    except CommandError as exc:
        failed = str(exc)
    return capsys.readouterr().out, failed


def test_command_says_that_access_works_and_reads_nothing_of_anybodys(host, configured, capsys, monkeypatch):
    if host.name == "swift":
        monkeypatch.setenv("OS_AUTH_TOKEN", servers.TOKEN)
        monkeypatch.setenv("OS_STORAGE_URL", f"{host.server.url}/v1/AUTH_{servers.PROJECT}")
    told, failed = command(capsys)
    assert failed == ""
    assert set(told.splitlines()) <= {f"{REGION}: {what}: works" for what in ("open", "list", "ask", "read")}
    if host.server:
        assert len(told.splitlines()) == 3
        assert all("backup-reset-panel-access-check" in path for _, path in host.server.asked)


@pytest.mark.parametrize(
    ("name", "status", "advice"),
    [("swift", 403, "system_reader_roles"), ("s3", 403, "s3:ListBucket"), ("swift", 503, "firewall")],
)
def test_command_says_what_is_missing(hosts, settings, tmp_path, capsys, monkeypatch, name, status, advice):
    host = hosts(name)
    host.reset()
    host.faults.status = status
    monkeypatch.setenv("OS_AUTH_TOKEN", servers.TOKEN)
    monkeypatch.setenv("OS_STORAGE_URL", f"{host.server.url}/v1/AUTH_{servers.PROJECT}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    chosen = {"store": "swift"} if name == "swift" else {"store": "s3", "endpoint": host.server.url}
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"*": chosen}}
    told, failed = command(capsys, "--region", REGION)
    assert advice in told
    assert REGION in failed
    assert servers.TOKEN not in told + failed


def test_command_says_what_to_set_and_which_folder_is_missing(settings, capsys, monkeypatch, tmp_path):
    monkeypatch.delenv("OS_AUTH_TOKEN", raising=False)
    settings.BACKUP_RESET_PANEL = {
        "STORAGE": {"A": {"store": "swift"}, "B": {"store": "files", "path": str(tmp_path / "none")}, "C": {}}
    }
    told, failed = command(capsys)
    assert "OS_AUTH_TOKEN" in told
    assert "is the share mounted here?" in told
    assert failed == "Cannot be read: A, B, C"
    monkeypatch.setattr("os.access", lambda *args: False)
    settings.BACKUP_RESET_PANEL = {"STORAGE": {"B": {"store": "files", "path": str(tmp_path)}}}
    assert "may not be read" in command(capsys)[0]


def test_command_without_any_store_says_so(settings, capsys):
    assert "names no store" in command(capsys)[1]
