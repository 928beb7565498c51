"""An activity of an organisation no volunteer is registered with.

There is no list of organisations to hold against, so those seen in registers stand for it.
"""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("activities", "registrations"),
    zh="主办组织没有在任何注册名册中出现过。",
    en="its organisation appears in no register.",
)
def check_organisation_unknown(facts: Facts) -> Iterator[Flagged]:
    if facts.has("organisations"):
        yield Flagged(
            rows="""
            SELECT drop_id, row_no, starts_on AS day FROM current_activities a
            WHERE organisation_key IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM current_registrations r WHERE r.organisation_key = a.organisation_key)"""
        )
