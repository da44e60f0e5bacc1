# SPDX-License-Identifier: Apache-2.0
"""The cinder-backup services, as pages show them."""

import datetime

import pytest

from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.records import Service
from backup_reset_panel.web import services

NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.timezone.utc)


def service(host, seen=3, *, up=False, zone="nova", enabled=True):
    """A service that was last seen so many seconds ago, None: never."""
    updated_at = None if seen is None else NOW - datetime.timedelta(seconds=seen)
    return Service(host, zone=zone, up=up, enabled=enabled, updated_at=updated_at)


def hosts(pairs):
    return [found.host for found, _last_seen in pairs]


def test_down_ones_come_first_and_among_them_the_one_seen_last():
    found = [service("a", up=True), service("b", 5000), service("c", 90), service("d", None), service("e", up=True)]
    assert hosts(services.by_relevance(found, NOW)) == ["c", "b", "d", "a", "e"]


def test_numbers_in_names_count_as_numbers():
    found = [service(f"node-{n}", up=True) for n in (10, 2, 1, 33, 9)]
    for order in (services.by_relevance, services.by_place):
        assert hosts(order(found, NOW)) == ["node-1", "node-2", "node-9", "node-10", "node-33"]


def test_by_place_a_zone_stays_together_whoever_is_up():
    found = [service("b", zone="z2", up=True), service("a", 500, zone="z10"), service("c", zone=None)]
    assert hosts(services.by_place(found, NOW)) == ["c", "b", "a"]


@pytest.mark.parametrize("host", ["²", "10", "node-²", "٣", "a10b2", "", "NODE-1"])
def test_any_name_can_be_sorted(host):
    found = [service(host), service("node-7"), service("8")]
    assert len(services.by_place(found, NOW)) == 3


def test_each_says_when_it_was_last_seen():
    (pair,) = services.by_relevance([service("a", 41)], NOW)
    assert str(pair[1]) == "last seen 41 s ago"


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ([], "0 up, 0 down"),
        ([service("a", up=True), service("b"), service("c")], "1 up, 2 down"),
        ([service("a", up=True, enabled=False), service("b")], "1 up, 1 down, 1 disabled"),
    ],
)
def test_summary_counts_each_once(found, text):
    assert services.summary(found) == text


def test_services_that_could_not_be_read_are_none():
    unread = Unknown(Gap.FAILED)
    assert services.by_relevance(unread) == services.by_place(unread) == []
    assert services.summary(unread) == ""
