"""Work under way: one command at a time for a session, its progress, and what it came to."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from etl.frontdesk import jobs
from etl.frontdesk.jobs import Answer, Busy, Job, Text
from etl.frontdesk.reading import NotDone
from metrics.build import data_home
from pages.components.drops.words import escaped, said
from pages.i18n import N_, _

WORK, FINISHED, NOTICE, SECTION = "drops_work", "drops_finished", "drops_notice", "drops_section"
READ = "drops_read"
Read = TypeVar("Read")
LOOKS_EVERY = "1s"
LOOKS_FOR_OTHERS_EVERY = "4s"
SENTENCES_SHOWN = 6
PATIENCE_SECONDS = 3.0  # somebody else's look at the warehouse takes about a second
DOING = {
    "check": N_("Trying out the files; nothing is changed …"),
    "try": N_("Trying out the mended file; nothing is changed …"),
    "load": N_("Loading and publishing …"),
    "release": N_("Loading the released drop and publishing …"),
    "refuse": N_("Sending the drop back …"),
    "replay": N_("Checking the quarantined rows again …"),
    "withdraw": N_("Withdrawing the drop and publishing …"),
    "restore": N_("Bringing the drop back and publishing …"),
    "receipt": N_("Writing the receipt …"),
    "mend": N_("Loading the mended file in the drop's place and publishing …"),
    "trace": N_("Looking for the rows behind the figure …"),
}
DONE = {
    "check": N_("The files have been tried out."),
    "load": N_("Loaded. The figures on all pages are up to date."),
    "release": N_("Released. The figures on all pages are up to date."),
    "refuse": N_("The drop was sent back."),
    "replay": N_("The quarantined rows were checked again."),
    "withdraw": N_("Withdrawn. The figures on all pages are up to date."),
    "restore": N_("Brought back. The figures on all pages are up to date."),
    "receipt": N_("The receipt has been written."),
    "mend": N_("The mended file has taken the drop's place. The figures on all pages are up to date."),
}
# What a section shows itself, with what came of it.
TOLD_BELOW = ("check", "load")


@dataclass
class Work:
    """A command at work for this session, and the drop it is about if it names one."""

    name: str
    job: Job
    drop_id: int | None = None


@dataclass(frozen=True)
class Finished:
    """A command of this session that came to its end."""

    name: str
    answer: Answer


def is_under_way() -> bool:
    return WORK in st.session_state


def is_doing(*names: str, drop_id: int | None = None) -> bool:
    """Whether one of these is under way for this session, about this drop if one is named."""
    work: Work | None = st.session_state.get(WORK)
    return work is not None and work.name in names and drop_id in (None, work.drop_id)


def is_free() -> bool:
    """Whether work may begin now; if not, the page will say who is at work."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (writer := jobs.busy(data_home())) is not None and time.monotonic() < until:
        time.sleep(0.1)
    if writer is not None:
        st.session_state[NOTICE] = writer
    return writer is None and not is_under_way()


def begin(name: str, *arguments: object) -> None:
    """Start a command of etl; the page goes on at once and watches it."""
    st.session_state.pop(FINISHED, None)
    drop_id = next((one for one in arguments if isinstance(one, int)), None)
    st.session_state[WORK] = Work(name, jobs.start(data_home(), *arguments), drop_id)


def settle() -> None:
    """At the start of a run: take in what has come to its end since."""
    work: Work | None = st.session_state.get(WORK)
    if work is not None and not work.job.is_running:
        del st.session_state[WORK]
        st.session_state[FINISHED] = Finished(work.name, work.job.answer())


def finished(*names: str) -> Finished | None:
    """What this session did last, if it was one of these."""
    found: Finished | None = st.session_state.get(FINISHED)
    return found if found is not None and found.name in names else None


def forget() -> None:
    st.session_state.pop(FINISHED, None)


def leave(section: str) -> None:
    """On the way to another section: what was done in the last one has been read. A trial still waits."""
    if st.session_state.get(SECTION, section) != section and finished("check", "try") is None:
        forget()
    st.session_state[SECTION] = section


def panel() -> None:
    """At the top of the page: what is under way here, what came of it, or who else is at work."""
    notice: Text | None = st.session_state.pop(NOTICE, None)
    if notice is not None:
        st.warning(said(notice))
    if is_under_way():
        watch()
        return
    _others(jobs.busy(data_home()) is not None)
    for text in jobs.interrupted(data_home()):
        st.warning(said(text))
    done = finished(*(name for name in DONE if name not in TOLD_BELOW))
    if done is None:
        return
    if done.answer.is_good:
        st.success(_(DONE[done.name]))
    tell(done.answer)


def tell(answer: Answer) -> None:
    """The sentences of a command, as an error when it did not do what was asked."""
    # What it said on its way has been read while it was at work.
    ended = [text for text in answer.told if not text.zh.endswith("……")]
    lines = [escaped(said(jobs.without_commands(text))) for text in ended]
    if not lines:
        return
    if answer.is_good:
        st.caption("  \n".join(lines))
    else:
        st.error("  \n".join(lines))


def as_last_read(name: str, about: object, read: Callable[[], Read]) -> Read | None:
    """What can be read only while nobody is at work: then as this session read it last, None where it has not."""
    kept: dict[str, tuple[object, Read]] = st.session_state.setdefault(READ, {})
    if not is_under_way():
        # Where it cannot be read now, what was read before is still true of its build.
        with contextlib.suppress(Busy, NotDone):
            kept[name] = (about, read())
    last_about, found = kept.get(name, (None, None))
    return found if last_about == about else None


def explain(problem: Busy | NotDone) -> None:
    """Why a list cannot be shown at this moment."""
    if isinstance(problem, Busy):
        st.info(said(problem.text))
        return
    st.error("  \n".join(escaped(said(jobs.without_commands(text))) for text in problem.told))


@st.fragment(run_every=LOOKS_EVERY)
def watch() -> None:
    """The progress of this session's work: at the top of the page, and where the button was that began it."""
    work: Work | None = st.session_state.get(WORK)
    if work is None or not work.job.is_running:
        st.rerun()
    # Not as a context: leaving that would tick it off.
    status = st.status(_(DOING[work.name]), expanded=True)
    status.write(
        _("{seconds} seconds so far. You may stay on this page.").format(seconds=int(work.job.seconds))
    )
    for text in work.job.told()[-SENTENCES_SHOWN:]:
        status.caption(escaped(said(jobs.without_commands(text))))


@st.fragment(run_every=LOOKS_FOR_OTHERS_EVERY)
def _others(were_busy: bool) -> None:
    """Somebody in another tab, or a command on the server."""
    writer = jobs.busy(data_home())
    if writer is not None:
        st.info(said(writer))
    elif were_busy:
        st.rerun()
