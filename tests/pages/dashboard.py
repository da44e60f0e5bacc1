# SPDX-License-Identifier: Apache-2.0
"""Horizon's Volume Backups page, with the plugin and without: rows, their menus, and the stock dialog."""

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from tests.pages import browser
from tests.pages.dialog import Dialog
from tests.pages.horizon import BACKUPS
from tests.pages.horizon import Horizon

ROW = "tr[data-object-id='{}']"
FILTER = "volume_backups__filter__q"
STOCK_FORM = "#update_backup_status_modal"
FETCH = """
const [url, data, isModal, done] = arguments;
const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
const headers = isModal ? {"X-Requested-With": "XMLHttpRequest"} : {};
const body = data ? new URLSearchParams({...data, csrfmiddlewaretoken: token}) : undefined;
fetch(url, {method: data ? "POST" : "GET", headers, body, redirect: "manual"})
  .then(response => response.text().then(text => done([response.status, text])));
"""


class Dashboard(Horizon):
    """A Horizon of the lab in one browser, in which one user is logged in."""

    def __init__(self, driver: WebDriver, url: str) -> None:
        super().__init__(driver, url, browser.SECONDS)

    def log_in(self, user: dict[str, str]) -> "Dashboard":
        """Log in as one of the lab's users, and ask for long pages, as Horizon's user settings do."""
        browser.log_in(self.driver, self.url, user["user"], user["password"])
        self.driver.add_cookie({"name": "API_RESULT_PAGE_SIZE", "value": "500"})
        return self

    def fetch(self, path: str, data: dict | None, is_modal: bool) -> tuple[int, str]:
        """Ask for an address by hand, as the user whose page the browser shows.

        :param data: fields to POST; None for a GET
        :param is_modal: ask as Horizon's JavaScript does
        :returns: HTTP status and text; 0 for a redirect
        """
        return tuple(self.driver.execute_async_script(FETCH, self.url + path, data, is_modal))

    def open_backups(self, record: dict) -> None:
        """Open the administrators' Volume Backups page, filtered for the volume of one backup.

        The whole table would do, but Horizon asks for each of its rows in flight every few seconds: much for two cores.
        """
        self.open(BACKUPS)
        # More than once if need be: a page that is still being dressed up by its scripts may swallow a click.
        self.wait(lambda: self._filtered(record), f"the row of {record['backup_id']}")

    def _filtered(self, record: dict) -> bool:
        search = self.find(".table_search")
        if not _chosen(search, f"{FILTER}_field", "volume_id"):
            return False
        text = search.find_element(By.NAME, FILTER)
        text.clear()
        text.send_keys(_volume_of(record))
        search.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
        return self._shows_only(record)

    def _shows_only(self, record: dict) -> bool:
        field = self.driver.find_element(By.NAME, FILTER)
        is_filtered = field.get_attribute("value") == _volume_of(record)
        return is_filtered and self.find(ROW.format(record["backup_id"])).is_displayed()

    def open_dialog(self, record: dict) -> Dialog:
        """Open the Volume Backups page and, from the menu of a backup's row, the plugin's dialog, lacking nothing."""
        self.open_backups(record)
        return self.informed(lambda: self.click_action(record["backup_id"]), record["backup_id"])

    def click_action(self, backup_id: str) -> None:
        """Click the status action in a backup's row; the page replaces rows in flight by itself, so look again."""
        self.wait(lambda: self._clicked({"id": backup_id}), f"the status action of {backup_id} to be clicked")

    def _clicked(self, backup: dict) -> bool:
        if not self.action(backup).is_displayed():
            self.menu(backup).click()
        self.action(backup).click()
        return True

    def stock_update(self, record: dict, status: str) -> str:
        """Set a status by Horizon's own dialog; return all that the page then says."""
        self.open_backups(record)
        self.click_action(record["backup_id"])
        form = self.wait(lambda: self.find(STOCK_FORM), STOCK_FORM)
        self.wait(lambda: _chosen(form, "status", status), f"{status} to be chosen in the stock dialog")
        form.find_element(By.CSS_SELECTOR, ".modal-footer .btn-primary").click()
        return self.wait(self._messages, "the stock page to say what happened")

    def _messages(self) -> str:
        alerts = self.find_all(".messages .alert p")
        return " ".join(" ".join(alert.get_attribute("textContent").split()) for alert in alerts)


def _volume_of(record: dict) -> str:
    return record.get("listed_volume_id", record["volume_id"])


def _chosen(scope, name: str, value: str) -> bool:
    """Choose a value in one of Horizon's themed selects; tell whether it is chosen."""
    select = scope.find_element(By.NAME, name)
    if select.get_attribute("value") == value:
        return True
    option = scope.find_element(By.CSS_SELECTOR, f"[data-select-value={value}]")
    if not option.is_displayed():
        scope.find_element(By.CSS_SELECTOR, ".themable-select .dropdown-toggle").click()
    option.click()
    return select.get_attribute("value") == value
