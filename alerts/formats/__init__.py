"""A letter as mail, Atom, iCalendar, chat, JSON."""
