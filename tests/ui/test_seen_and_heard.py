# SPDX-License-Identifier: Apache-2.0
"""Long names, many services, and what those are told who see little or nothing."""

import pytest
from selenium.webdriver import ActionChains

from tests.fake_cinder import COMPLETE
from tests.fake_cinder import stamp

pytestmark = pytest.mark.usefixtures("owner_down")

LONG = {"without a space": "n" * 255, "of many words": "a long name " * 21, "of wide characters": "備" * 255}

CONTRAST = """
const light = color => {
  const parts = color.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255);
  const [r, g, b] = parts.map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
return [...document.querySelectorAll(arguments[0])].map(element => {
  const style = getComputedStyle(element);
  const [bright, dark] = [light(style.color), light(style.backgroundColor)].sort((a, b) => b - a);
  return [element.textContent, (bright + 0.05) / (dark + 0.05)];
});
"""


def lines(driver, element):
    """How many lines of an element can be seen."""
    height = (
        "const style = getComputedStyle(arguments[0]); return arguments[0].clientHeight / parseFloat(style.lineHeight)"
    )
    return round(driver.execute_script(height, element))


@pytest.mark.parametrize("name", LONG.values(), ids=LONG.keys())
def test_long_name_takes_two_lines_and_is_shown_whole_under_the_mouse_and_with_the_focus(stuck, cloud, name):
    cloud.add_backup(name=name, volume_id=cloud.add_volume(name=name)["id"])
    stuck.open()
    named, volume = (stuck.horizon.find(f"#stuck_backups td:nth-child({n}) bdi") for n in (2, 8))
    assert (lines(stuck.driver, named), lines(stuck.driver, volume)) == (2, 2)
    ActionChains(stuck.driver).move_to_element(volume).perform()
    assert lines(stuck.driver, volume) > 5
    stuck.driver.execute_script("arguments[0].parentNode.focus()", named)
    assert lines(stuck.driver, named) > 5
    assert named.get_property("textContent") == name


@pytest.mark.parametrize("name", LONG.values(), ids=LONG.keys())
def test_long_name_makes_a_row_of_plan_and_result_neither_high_nor_wide(stuck, cloud, name):
    cloud.add_backup(name=name, volume_id=cloud.add_volume(name=name)["id"], **COMPLETE)
    plan = stuck.open().update_all()
    assert lines(stuck.driver, stuck.horizon.find("#bulk-rows td bdi")) == 2
    plan.run()
    (result,) = stuck.horizon.find_all("td[data-result]")
    assert result.rect["width"] < 700
    assert result.rect["height"] < 300


def test_short_names_stay_on_one_line(stuck, cloud):
    cloud.add_backup(name="nightly-07")
    stuck.open()
    assert lines(stuck.driver, stuck.horizon.find("#stuck_backups td:nth-child(2) bdi")) == 1


def test_services_that_are_folded_out_stay_so_when_the_page_is_brought_up_to_date(stuck, cloud):
    cloud.services = [cloud.service(host=f"node-{n}", state="down", updated_at=stamp(4000 - n)) for n in range(1, 33)]
    cloud.services.append(cloud.service(host="node-40"))
    stuck.open()
    assert stuck.text("#stuck-services") == "cinder-backup: 1 up, 32 down"
    stuck.horizon.find("#stuck-services-summary").click()
    assert "node-32" in stuck.text("#stuck-services")
    cloud.services.append(cloud.service(host="node-41"))
    stuck.let_it_ask()
    assert stuck.text("#stuck-services-summary") == "cinder-backup: 2 up, 32 down"
    assert "node-41" in stuck.text("#stuck-services")
    assert stuck.driver.switch_to.active_element.get_attribute("id") == "stuck-services-summary"
    stuck.horizon.find("#stuck-services-summary").click()
    stuck.let_it_ask()
    assert "node-41" not in stuck.text("#stuck-services")


@pytest.mark.usefixtures("narrow")
def test_long_name_of_a_host_does_not_widen_a_narrow_page(stuck, cloud):
    cloud.services = [cloud.service(host="node-" * 40)]
    stuck.open()
    root = "const root = document.documentElement; return root.scrollWidth <= root.clientWidth"
    assert stuck.driver.execute_script(root)


def test_labels_and_counts_have_enough_contrast_to_be_read(stuck, cloud):
    cloud.add_backup()
    stuck.open()
    found = stuck.driver.execute_script(CONTRAST, ".backup-reset .label, .backup-reset .badge")
    assert len(found) >= 4
    assert [each for each in found if each[1] < 4.5] == []


def test_tick_boxes_have_names_also_those_that_come_later(stuck, cloud):
    cloud.add_backup(name="nightly-07", updated_at=stamp(9000))
    stuck.open()
    second = cloud.add_backup(name="weekly-01", updated_at=stamp(8000))
    stuck.let_it_ask()
    boxes = stuck.horizon.find_all("#stuck_backups input[type=checkbox]")
    names = [box.accessible_name for box in boxes]
    assert names == ["Select all backups on this page", "Select nightly-07", "Select weekly-01"]
    cloud.backups[second["id"]]["name"] = "renamed"
    stuck.let_it_ask()
    assert stuck.box(second).accessible_name == "Select renamed"


def test_header_box_of_a_table_that_was_empty_has_a_name(stuck, cloud):
    stuck.open()
    cloud.add_backup()
    stuck.let_it_ask()
    assert (
        stuck.horizon.find("#stuck_backups .multi-select-header").accessible_name == "Select all backups on this page"
    )


def regions(horizon):
    """The names of the areas that can be scrolled by keyboard."""
    return [area.accessible_name for area in horizon.visible("[role=region][tabindex='0']")]


def test_wide_tables_can_be_scrolled_by_keyboard_and_have_names(stuck, cloud):
    cloud.add_backup(**COMPLETE)
    slow = cloud.add_backup(updated_at=stamp(999999))
    cloud.hide(slow["id"], host="node-2")
    stuck.open()
    assert regions(stuck.horizon) == ["Stuck Backups", "Long running, may be live"]
    stuck.update_all()
    assert regions(stuck.horizon) == ["Plan and results"]


def test_refused_tick_has_the_focus_and_says_why(horizon, cloud):
    dialog = horizon.open_dialog(cloud.add_backup())
    dialog.choose("available")
    refused = dialog.submit()
    box = refused.news()
    assert box.get_attribute("value") == "override"
    reason = refused.find(f"[id='{box.get_attribute('aria-describedby')}']")
    assert "To do this, tick" in reason.text


@pytest.fixture
def slow_network(horizon):
    """What Chromium asks the server for comes half a second late, also what it had before."""
    usual = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1, "offline": False}
    driver = horizon.driver
    driver.execute_cdp_cmd("Network.enable", {})
    yield lambda: (
        driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True}),
        driver.execute_cdp_cmd("Network.emulateNetworkConditions", usual | {"latency": 500}),
    )
    driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": False})
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", usual)
    driver.execute_cdp_cmd("Network.disable", {})


def test_refused_tick_has_the_focus_also_when_our_styles_come_after_the_dialog(horizon, cloud, slow_network):
    dialog = horizon.open_dialog(cloud.add_backup())
    dialog.choose("available")
    slow_network()
    assert dialog.submit().news().get_attribute("value") == "override"
