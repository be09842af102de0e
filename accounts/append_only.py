"""SQL that makes a table append-only: the database itself refuses UPDATE and DELETE, whoever asks."""

from collections.abc import Mapping, Sequence

_SQLITE = """CREATE TRIGGER {table}_no_{act} BEFORE {ACT} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_POSTGRESQL = """CREATE TRIGGER {table}_no_{act} BEFORE {ACT} ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()"""
_FUNCTION = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""


def forbid(vendor: str, table: str) -> Sequence[str]:
    """Statements that put the triggers on. KeyError for a database other than sqlite and postgresql."""
    template: Mapping[str, str] = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
    triggers = [template[vendor].format(table=table, act=act, ACT=act.upper()) for act in ("update", "delete")]
    return [_FUNCTION, *triggers] if vendor == "postgresql" else triggers


def allow(vendor: str, table: str) -> Sequence[str]:
    """Statements that take the triggers off: for reversing a migration only."""
    on_table = f" ON {table}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {table}_no_{act}{on_table}" for act in ("update", "delete")]
