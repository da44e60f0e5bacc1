# SPDX-License-Identifier: Apache-2.0
"""What unit, view and extension tests share: a cloud that is not there, and people who use it."""

import pytest
from django.utils import translation
from openstack_auth import utils as auth_utils

from backup_reset_panel.cinder.threads import POOL
from tests import pseudo
from tests.fake_cinder import FakeCinder
from tests.people import person


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
