# SPDX-License-Identifier: Apache-2.0
"""What the product says over HTTP, taken apart: its dialogs and its page."""

import dataclasses

from lxml import html

#: Names of Bootstrap's alerts, as they stand in a class.
ALERTS = ("success", "info", "warning", "danger")


def squeezed(element) -> str:
    """Return an element's text with single spaces; empty where there is none."""
    return " ".join(element.text_content().split()) if element is not None else ""


def _level(element) -> str:
    return next((name for name in ALERTS if f"alert-{name}" in element.get("class", "")), "")


@dataclasses.dataclass(frozen=True)
class Dialog:
    """The dialog of one backup, before anything is sent.

    :param backup_id: of the backup
    :param verdict: its kind
    :param level: its colour
    :param headline: its line
    :param choices: what can be chosen
    :param choice: what is chosen beforehand, None where nothing is
    :param ticks: tick boxes and their words
    :param repairs: tick boxes of single repairs and their words
    :param notice: why nothing was sent, empty before a submit and where a form was only incomplete
    :param nothing: why there is nothing to submit; empty where there is
    :param errors: what a form that was sent lacks
    :param text: all of it
    :param fields: what travels with it unseen
    """

    backup_id: str
    verdict: str
    level: str
    headline: str
    choices: tuple[str, ...]
    choice: str | None
    ticks: dict[str, str]
    repairs: dict[str, str]
    notice: str
    nothing: str
    errors: str
    text: str
    fields: dict[str, str]

    @property
    def headed(self) -> str:
        """What is said at first: why nothing was sent, or the verdict and why nothing can be done."""
        return " ".join(part for part in (self.notice or self.errors, self.headline, self.nothing) if part)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The result dialog.

    :param backup_id: of the backup
    :param ending: its name
    :param level: its colour
    :param headline: its first sentence
    :param repairs: what came of repairs
    :param locked: what is still locked
    :param token: for another look; empty where nothing is open
    :param is_again: whether it leads to the dialog again
    :param text: all of it
    """

    backup_id: str
    ending: str
    level: str
    headline: str
    repairs: tuple[str, ...]
    locked: tuple[str, ...]
    token: str
    is_again: bool
    text: str

    @property
    def headed(self) -> str:
        """What is said at first."""
        return " ".join([self.headline, *self.repairs, *self.locked])


def answer(backup_id: str, text: str) -> Dialog | Outcome:
    """Take an answer of the dialog's address apart, whichever dialog it is."""
    page = html.fromstring(text)
    return _outcome(backup_id, page) if page.xpath("//*[@id='backup-reset-outcome']") else _dialog(backup_id, page)


def _by_id(page, name: str):
    found = page.xpath(f"//*[@id='{name}']")
    return found[0] if found else None


def _boxes(page, name: str) -> dict[str, str]:
    return {
        box.get("value"): squeezed(box.getnext()) for box in page.xpath(f"//input[@name='{name}']") if box.get("id")
    }


def _dialog(backup_id: str, page) -> Dialog:
    verdict = _by_id(page, "backup-reset-verdict")
    chosen = page.xpath("//input[@name='choice'][@checked]/@value")
    form = page.xpath("//form[.//input[@name='shown']]")[0]
    return Dialog(
        backup_id=backup_id,
        verdict=verdict.get("data-verdict"),
        level=_level(verdict),
        headline=squeezed(verdict),
        choices=tuple(_boxes(page, "choice")),
        choice=chosen[0] if chosen else None,
        ticks=_boxes(page, "ticks"),
        repairs=_boxes(page, "repairs"),
        notice=squeezed(_by_id(page, "backup-reset-notice")),
        nothing=squeezed(_by_id(page, "backup-reset-nothing")),
        errors=" ".join(map(squeezed, page.xpath("//*[@role='alert']//*[contains(@class, 'help-block')]"))),
        text=squeezed(form),
        fields={field.get("name"): field.get("value", "") for field in form.xpath(".//input[@type='hidden']")},
    )


def _outcome(backup_id: str, page) -> Outcome:
    told = _by_id(page, "backup-reset-outcome")
    tokens = page.xpath("//input[@name='token']/@value")
    return Outcome(
        backup_id=backup_id,
        ending=told.get("data-ending"),
        level=_level(told),
        headline=squeezed(told),
        repairs=tuple(map(squeezed, page.xpath("//*[contains(@class, 'backup-reset-repair')]"))),
        locked=tuple(map(squeezed, page.xpath("//*[contains(@class, 'backup-reset-locked')]"))),
        token=tokens[0] if tokens else "",
        is_again=bool(page.xpath("//*[@id='backup-reset-again' or @id='backup-reset-free']")),
        text=squeezed(page.xpath("//form")[0]),
    )


@dataclasses.dataclass(frozen=True)
class Page:
    """The Stuck Backups page.

    :param is_well: whether it says that no backup needs attention
    :param rows: ids in the table
    :param below: ids below its line, of what may be live
    :param next_url: of the next page, empty if there is none
    :param text: all of it
    """

    is_well: bool
    rows: tuple[str, ...]
    below: tuple[str, ...]
    next_url: str
    text: str


def page(text: str) -> Page:
    """Take the live part of the page apart."""
    whole = html.fromstring(f"<div>{text}</div>")
    rows, below = (
        tuple(whole.xpath(f"//*[@id='{name}']//tr/@data-object-id")) for name in ("stuck-rows", "stuck-below")
    )
    following = whole.xpath("//*[@id='stuck-next']/@href")
    is_well = "No backup needs attention" in squeezed(whole)
    return Page(is_well, rows, below, following[0] if following else "", squeezed(whole))
