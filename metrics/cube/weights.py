"""What a row counts for in a sum: once, or, in a renewal, once more (1) or once less (-1)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Weight:
    """`sign` names the column that holds 1 or -1; without one every row is added."""

    sign: str = ""

    def people(self) -> str:
        """SQL for how many rows there are."""
        return f"CAST(sum({self.sign}) AS BIGINT)" if self.sign else "count(*)"

    def people_if(self, condition: str) -> str:
        """SQL for how many rows a condition holds for; a FILTER per column would take twice as long."""
        if self.sign:
            return f"CAST(sum(CASE WHEN {condition} THEN {self.sign} ELSE 0 END) AS BIGINT)"
        return f"count(CASE WHEN {condition} THEN 1 END)"

    def of(self, amount: str) -> str:
        """SQL for an amount to add up; not a product, which would need a wider decimal."""
        return f"CASE WHEN {self.sign} < 0 THEN -{amount} ELSE {amount} END" if self.sign else amount


ADDED = Weight()
SIGNED = Weight("sign")


def signed(before: str, after: str) -> str:
    """A subquery for rows to take out and rows to put in."""
    return f"(SELECT -1 AS sign, * FROM {before} UNION ALL SELECT 1 AS sign, * FROM {after})"
