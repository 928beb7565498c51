"""Hours of someone in no register: a wrong number, or a register that has not come yet."""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours", "registrations"),
    zh="服务人不在任何注册名册中。",
    en="this person is in no register.",
)
def check_person_unregistered(facts: Facts) -> Iterator[Flagged]:
    if facts.has("registrations"):
        yield Flagged("registered_on IS NULL")
