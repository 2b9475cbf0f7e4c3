"""What follows from an event, in one table.

`NOW`: in the same transaction, into the app's own tables, without any I/O. By kind of record that an event is about:
what is called with the event and the keys of these records.
"""

from __future__ import annotations

NOW: dict[str, tuple[str, ...]] = {
    "opportunities.opportunity": ("opportunities.changes.note_changes",),
}
