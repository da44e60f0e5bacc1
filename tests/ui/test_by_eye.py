# SPDX-License-Identifier: Apache-2.0
"""For those who see little, or whom movement makes ill: contrast in each theme, magnified pages, no motion."""

import pytest
from django.conf import settings as django_settings

from tests.fake_cinder import COMPLETE
from tests.fake_cinder import DOWN
from tests.fake_cinder import stamp
from tests.pages.horizon import BACKUPS
from tests.pages.horizon import OURS
from tests.ui import axe

pytestmark = pytest.mark.usefixtures("owner_down")

#: Whether an element is within the window, and not behind another one.
REACHED = """
const box = arguments[0].getBoundingClientRect();
const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
return arguments[0].contains(at) || at?.closest("label")?.htmlFor === arguments[0].id;
"""
#: Names of what moves in the dialog or on the page, or would.
MOVING = """
const moves = style => style.animationName !== "none" && parseFloat(style.animationDuration) > 0.01
    || style.transitionProperty !== "none" && style.transitionDuration.split(",").some(each => parseFloat(each) > 0.01);
const ours = [...document.querySelectorAll(".backup-reset, .backup-reset *, #backup_reset_dialog, .modal-dialog")];
return ours.filter(each => moves(getComputedStyle(each))).map(each => `${each.tagName} ${each.id} ${each.className}`);
"""


@pytest.fixture
def emulated(horizon):
    """Function: let the browser have a feature of ``@media``."""

    def emulate(**features):
        listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        horizon.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": listed})

    yield emulate
    emulate()


@pytest.fixture
def twice_as_large(horizon):
    """A window of 1280 × 1000 pixels in which everything is twice as large: 640 × 500 of the page's own."""
    metrics = {"width": 640, "height": 500, "deviceScaleFactor": 2, "mobile": False}
    horizon.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    yield
    horizon.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.fixture
def material(horizon):
    """Horizon's other theme."""
    horizon.open(BACKUPS)
    horizon.driver.add_cookie({"name": django_settings.THEME_COOKIE_NAME, "value": "material"})


def faint(horizon):
    """What of ours has too little contrast to be read."""
    found = [each for each in axe.barriers(horizon) if each.is_ours and each.rule == "color-contrast"]
    return axe.not_of_stock(found, set())


@pytest.mark.usefixtures("material")
def test_pages_and_dialogs_can_be_read_in_the_material_theme(stuck, cloud):
    backup = cloud.add_backup(name="nightly-07")
    cloud.add_backup(name="weekly-01", **COMPLETE)
    stuck.open()
    assert "material" in stuck.driver.page_source
    assert faint(stuck.horizon) == []
    dialog = stuck.open_dialog(backup)
    dialog.choose("available")
    dialog = dialog.submit()
    assert faint(stuck.horizon) == []
    dialog.tick("override")
    dialog.submit()
    assert faint(stuck.horizon) == []
    stuck.open().update_all().run()
    assert faint(stuck.horizon) == []


@pytest.mark.usefixtures("twice_as_large")
def test_dialog_can_be_used_at_twice_the_size(horizon, cloud, keyboard):
    dialog = horizon.open_dialog(cloud.add_backup(name="n" * 255))
    for fold in dialog.all("summary"):
        horizon.driver.execute_script("arguments[0].open = true", fold.find_element("xpath", ".."))
    assert dialog.fits()
    # What has the focus is in sight, from the first to the button that sends.
    for selector in ("input[type=radio]", "input[type=checkbox]", "summary", ".btn-primary"):
        found = keyboard.tab_to(selector, most=12)
        assert horizon.driver.execute_script(REACHED, found), selector
    result = dialog.submit()
    assert result.fits()


@pytest.mark.usefixtures("twice_as_large")
def test_pages_are_not_wider_than_the_window_at_twice_the_size(stuck, ten, cloud):
    cloud.services = [cloud.service(host=f"node-{n}", **DOWN) for n in range(1, 35)]
    cloud.services.append(cloud.service(host="node-40"))
    slow = cloud.add_backup(name="n" * 255, updated_at=stamp(999999))
    cloud.hide(slow["id"], host="node-2")
    cloud.add_volume(name="v" * 255)
    stuck.open()
    assert stuck.horizon.fits()
    for path in ("hosts/", "left_overs/", "history/"):
        stuck.horizon.open(OURS + path)
        stuck.horizon.wait_until_ready()
        assert stuck.horizon.fits(), path
    stuck.open().update_all().run()
    assert stuck.horizon.fits()


def test_nothing_of_ours_moves_where_the_browser_is_asked_for_no_motion(stuck, cloud, emulated, ten):
    emulated(prefers_reduced_motion="reduce")
    stuck.open()
    stuck.horizon.find("[id$=action_update_status]").click()
    stuck.horizon.dialog()
    assert stuck.driver.execute_script(MOVING) == []
    stuck.horizon.dialog().close()
    plan = stuck.update_all()
    stuck.driver.execute_script("document.querySelector('#bulk-progress').classList.remove('hidden')")
    assert stuck.driver.execute_script(MOVING) == []
    plan.run()


def test_page_with_300_services_is_as_short_as_one_with_a_few(stuck, cloud):
    cloud.services = [cloud.service(host=f"node-{n}", **DOWN) for n in range(1, 300)]
    cloud.services.append(cloud.service(host="node-300"))
    cloud.add_backup()
    stuck.open()
    assert stuck.text("#stuck-services") == "cinder-backup: 1 up, 299 down"
    assert stuck.horizon.find("#stuck-services").rect["height"] < 40
    assert not stuck.horizon.visible("#stuck-services .label")
    stuck.horizon.find("#stuck-services-summary").click()
    shown = stuck.horizon.visible("#stuck-services .label")
    assert len(shown) == 300
    # Who is up is the short list to ask, and node-2 stands before node-10.
    assert "node-300" in shown[-1].text or "node-300" in shown[0].text
    assert stuck.horizon.fits()
