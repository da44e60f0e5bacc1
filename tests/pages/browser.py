# SPDX-License-Identifier: Apache-2.0
"""What a person does in a browser before any dialog: wait, log in; and what is kept of a page when a test fails."""

import contextlib
import json
import pathlib
import re
import time
from collections.abc import Callable
from typing import TypeVar

from selenium.common import exceptions
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from tests.pages import chromium

#: More than any page takes on a busy machine; what is waited for is a condition.
SECONDS = 120
#: What a page does to an element while it replaces it, as Horizon does with its rows: look again.
IN_MOTION = (
    exceptions.StaleElementReferenceException,
    exceptions.NoSuchElementException,
    exceptions.ElementNotInteractableException,
    exceptions.ElementClickInterceptedException,
)

Found = TypeVar("Found")


def until(condition: Callable[[], Found], what: str, seconds: float = SECONDS) -> Found:
    """Call ``condition`` until it answers something true, and return that; elements in motion count as false.

    :param what: what is waited for, as it should stand in the error
    :raises AssertionError: when it did not come true in time
    """
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(*IN_MOTION), chromium.stale_told_as_such():
            found = condition()
            if found:
                return found
        assert time.monotonic() < deadline, f"Waited {seconds:g} s in vain for {what}."
        time.sleep(0.05)


def log_in(driver: WebDriver, horizon: str, user: str, password: str) -> None:
    """Log in by Horizon's own form and wait until a page for users is there.

    :param horizon: its address, with a slash at the end
    """
    driver.get(f"{horizon}auth/login/")
    driver.find_element(By.ID, "id_username").send_keys(user)
    driver.find_element(By.ID, "id_password").send_keys(password)
    driver.find_element(By.ID, "loginBtn").click()
    until(lambda: "/auth/login" not in driver.current_url, f"{user} to be logged in")


def keep(driver: WebDriver, folder: pathlib.Path, name: str) -> None:
    """Write down what a browser shows: screenshot, page source, console; for a test that failed.

    :param folder: made if need be
    :param name: of the test; made fit for a file name
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-")
    driver.save_screenshot(str(folder / f"{stem}.png"))
    (folder / f"{stem}.html").write_text(f"<!-- {driver.current_url} -->\n{driver.page_source}")
    (folder / f"{stem}.console.json").write_text(json.dumps(driver.get_log("browser"), indent=2))
