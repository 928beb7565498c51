"""What the words of the dashboard mean: one word, one meaning, on every page and in every export."""

from pages.i18n import N_

GLOSSARY = (
    (
        N_("Drop"),
        N_("A file of records exactly as it was received; it is never edited."),
    ),
    (
        N_("Ledger"),
        N_("The list of all drops and what became of each of their rows."),
    ),
    (
        N_("Quarantine"),
        N_("Rows set aside because a check failed; they are kept, counted and can be repaired."),
    ),
    (
        N_("Hold"),
        N_(
            "A drop unlike the ones before it waits; nothing of it counts until somebody releases it by name."
        ),
    ),
    (
        N_("Receipt"),
        N_("What a supplier is told of a drop: what became of it and which rows to mend."),
    ),
    (
        N_("Correction"),
        N_(
            "A declared repair of a known mistake of a source, made while a drop is loaded; files stay as they are."
        ),
    ),
    (
        N_("Flag"),
        N_("A mark on rows that count but look unlikely, for somebody to ask the supplier about."),
    ),
    (
        N_("Completeness"),
        N_("Which supplier has reported which area and month; what is missing is never taken for zero."),
    ),
    (
        N_("Registered volunteer"),
        N_("A person, counted once however many platforms know them, who has not left."),
    ),
    (
        N_("Counted record"),
        N_("A service record that is in force, not rejected or awaiting approval, with hours above zero."),
    ),
    (
        N_("Measure"),
        N_("Something counted: people, hours, visits, activities."),
    ),
    (
        N_("Indicator"),
        N_("A question answered with one measure divided by another; both counts are always shown."),
    ),
    (
        N_("Numerator and denominator"),
        N_("What is above and below the division. Each is added up first; the division comes last."),
    ),
    (
        N_("Stock"),
        N_("What is true at a moment, such as registered volunteers; read at the end of the period."),
    ),
    (
        N_("Flow"),
        N_("What happens during a period, such as hours served; may be added up over months."),
    ),
    (
        N_("Distinct count"),
        N_("People counted once per window, such as active volunteers; months must never be added."),
    ),
    (
        N_("Period and window"),
        N_(
            "A month, quarter or year, and how it is read: by itself, since January, over 12 months, "
            "or since the beginning."
        ),
    ),
    (
        N_("Basis"),
        N_("Whether hours count where the volunteer is registered or where the service took place."),
    ),
    (
        N_("District unknown"),
        N_(
            "People and records known to belong to the city but not to which district; shown, so that "
            "the parts add up."
        ),
    ),
    (
        N_("95 % interval"),
        N_(
            "How far chance alone could move the figure of a place of this size; it speaks of the "
            "process, not of sampling."
        ),
    ),
    (
        N_("Status"),
        N_("Why a figure is as it is: complete, still running, suppressed, not reported …"),
    ),
    (
        N_("Build"),
        N_(
            "One published version of all figures. Every page, export and briefing names the build it "
            "comes from."
        ),
    ),
    (
        N_("Person and person-time"),
        N_("A person is counted once; a person-time (人次) is one record, so one person can be many."),
    ),
)
