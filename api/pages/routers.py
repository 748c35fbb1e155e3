"""Every router of the pages, for the app to take in."""

from __future__ import annotations

from api.pages import (
    routes_account,
    routes_admin,
    routes_brief,
    routes_calls,
    routes_decide,
    routes_deliveries,
    routes_frame,
    routes_inbox,
    routes_notices,
    routes_reports,
    routes_start,
)

_ALL = (
    routes_frame,
    routes_inbox,
    routes_notices,
    routes_start,
    routes_brief,
    routes_decide,
    routes_account,
    routes_calls,
    routes_deliveries,
    routes_reports,
    routes_admin,
)
ROUTERS = tuple(each.pages for each in _ALL)
