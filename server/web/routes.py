"""Every row of the API, in the order of the contract."""

from __future__ import annotations

from server.web import (
    routes_admin,
    routes_devices,
    routes_displays,
    routes_figures,
    routes_hall,
    routes_people,
    routes_reports,
    routes_screens,
    routes_slip,
    routes_tickets,
)
from server.web.route import Route

ROUTES: tuple[Route, ...] = (
    *routes_people.ROUTES,
    *routes_tickets.TICKETS,
    *routes_tickets.COUNTERS,
    *routes_hall.ROUTES,
    *routes_figures.ROUTES,
    *routes_devices.ROUTES,
    *routes_displays.ROUTES,
    *routes_admin.ROUTES,
    *routes_screens.ROUTES,
    *routes_slip.ROUTES,
    *routes_reports.ROUTES,
)
