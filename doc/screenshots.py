# SPDX-License-Identifier: Apache-2.0
"""Take the documentation's screenshots: ``tox -e screenshots``, or ``python -m doc.screenshots --out FOLDER``.

Each shows the real Horizon of an embedded lab, with backups that are really stuck.
"""

import argparse
import pathlib

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from tests.lab.lab import Lab
from tests.pages import browser
from tests.pages import chromium

IMAGES = pathlib.Path(__file__).parent / "source" / "images"
SITUATIONS = ("creating-complete", "creating-no-data", "creating-partial", "never-started", "restoring")
#: In the order in which they are taken.
NAMES = ("stuck", "dialog", "result", "plan", "progress")
WIDTH, HEIGHT = 1400, 800


def take(lab: Lab, driver: WebDriver, folder: pathlib.Path) -> None:
    """Walk through the pages as an operator would, and keep a picture of each.

    :param lab: running, with the stuck backups of SITUATIONS
    :param folder: where the pictures go
    """
    info = lab.info
    browser.log_in(driver, info["horizon"], info["admin"]["user"], info["admin"]["password"])
    driver.get(info["horizon"] + "admin/backup_reset/")
    _shown(driver, "#stuck_backups tr[data-object-id]")
    _keep(driver, folder, "stuck")

    row = next(row for row in _all(driver, "#stuck_backups tr[data-object-id]") if "creating-complete" in row.text)
    row.find_element(By.CSS_SELECTOR, "[id$=action_update_status]").click()
    _shown(driver, ".modal #backup-reset-verdict")
    _keep(driver, folder, "dialog")
    # The process was killed: so it is dead, and its volume can be freed.
    _tick(driver, ".modal input[value=process_dead]")
    _shown(driver, ".modal .modal-footer input.btn-primary").click()
    _shown(driver, ".modal #backup-reset-outcome[data-ending=applied]")
    _keep(driver, folder, "result")

    driver.get(info["horizon"] + "admin/backup_reset/")
    _shown(driver, "#stuck-all button").click()
    _await_plan(driver)
    _tick(driver, "#bulk-hosts input")
    _await_plan(driver)
    _keep(driver, folder, "plan")
    _shown(driver, "#bulk-run").click()
    _shown(driver, "#bulk-head[data-finished=yes]")
    browser.until(
        lambda: _width(driver, "#bulk-progress > div") == _width(driver, "#bulk-progress"), "the bar to be full"
    )
    _keep(driver, folder, "progress")


def _await_plan(driver):
    browser.until(lambda: _shown(driver, "#bulk-run").is_enabled(), "the plan")


def _tick(driver, selector):
    box = _all(driver, selector)[0]
    _shown(driver, f"label[for={box.get_attribute('id')}]").click()


def _width(driver, selector):
    return _shown(driver, selector).rect["width"]


def _all(driver, selector):
    return driver.find_elements(By.CSS_SELECTOR, selector)


def _shown(driver, selector):
    return browser.until(
        lambda: next((found for found in _all(driver, selector) if found.is_displayed()), None), selector
    )


def _keep(driver, folder, name):
    assert driver.save_screenshot(str(folder / f"{name}.png")), f"{name} could not be written"


def main(arguments: list[str] | None = None) -> None:
    """Bring up a cloud, take the pictures, take the cloud down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=IMAGES, help="folder for the pictures")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    with Lab(shape="embedded") as lab, chromium.started(width=WIDTH, height=HEIGHT) as driver:
        lab.make(*SITUATIONS)
        take(lab, driver, options.out)


if __name__ == "__main__":
    main()
