# SPDX-License-Identifier: Apache-2.0
"""Names as people give them: shown as they are, harmless, and within the dialog."""

import pytest

WIDE = "備" * 255
NAMES = {
    "markup": '<img src=x onerror="document.title=1"><b>bold</b>&amp;',
    "right-to-left": "\u202eevil \u05e9\u05dc\u05d5\u05dd",
    "255-wide-characters": WIDE,
    "255-without-a-space": "n" * 255,
}


@pytest.fixture(params=NAMES.values(), ids=NAMES.keys())
def backup(request, cloud):
    volume = cloud.add_volume(name=request.param)
    return cloud.add_backup(name=request.param, volume_id=volume["id"], object_count=128)


def test_name_is_shown_as_it_is_before_and_after(horizon, backup):
    dialog = horizon.open_dialog(backup)
    title = horizon.driver.title
    assert dialog.find("#backup-reset-name").get_property("textContent") == backup["name"]
    assert dialog.element.find_elements("css selector", "#backup-reset-name img, #backup-reset-name b") == []
    assert dialog.fits()
    result = dialog.submit()
    assert result.ending == "applied"
    assert result.find("#backup-reset-name").get_property("textContent") == backup["name"]
    assert result.fits()
    assert horizon.driver.title == title


def test_right_to_left_name_turns_nothing_else_round(horizon, cloud):
    dialog = horizon.open_dialog(cloud.add_backup(name=NAMES["right-to-left"]))
    name, volume = dialog.find("#backup-reset-name bdi"), dialog.find(".backup-reset-who > bdi")
    assert volume.text == "db-data"
    assert volume.rect["x"] > name.rect["x"] + name.rect["width"]


#: The text's parts as they are drawn: line by line, each from left to right.
DRAWN = """
const [element, parts] = arguments;
const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
const places = [];
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  parts.forEach(part => {
    const at = node.data.indexOf(part);
    if (at >= 0) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + part.length);
      const box = range.getBoundingClientRect();
      places.push([Math.round(box.top), box.left, part]);
    }
  });
}
return places.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(place => place[2]);
"""


def test_right_to_left_name_turns_no_result_round(horizon, cloud):
    volume = cloud.add_volume(name="\u202eevil \u05e9\u05dc\u05d5\u05dd")
    dialog = horizon.open_dialog(cloud.add_backup(volume_id=volume["id"], object_count=128))
    dialog.tick("process_dead")
    told = dialog.submit().find(".backup-reset-repair")
    parts = ["Volume", "evil", "Backing Up", "Available"]
    assert horizon.driver.execute_script(DRAWN, told, parts) == parts


def test_right_to_left_name_turns_no_plan_round(stuck, cloud, owner_down):
    volume = cloud.add_volume(name="\u202eevil")
    cloud.add_backup(name="\u202ewhole", volume_id=volume["id"], object_count=128)
    stuck.open()
    stuck.tick_all()
    plan = stuck.update_ticked().say_dead("node-1")
    (cell,) = stuck.horizon.find_all("#bulk-rows tbody td:nth-child(6)")
    parts = ["evil", "Backing Up", "Available"]
    assert stuck.driver.execute_script(DRAWN, cell, parts) == parts
    assert plan.head.startswith("1 backup:")


def test_backup_without_a_name_is_called_by_its_id(horizon, cloud):
    backup = cloud.add_backup(name=None, object_count=128)
    dialog = horizon.open_dialog(backup)
    assert dialog.name == backup["id"]
    assert dialog.submit().name == backup["id"]


def test_long_name_blows_no_cookie(horizon, cloud):
    cloud.applies = False
    backup = cloud.add_backup(name=WIDE, object_count=128)
    assert horizon.open_dialog(backup).submit().ending == "accepted"
    sizes = {cookie["name"]: len(cookie["value"]) for cookie in horizon.driver.get_cookies()}
    assert max(sizes.values()) < 1000, sizes
