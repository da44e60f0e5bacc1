# SPDX-License-Identifier: Apache-2.0
"""What scripts write, in a language that nobody speaks; and pages that run from right to left."""

import pytest

from tests import pseudo
from tests.fake_cinder import COMPLETE
from tests.pages.bulk import BulkPage
from tests.pages.horizon import OURS

pytestmark = pytest.mark.usefixtures("owner_down", "small_chunks")
WORDS = "return document.querySelector(arguments[0]).innerText"


def translated(horizon, *selectors):
    """Whether each part has words, and none in raw English."""
    told = [horizon.driver.execute_script(WORDS, selector) for selector in selectors]
    return [text for text in told if "⟦" not in text or pseudo.raw(text)] == []


def test_scripts_write_in_the_language_of_the_page(horizon, pseudo_language, cloud):
    for _number in range(2):
        cloud.add_backup(**COMPLETE)
    cloud.add_backup()
    horizon.open(OURS)
    horizon.wait_until_ready()
    horizon.wait(lambda: horizon.find_all(".backup-reset-id[role=button]"), "the scripts")
    assert pseudo.raw(horizon.find(".backup-reset-id").get_attribute("aria-label")) == ""
    horizon.find("#stuck-all button").click()
    plan = BulkPage(horizon)
    horizon.wait(lambda: horizon.visible("#bulk-run:enabled"), "the plan")
    assert translated(horizon, "#bulk-head", "#bulk-run", "#bulk-hosts label", "#bulk-rows tbody")
    plan.start().finished()
    assert translated(horizon, "#bulk-head", "#bulk-rows tbody")


#: Where elements begin, in pixels from the left, and how their texts are aligned.
PLACES = "return [...document.querySelectorAll(arguments[0])].map(each => each.getBoundingClientRect().x)"
ALIGNED = "return [...document.querySelectorAll(arguments[0])].map(each => getComputedStyle(each).textAlign)"


@pytest.fixture
def arabic(settings):
    settings.LANGUAGES, settings.LANGUAGE_CODE = [("ar", "Arabic")], "ar"


def test_page_that_runs_from_right_to_left_is_mirrored_and_fits(horizon, arabic, cloud):
    backup = cloud.add_backup(**COMPLETE)
    horizon.open(OURS)
    horizon.wait_until_ready()
    # By one look each: the page puts its rows in anew while it is open.
    first, second = horizon.driver.execute_script(PLACES, ".backup-reset-tiles > li")[:2]
    assert first > second
    aligned = horizon.driver.execute_script(ALIGNED, "#stuck_backups .backup-reset-name")
    assert len(aligned) == 2
    assert set(aligned) <= {"start", "right"}
    (history,) = horizon.driver.execute_script(PLACES, "#stuck-history")
    (page,) = horizon.driver.execute_script(PLACES, "#stuck-backups")
    assert history - page < 30
    assert horizon.fits()
    dialog = horizon.open_dialog(backup)
    assert dialog.fits()
    radio = dialog.find(".themable-radio label span")
    assert radio.rect["x"] + radio.rect["width"] > dialog.element.rect["x"] + dialog.element.rect["width"] / 2
