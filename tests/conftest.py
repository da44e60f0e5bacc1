# SPDX-License-Identifier: Apache-2.0
"""What unit, view and extension tests share: a cloud that is not there, and people who use it."""

import datetime
import types

import pytest
from django.utils import translation
from keystoneauth1 import access
from keystoneauth1 import fixture
from openstack_auth import user as auth_user
from openstack_auth import utils as auth_utils

from backup_reset_panel.cinder.threads import POOL
from tests import pseudo
from tests.fake_cinder import CINDER
from tests.fake_cinder import KEYSTONE
from tests.fake_cinder import FakeCinder


@pytest.fixture
def cloud():
    """A FakeCinder in the network's place."""
    fake = FakeCinder()
    with fake.installed():
        yield fake
        let_look_ups_end()


def let_look_ups_end():
    """Wait for look-ups that nobody waited for, such as those begun for a backup that turned out to be gone: they would
    ask the next test's cloud.
    """
    POOL.wait_until_idle(30)


def person(*roles, project="admin-project", region="RegionOne"):
    """A logged-in Horizon user with these roles in one project, made from a Keystone token document."""
    document = fixture.V3Token(
        user_id="someone", user_name="someone", expires=datetime.datetime(2099, 1, 1, tzinfo=datetime.timezone.utc)
    )
    document.set_project_scope(id=project, name=project)
    for role in roles:
        document.add_role(id=role, name=role)
    for kind, name, url in (("block-storage", "cinder", CINDER), ("identity", "keystone", KEYSTONE)):
        service = document.add_service(kind, name=name)
        for each in ("RegionOne", "RegionTwo"):
            service.add_standard_endpoints(public=url, region=each)
    granted = access.create(body=document, auth_token="a-secret-token")
    user = auth_user.create_user_from_token(
        types.SimpleNamespace(session={}), auth_user.Token(granted), KEYSTONE, region
    )
    user._is_system_user = False
    user._authorized_tenants = [types.SimpleNamespace(id=project, name=project, enabled=True)]
    return user


@pytest.fixture
def log_in(monkeypatch, client, settings):
    """Function: makes Django's test client act for a person; the policy rules are in force."""
    settings.POLICY_CHECK_FUNCTION = "openstack_auth.policy.check"

    def as_person(*roles, **kwargs):
        user = person(*roles, **kwargs)
        monkeypatch.setattr(auth_utils, "get_user", lambda request: user)
        return client

    return as_person


@pytest.fixture
def admin(log_in):
    """Django's test client, as an administrator."""
    return log_in("admin", "member", "reader")


@pytest.fixture(scope="session")
def pseudo_folder(tmp_path_factory):
    """A folder with the catalogue of a language that nobody speaks."""
    folder = tmp_path_factory.mktemp("locale")
    pseudo.write(folder)
    return folder


@pytest.fixture
def pseudo_language(settings, pseudo_folder):
    """Horizon speaks that language, and no other; the settings."""
    settings.LOCALE_PATHS = [str(pseudo_folder)]
    settings.LANGUAGES = [(pseudo.CODE, "Pseudo")]
    settings.LANGUAGE_CODE = pseudo.CODE
    with translation.override(pseudo.CODE):
        yield settings
