# SPDX-License-Identifier: Apache-2.0
"""A Chromium of our own, driven through Selenium: nothing is downloaded, nothing of it is left behind."""

import contextlib
import os
import tempfile

from selenium import webdriver
from selenium.common import exceptions

CHROMIUM = "/usr/bin/chromium"
CHROMEDRIVER = "/usr/bin/chromedriver"
FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--lang=en-US",
)
#: Chromium's content setting "block".
BLOCKED = 2


@contextlib.contextmanager
def stale_told_as_such():
    """What chromedriver 156 now and then says of an element that its page has just replaced is told as what it is."""
    try:
        yield
    except exceptions.WebDriverException as error:
        if "does not belong to the document" not in (error.msg or ""):
            raise
        raise exceptions.StaleElementReferenceException(error.msg) from error


@contextlib.contextmanager
def started(javascript=True, width=1400, height=1000):
    """A running browser, as a selenium WebDriver; its profile is a new folder that goes away with it."""
    with tempfile.TemporaryDirectory(prefix="backup-reset-panel-chromium-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(flag)
        if os.geteuid() == 0:
            # Chromium's sandbox refuses to run for root.
            options.add_argument("--no-sandbox")
        if not javascript:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": BLOCKED})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(CHROMEDRIVER))
        try:
            driver.set_page_load_timeout(60)
            yield driver
        finally:
            driver.quit()
