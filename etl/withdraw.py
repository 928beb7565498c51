"""Take a drop back: what it superseded is current again, as if it had never come."""

import duckdb

from etl import facts, ledger
from etl.ledger import STATUSES, LedgerRow
from etl.messages import WrongCall
from etl.source import source_named


def withdraw(connection: duckdb.DuckDBPyConnection, row: LedgerRow, zh: str, en: str) -> None:
    """Withdraw a loaded drop within the caller's transaction."""
    source = source_named(str(row.source))
    ledger.set_status(connection, row.drop_id, "withdrawn", zh, en)
    facts.contest_drop(connection, source, row.drop_id)
    facts.settle(connection, source)


def restore(connection: duckdb.DuckDBPyConnection, row: LedgerRow, zh: str, en: str) -> None:
    """Bring a withdrawn drop back into force within the caller's transaction, where it stood in the order."""
    source = source_named(str(row.source))
    ledger.set_status(connection, row.drop_id, "loaded", zh, en)
    facts.contest_drop(connection, source, row.drop_id)
    facts.settle(connection, source)


def require_drop(connection: duckdb.DuckDBPyConnection, drop_id: int) -> LedgerRow:
    """The ledger row of a drop, or a sentence naming the ones there are."""
    rows = ledger.read(connection, "drop_id = ?", [drop_id])
    if not rows:
        known = [row.drop_id for row in ledger.read(connection)]
        span = f"{known[0]}–{known[-1]}" if known else "—"
        raise WrongCall(
            f"没有第 {drop_id} 号报送（现有：{span}）。", f"There is no drop {drop_id} (there are: {span})."
        )
    return rows[0]


def require_status(row: LedgerRow, needed: str, zh: str, en: str) -> None:
    """Refuse to do to a drop (放行, released) what only one of another status can have done to it."""
    if row.status != needed:
        raise WrongCall(
            f"第 {row.drop_id} 号报送的状态是“{STATUSES[row.status]}”，只有“{STATUSES[needed]}”的可以{zh}。",
            f"Drop {row.drop_id} is {row.status}; only a {needed} one can be {en}.",
        )
