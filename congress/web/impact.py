"""Whom a release would touch: people, sign-ups, speakers and calendars, for each change and all in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from congress.congresses.models import Congress
from congress.events import notices as event_notices
from congress.feeds import counts
from congress.programme.releases import Change
from congress.registration import notices, speaker_notices


@dataclass(frozen=True)
class Touched:
    """How many mails name the change (to people with it in their programme, to sign-ups, to speakers and coordinators), and calendars."""

    people: int
    sign_ups: int
    speakers: int
    calendars: int  # secret ones of the people
    is_public: bool  # whether public calendars and feeds hold it

    @property
    def mails(self) -> int:
        return self.people + self.sign_ups + self.speakers


@dataclass(frozen=True)
class Impact:
    """``of`` is by the uid of the entry. ``people`` get a mail each; ``spread`` says to how many about how many changes."""

    of: dict[str, Touched]
    people: int
    sign_ups: int
    spoken_to: Sequence[speaker_notices.Recipient]  # speakers and coordinators
    spread: list[tuple[int, int]]
    entries: int
    longest: Sequence[Change]

    @property
    def speakers(self) -> int:
        return len(self.spoken_to)

    @property
    def mails(self) -> int:
        return self.people + self.sign_ups + self.speakers


def impact(congress: Congress, changes: Sequence[Change], *, now: datetime) -> Impact:
    """Whom these changes touch if they were released now."""
    told = notices.concerned(congress, changes, now=now)
    calendars = counts.calendars_of_people(congress)
    events = event_notices.changed_events(congress, changes, now=now)
    sign_ups = event_notices.whom(congress, events, signed_up_by=now)
    speakers = speaker_notices.concerned(congress, changes, now=now)

    people, held, of_event = Counter[str](), Counter[str](), Counter[str](code for *_rest, code in sign_ups)
    for number, own in told.items():
        for change in own:
            people[change.after.uid] += 1
            held[change.after.uid] += calendars[number]
    spoken = Counter(change.after.uid for each in speakers for change in each.changes)
    found = {
        change.after.uid: Touched(
            people=people[change.after.uid],
            sign_ups=of_event[change.after.item] if change.after.item in events else 0,
            speakers=spoken[change.after.uid],
            calendars=held[change.after.uid],
            is_public=any(entry.is_listed for entry in (change.before, change.after) if entry),
        )
        for change in changes
    }
    return Impact(
        of=found,
        people=len(told),
        sign_ups=len(sign_ups),
        spoken_to=speakers,
        spread=sorted(Counter(len(own) for own in told.values()).items()),
        entries=len({change.after.uid for own in told.values() for change in own}),
        longest=max(told.values(), key=len, default=[]),
    )
