"""Who may be told apart, and the sets of them that the route table names."""

from __future__ import annotations

OFFICER, RECEPTIONIST, AGENCY_HEAD = "officer", "receptionist", "agency_head"
VIEWER, SUPERVISOR, ADMIN = "viewer", "supervisor", "admin"
KIOSK, DISPLAY, PRINT_HOST = "kiosk", "display", "print-host"
API, CLI = "api", "cli"

PEOPLE = frozenset({OFFICER, RECEPTIONIST, AGENCY_HEAD, VIEWER, SUPERVISOR, ADMIN})
DEVICES = frozenset({KIOSK, DISPLAY, PRINT_HOST})
PROGRAMS = frozenset({API, CLI})

#: everyone a request can come from; `anyone` is a request without any proof
ANYONE = "anyone"
ROLES = PEOPLE | DEVICES | PROGRAMS
ALL = ROLES | {ANYONE}

#: people of the hall and the programs that stand for them
STAFF = PEOPLE | PROGRAMS
#: staff who may change a visitor's ticket; an agency head and a viewer only look
DESK = frozenset({OFFICER, RECEPTIONIST, SUPERVISOR, ADMIN, CLI})
#: who oversees the whole hall
OVERSEERS = frozenset({SUPERVISOR, ADMIN, CLI})
#: who sets the hall up
ADMINS = frozenset({ADMIN, CLI})
