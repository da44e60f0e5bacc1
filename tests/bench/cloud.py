# SPDX-License-Identifier: Apache-2.0
"""The cloud that is measured: a lab of the services shape with both Horizons, and its seeded rows."""

import sqlalchemy

from tests.lab import Lab
from tests.lab import database
from tests.lab import wait
from tests.lab.access_log import AccessLog
from tests.lab.seed import Seed
from tests.lab.seed import Stuck
from tests.pages.web import Dashboard

#: On a machine at its limit a living service may be silent for longer than the lab's usual ten seconds.
SERVICE_DOWN_TIME = 30
RELEASED_SECONDS = 120


def new_lab(folder: str | None = None) -> Lab:
    """Return the lab to measure; not up yet."""
    return Lab(folder, shape="services", stock=True, service_down_time=SERVICE_DOWN_TIME)


class Cloud:
    """A lab that is up, its two Horizons with the administrator logged in, and its stuck backups.

    :param lab: see ``new_lab``
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.seed = Seed(lab)
        self.stuck: list[Stuck] = []
        self.volumes = self.backups = 0
        self.cinder_log = AccessLog(lab, "cinder-api")
        self.keystone_log = AccessLog(lab, "keystone")
        admin = lab.info["admin"]
        self.ours = Dashboard(lab.info["horizon"], admin)
        self.stock = Dashboard(lab.info["stock_horizon"], admin)

    def grow(self, volumes: int, backups: int, stuck: int = 0) -> None:
        """Seed until there are so many volumes, backups and stuck backups.

        :param volumes: never fewer than there are
        :param backups: never fewer than there are, and the stuck ones among them
        :param stuck: how many of them are stuck
        """
        more = max(0, stuck - len(self.stuck))
        self.stuck += self.seed.fill(volumes - self.volumes, backups - self.backups, more)
        self.volumes, self.backups = volumes, backups

    def stick(self, held: bool = True) -> None:
        """Let all stuck backups be stuck again.

        :param held: whether their volumes are held, so that there is something to repair
        """
        self.seed.stick(self.stuck, held)

    def wait_released(self) -> None:
        """Wait until cinder-backup has carried out a reset of every stuck backup."""
        wait.until(lambda: not self.in_flight(), "cinder-backup to carry out every reset", RELEASED_SECONDS)

    def in_flight(self) -> int:
        """Return how many of the stuck backups are still what they were, by the database."""
        ids = sqlalchemy.bindparam("ids", expanding=True)
        count = sqlalchemy.text("SELECT COUNT(*) FROM backups WHERE status IN ('creating', 'restoring') AND id IN :ids")
        with database.engine(self.lab.state).connect() as connection:
            found = connection.execute(count.bindparams(ids), {"ids": [each.id for each in self.stuck]})
            return found.scalar_one()

    def any_in_error(self) -> str:
        """Return the id of a seeded backup that failed."""
        query = sqlalchemy.text(
            "SELECT id FROM backups WHERE status = 'error' AND display_name LIKE 'seeded-%' LIMIT 1"
        )
        with database.engine(self.lab.state).connect() as connection:
            return connection.execute(query).scalar_one()

    def calls(self, thing) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Return the requests to Cinder and those to Keystone that came while a thing was done."""
        keystone: list[tuple[str, str]] = []
        cinder = self.cinder_log.during(lambda: keystone.extend(self.keystone_log.during(thing)))
        return cinder, keystone
