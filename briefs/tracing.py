"""Where time goes, for whoever runs the service: a span a request and a span a model call, sent to a collector where one is set.

The one door to OpenTelemetry. Names and attributes follow its conventions for HTTP servers and for generative AI; no span ever holds what somebody
wrote, asked or answered. Without a collector nothing is imported and nothing is made.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as OtelSpan

Kind = Literal["server", "client"]
Value = str | int | float | bool
SERVICE = "briefs"
ENDS_WITHIN_MS = 3000
"""How long the last spans may take to leave when the process ends."""


class Span(Protocol):
    """One piece of work under way."""

    def rename(self, name: str) -> None: ...

    def note(self, attributes: Mapping[str, Value]) -> None: ...

    def failed(self, error_type: str) -> None:
        """The work did not end well. `error_type` is a code or the name of a class, never a message."""
        ...


class Tracer(Protocol):
    """Makes spans. One that begins inside another belongs to it, across threads of one request too."""

    def span(
        self, name: str, kind: Kind, attributes: Mapping[str, Value] | None = None, *, headers: Mapping[str, str] | None = None
    ) -> AbstractContextManager[Span]: ...

    def close(self) -> None: ...


class _Unseen:
    """A span nobody looks at."""

    def rename(self, name: str) -> None:
        """Nothing."""

    def note(self, attributes: Mapping[str, Value]) -> None:
        """Nothing."""

    def failed(self, error_type: str) -> None:
        """Nothing."""


class Untraced:
    """The tracer where no collector is set."""

    _span = _Unseen()

    @contextmanager
    def span(
        self, name: str, kind: Kind, attributes: Mapping[str, Value] | None = None, *, headers: Mapping[str, str] | None = None
    ) -> Generator[Span]:
        yield self._span

    def close(self) -> None:
        """Nothing to end."""


class _Seen:
    def __init__(self, span: OtelSpan) -> None:
        self._span = span

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def note(self, attributes: Mapping[str, Value]) -> None:
        self._span.set_attributes(attributes)

    def failed(self, error_type: str) -> None:
        from opentelemetry.trace import Status, StatusCode

        self._span.set_attribute("error.type", error_type)
        self._span.set_status(Status(StatusCode.ERROR))


class Collected:
    """Sends spans in batches over OTLP (gRPC). A collector that is away costs nobody an answer: its spans are lost."""

    def __init__(self, endpoint: str) -> None:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        self._provider: TracerProvider = TracerProvider(resource=Resource.create({"service.name": SERVICE}), shutdown_on_exit=False)
        exporter = OTLPSpanExporter(endpoint=endpoint, insecure=not endpoint.startswith("https://"))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer(SERVICE)

    @contextmanager
    def span(
        self, name: str, kind: Kind, attributes: Mapping[str, Value] | None = None, *, headers: Mapping[str, str] | None = None
    ) -> Generator[Span]:
        """`headers` are those of a request: a `traceparent` among them says of whose work this is a part."""
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        context = TraceContextTextMapPropagator().extract(dict(headers)) if headers else None
        made = self._tracer.start_as_current_span(
            name,
            context=context,
            kind=SpanKind.SERVER if kind == "server" else SpanKind.CLIENT,
            attributes=attributes,
            record_exception=False,  # its message may hold somebody's words
            set_status_on_exception=False,
        )
        with made as span:
            seen = _Seen(span)
            try:
                yield seen
            except BaseException as fault:
                seen.failed(type(fault).__name__)
                raise

    def close(self) -> None:
        """Sends what waits, for a moment at most."""
        self._provider.force_flush(ENDS_WITHIN_MS)
        self._provider.shutdown()


def open_tracer(endpoint: str | None) -> Tracer:
    """The tracer of a collector's address such as `http://127.0.0.1:4317`; one that does nothing where there is none."""
    return Collected(endpoint) if endpoint else Untraced()
