"""Calendar files. Nothing about anybody leaves in one: it goes through other people's mail and telephones."""

from datetime import datetime

from icalendar import Calendar, Event, vCalAddress, vText

from knownto.pathways.frontdoor.gathering import Gathering

NOBODY = "invalid:nomail"  # RFC 5546 wants an organiser; mail to one would be mail that nobody answers for


def calendar_file(meeting: Gathering, address: str, now: datetime) -> bytes:
    """The invitation as it stands: another time has a higher SEQUENCE, and one that is called off is a CANCEL.

    `address` is where to sign in to see the rest.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Knownto//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if meeting.cancelled_at else "REQUEST")
    calendar.add_component(_event(meeting, address, now))
    return calendar.to_ical()


def _event(meeting: Gathering, address: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", str(meeting.id))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", meeting.starts)
    event.add("dtend", meeting.ends)
    event.add("summary", f"{meeting.name} {meeting.reference}")
    event.add("description", f"Sign in to see more: {address}")
    event.add("url", address)
    event.add("class", "CONFIDENTIAL")
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    organiser = vCalAddress(NOBODY)
    organiser.params["CN"] = vText("Knownto")
    event.add("organizer", organiser)
    return event
