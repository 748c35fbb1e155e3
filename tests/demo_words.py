"""What `briefs demo` has to print, however it is started: the verdict of every account, one whole brief, and what to do next."""

from __future__ import annotations

import re

ACCOUNTS = 28
CARD = ("Why now", "Fit ", "Success", "Timing", "ARR ", "Top risk", "Next step")
SECTIONS = (
    "VALUE ACHIEVED", "THE NEED, IN THEIR WORDS", "RECOMMENDED NEXT PRODUCT", "WHY NOW", "STAKEHOLDERS", "USAGE TREND", "RISKS AND OPEN TICKETS",
    "WHAT ARGUES AGAINST", "BANT COVERAGE", "ARR ESTIMATE", "TALK TRACK", "DO NOT SAY", "NOT KNOWN", "SOURCES", "PROVENANCE",
)  # fmt: skip
NEXT = (" explain ", " show ", "BRIEFS_TOKEN=", " approve ", " list ", " ingest FOLDER")


def lacks(words: str) -> list[str]:
    """What is missing or out of its order, in a demo's plain words; nothing where all is there."""
    table, _, rest = words.partition("The brief of ")
    brief, _, after = rest.partition("What to do next")
    missing = [] if re.search(r"Account\s+Verdict\s+Next\s+ARR\s+Why\s+Brief", table) else ["the table's head"]
    rows = len(re.findall(r"\([abc]\d\d\) +(?:qualified|watch|blocked|quiet|insufficient data)\b", table))
    missing += [] if rows == ACCOUNTS else [f"{ACCOUNTS - rows} accounts"]
    missing += [] if re.search(r"\d+ qualified, \d+ watch, \d+ blocked, \d+ quiet, \d+ insufficient data", table) else ["the sum of the verdicts"]
    place = 0
    for part in (*CARD, *SECTIONS):
        found = brief.find(part, place)
        missing += [part] if found < 0 else []
        place = max(place, found)
    missing += [] if re.search(r"PROVENANCE\s+\S", brief) else ["words of the last section"]
    return missing + [step for step in NEXT if step not in after]
