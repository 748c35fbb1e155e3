"""Shows a brief as text, Markdown, a web page or a PDF, to the CSM, the account executive or the customer."""

from __future__ import annotations

from typing import Literal

from briefs.brief import BriefBody
from briefs.errors import BadInput

Format = Literal["text", "md", "html", "pdf"]
FORMATS: tuple[Format, ...] = ("text", "md", "html", "pdf")


def render(body: BriefBody, form: str, audience: str) -> bytes:
    """The brief in one of FORMATS as bytes (UTF-8 for the three that are text). Raises BadInput for an unknown format or audience."""
    if form == "text":
        from briefs.rendering import text

        return text.render(body, audience).encode()
    if form == "md":
        from briefs.rendering import markdown

        return markdown.render(body, audience).encode()
    if form == "html":
        from briefs.rendering import page

        return page.render(body, audience).encode()
    if form == "pdf":
        from briefs.rendering import pdf

        return pdf.render(body, audience)
    raise BadInput("There is no such format.", f"Use one of: {', '.join(FORMATS)}.")
