# SPDX-License-Identifier: Apache-2.0
"""Looking into Cinder's database, past its API."""

import sqlalchemy

from tests.lab.errors import LabError
from tests.lab.state import State


def engine(state: State) -> sqlalchemy.engine.Engine:
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


def rows(state: State, table: str, ids: list[str]) -> dict[str, dict]:
    """Return some rows by id, deleted ones included; by one query."""
    statement = sqlalchemy.text(f"SELECT * FROM {table} WHERE id IN :ids")
    statement = statement.bindparams(sqlalchemy.bindparam("ids", expanding=True))
    with engine(state).connect() as connection:
        return {found["id"]: dict(found) for found in connection.execute(statement, {"ids": list(ids)}).mappings()}


def put_back(state: State, table: str, old: list[dict]) -> None:
    """Write rows as they were some time before; all of the same columns."""
    with engine(state).begin() as connection:
        described = sqlalchemy.Table(table, sqlalchemy.MetaData(), autoload_with=connection)
        columns = [column for column in old[0] if column != "id"]
        statement = described.update().where(described.c.id == sqlalchemy.bindparam("row_id"))
        statement = statement.values({column: sqlalchemy.bindparam(f"to_{column}") for column in columns})
        values = [{"row_id": row["id"]} | {f"to_{column}": row[column] for column in columns} for row in old]
        connection.execute(statement, values)
