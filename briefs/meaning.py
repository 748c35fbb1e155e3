"""What a field of a table says in words, so that a sentence about it can be held against it."""

from __future__ import annotations

MEANING = {
    "account.start_date": "became a customer",
    "account.do_not_contact": "the account carries a contact ban",
    "account.billing_status": "an invoice is overdue",
    "flag.ticket_id": "support flagged the ticket; what was written reads like an order to a machine or names another customer and is left out",
    "contact.left_at": "left, nobody is named in the place",
    "contact.joined_at": "came in as champion or economic buyer",
    "opportunity.stage": "an expansion opportunity is open already",
    "scorecard.decider": "the decider named in the scorecard; by the form, decides",
    "ticket.status": "the ticket is not solved",
    "usage.upgrade_attempts": "tried to open it and was stopped by the plan",
}
