"""Reads a record as a whole: what the classifier proposes, seconded by grounds, neighbours, the catalogue and the calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from briefs.reading.belief import LOWEST, believed
from briefs.reading.classifier import Classifier, load
from briefs.reading.grounds import BARS, concepts_in, near_grounds, own_words
from briefs.reading.looked import Looked, Shop, reading_of
from briefs.reading.offline import ASKS, RULES_VERSION, Context, Reading, veto
from briefs.reading.plans import is_plan
from briefs.reading.requests import crew, only_asking, requests, to_be_left
from briefs.reading.rivals import Known
from briefs.reading.sentences import Sentence

REACH = 2
"""Sentences before and after in which the rest of a request may stand."""
LINK = 3
"""Sentences around a date in which the need it belongs to may be named."""


NEEDS = frozenset(("seats_requested", "feature_requested", "new_team", "new_use_case", "limit_reached"))
PLAIN_PLAN = 0.6
"""Score from which a plan counts for a need told in another record of the account."""


class RecordReader:
    """The offline engine's reading. Deterministic; `version` changes when a reading could."""

    CODE = "10"
    name = "offline"

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._classifier = classifier or load()
        self.version = f"{self._classifier.version}-{RULES_VERSION}-{self.CODE}"

    def candidates(self, sentences: Sequence[Sentence]) -> list[Sentence]:
        """Stage one, for a model to look at: sentences that may say something, the likeliest first. Quoted mails are left out."""
        fresh = [s for s in sentences if not s.quoted]
        if not fresh:
            return []
        scores = self._classifier.scores([s.text for s in fresh]) / self._classifier.sure
        best = scores.max(axis=1)
        order = sorted(range(len(fresh)), key=lambda i: (-float(best[i]), i))
        return [fresh[i] for i in order if best[i] >= self._classifier.wide]

    def read(self, sentences: Sequence[Sentence], context: Context, shop: Shop) -> list[Reading]:
        """Everything the sentences say that is sure enough and that no rule takes away."""
        fresh = [s for s in sentences if not s.quoted]
        scores = self._classifier.scores([s.text for s in fresh]).tolist() if fresh else ()
        known = Known(shop.vendor, own_words(context), shop.products)
        looked = [
            Looked(s, dict(zip(self._classifier.labels, row, strict=True)), near_grounds(s.text, known)) for s, row in zip(fresh, scores, strict=True)
        ]
        found: list[Reading] = []
        for record in _records(looked):
            found.extend(_of_record(record, context, shop))
        if any(reading.label in NEEDS for reading in found):
            found.extend(_reading_of_plan(one) for one in looked if one.scores["dated_plan"] >= PLAIN_PLAN and is_plan(one, context))
        return _settled(found)


def _records(looked: Sequence[Looked]) -> Iterator[list[Looked]]:
    """The sentences of one record together, in reading order."""
    grouped: dict[str, list[Looked]] = defaultdict(list)
    for one in looked:
        grouped[one.sentence.record_id].append(one)
    yield from grouped.values()


def _of_record(record: list[Looked], context: Context, shop: Shop) -> Iterator[Reading]:
    """What one record says, its parts in order: an answer stands in the next message, a date in the next sentence."""
    curious = {id(one.sentence) for place, one in enumerate(record) if only_asking(record, place)}
    asked = [reading for reading in requests(record, context, shop) if id(reading.sentence) not in curious]
    yield from asked
    needs: set[int] = set()
    for place, one in enumerate(record):
        around = record[max(0, place - REACH) : place] + record[place + 1 : place + 1 + REACH]
        near = frozenset(c for other in around if other.sentence.side == one.sentence.side for c in other.held)
        likely = [(label, score) for label, score in one.scores.items() if score >= LOWEST[label]]
        for label, score in sorted(likely, key=lambda item: (-item[1], item[0])):
            if (label in ASKS and id(one.sentence) in curious) or (label == "feature_requested" and to_be_left(one.sentence.text)):
                continue
            if believed(label, score, one, near, shop, context) and veto(label, one.sentence, context) is None:
                yield reading_of(one.sentence, label, score)
                if label in NEEDS:
                    needs.add(id(one.sentence))
    wanted = bool(asked) or any(o.sentence.side == "customer" and shop.wanted(o.sentence.text) for o in record)
    for place, one in enumerate(record):
        near_by = record[max(0, place - LINK) : place + LINK + 1]
        linked = wanted or any(id(o.sentence) in needs or o.scores["seats_requested"] >= BARS["seats_requested"].grounded or crew(o) for o in near_by)
        if linked and is_plan(one, context):
            yield _reading_of_plan(one)


def _reading_of_plan(one: Looked) -> Reading:
    return reading_of(one.sentence, "dated_plan", max(one.scores["dated_plan"], 0.5))


def _settled(found: list[Reading]) -> list[Reading]:
    """Each label once a sentence; where a record points at another company, its `they` are that company's."""
    once: dict[tuple[str, str, int, str], Reading] = {}
    for reading in found:
        s = reading.sentence
        key = (s.record_id, s.part, s.start, reading.label)
        if key not in once or reading.score > once[key].score:
            once[key] = reading
    referring = {r.sentence.record_id for r in once.values() if r.label == "referral"}
    theirs = frozenset(("new_team", "seats_requested", "feature_requested", "dated_plan", "new_use_case"))
    return [r for r in once.values() if not (r.sentence.record_id in referring and r.label in theirs and "THEY" in concepts_in(r.sentence.text))]
