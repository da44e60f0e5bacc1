# SPDX-License-Identifier: Apache-2.0
"""Looking into Cinder's database, past its API."""

import sqlalchemy

from tests.lab.errors import LabError
from tests.lab.state import State


def engine(state: State) -> sqlalchemy.Engine:
    """Return an engine that keeps no connection open: the lab may be gone before the process that looks into it."""
    return sqlalchemy.create_engine(state.database, poolclass=sqlalchemy.NullPool)


def row(state: State, table: str, item_id: str) -> dict:
    """Return one row by id, deleted ones included.

    :raises LabError: when there is none
    """
    with engine(state).connect() as connection:
        statement = sqlalchemy.text(f"SELECT * FROM {table} WHERE id = :id")
        found = connection.execute(statement, {"id": item_id}).mappings().first()
    if found is None:
        raise LabError(f"No row {item_id} in {table}.")
    return dict(found)
