"""Who may make which call: one table, beside the product's own, that every route has to be in."""

from __future__ import annotations

CSM, AE, ADMIN = frozenset({"csm", "admin"}), frozenset({"ae", "admin"}), frozenset({"admin"})
ONLY_CSM, ONLY_AE = frozenset({"csm"}), frozenset({"ae"})
ANYONE = frozenset({"csm", "ae", "evaluator", "admin", "service", "nobody"})

MAY: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/v1/accounts"): CSM,
    ("GET", "/v1/accounts/{account_id}"): CSM,
    ("POST", "/v1/accounts/{account_id}/overrides"): CSM,
    ("DELETE", "/v1/accounts/{account_id}/overrides/{override_id}"): CSM,
    ("POST", "/v1/scans"): CSM,
    ("GET", "/v1/scans/{scan_id}"): CSM,
    ("GET", "/v1/scans/{scan_id}/events"): CSM,
    ("GET", "/v1/briefs"): CSM,
    ("GET", "/v1/briefs/{brief_id}"): CSM,
    ("GET", "/v1/briefs/{brief_id}/versions/{n}"): CSM,
    ("PATCH", "/v1/briefs/{brief_id}"): ONLY_CSM,
    ("POST", "/v1/briefs/{brief_id}/decisions"): CSM,
    ("GET", "/v1/handoffs"): AE,
    ("GET", "/v1/handoffs/{handoff_id}"): AE,
    ("GET", "/v1/handoffs/{handoff_id}/files/{name}"): AE,
    ("POST", "/v1/briefs/{brief_id}/assign"): CSM,
    ("POST", "/v1/briefs/{brief_id}/snooze"): CSM,
    ("POST", "/v1/briefs/{brief_id}/recall"): CSM,
    ("POST", "/v1/briefs/{brief_id}/keep"): CSM,
    ("POST", "/v1/briefs/{brief_id}/cases"): CSM,
    ("POST", "/v1/handoffs/{handoff_id}/response"): ONLY_AE,
    ("POST", "/v1/handoffs/{handoff_id}/outcome"): AE,
    ("POST", "/v1/handoffs/{handoff_id}/recycle"): frozenset({"ae", "csm"}),
    ("POST", "/v1/handoffs/{handoff_id}/questions"): frozenset({"ae", "csm"}),
    ("POST", "/v1/handoffs/{handoff_id}/feedback"): ONLY_AE,
    ("POST", "/v1/flags"): frozenset({"csm", "service"}),
    ("POST", "/v1/flags/zendesk"): frozenset({"service"}),
    ("GET", "/v1/flags/{flag_id}"): frozenset({"csm", "service"}),
    ("POST", "/v1/imports"): frozenset({"admin", "service"}),
    ("GET", "/v1/imports/{import_id}"): frozenset({"admin", "service"}),
    ("GET", "/v1/quarantine"): frozenset({"admin", "service"}),
    ("POST", "/v1/quarantine/{entry_id}"): frozenset({"admin", "service"}),
    ("GET", "/v1/deliveries"): ADMIN,
    ("GET", "/v1/deliveries/{delivery_id}"): ADMIN,
    ("POST", "/v1/deliveries/{delivery_id}/resend"): ADMIN,
    ("GET", "/v1/targets"): ADMIN,
    ("POST", "/v1/targets"): ADMIN,
    ("POST", "/v1/targets/{target_id}/disable"): ADMIN,
    ("POST", "/v1/targets/{target_id}/enable"): ADMIN,
    ("GET", "/v1/reports/funnel"): CSM,
    ("GET", "/v1/rubric"): ADMIN,
    ("POST", "/v1/rubric/what-if"): ADMIN,
    ("GET", "/v1/users"): ADMIN,
    ("POST", "/v1/users"): ADMIN,
    ("DELETE", "/v1/users/{user_id}"): ADMIN,
    ("GET", "/v1/users/{user_id}/tokens"): ADMIN,
    ("POST", "/v1/users/{user_id}/tokens"): ADMIN,
    ("DELETE", "/v1/users/{user_id}/tokens/{token_id}"): ADMIN,
    ("GET", "/v1/audit"): ADMIN,
    ("GET", "/healthz"): ANYONE,
    ("GET", "/readyz"): ANYONE,
    ("GET", "/metrics"): ADMIN,
    ("GET", "/openapi.json"): ANYONE,
}
"""(method, path) → the roles that may. `nobody` is a request without a token."""

WHO = {"csm": "mira", "ae": "ana", "evaluator": "eve", "admin": "ada", "service": "help", "nobody": None}
"""Whom the tests call as."""
