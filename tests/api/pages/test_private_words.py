"""What the customer never saw is marked where the desk searches for evidence, and stays marked in a brief that rests on its ticket."""

from __future__ import annotations

from api.pages.reviewing import passages
from briefs.brief import BriefBody, Evidence
from briefs.drafting.facts import Records, private_parts
from retrieval.dossier import Dossier
from tests.api.world import World

TICKET, PRIVATE = "c01-t2", "messages[5]"


def test_a_message_that_was_not_public_is_marked_among_the_passages_found(world: World) -> None:
    store = world.workspace.store
    body = BriefBody.model_validate_json(store.version(store.brief(world.brief_of("c01")).head))
    dossier = Dossier.model_validate_json(store.dossier(body.provenance.dossier_hash))
    found = passages(world.workspace, body, dossier, "int: root cause = cert on gw-eu-2, see postmortem doc", attach=False)
    told = {(each.record_id, each.part): each.internal for each in found}
    assert told[TICKET, PRIVATE]
    records = Records(dossier)
    assert {key: records.is_internal(Evidence(record_id=key[0], kind="ticket", part=key[1])) for key in told} == told
    assert not all(told.values())
    assert private_parts(records.by_id[TICKET]) == (PRIVATE,)
    for source in body.sources:
        assert source.private_parts == private_parts(records.by_id[source.record_id])
