"""An OpenTelemetry collector on loopback: takes spans over gRPC and keeps them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc


@dataclass(frozen=True)
class SeenSpan:
    name: str
    kind: int
    trace: bytes
    parent: bytes
    failed: bool
    attributes: dict[str, Any]


@dataclass
class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """`with Collector() as collector:` gives its `url` and the `spans` it was sent."""

    spans: list[SeenSpan] = field(default_factory=list[SeenSpan])
    services: set[str] = field(default_factory=set[str])
    raw: list[bytes] = field(default_factory=list[bytes])

    def Export(self, request: Any, context: Any) -> Any:  # the name gRPC calls
        self.raw.append(request.SerializeToString())
        for resource in request.resource_spans:
            self.services |= {each.value.string_value for each in resource.resource.attributes if each.key == "service.name"}
            for span in (span for scope in resource.scope_spans for span in scope.spans):
                told = {each.key: _value(each.value) for each in span.attributes}
                self.spans.append(SeenSpan(span.name, span.kind, span.trace_id, span.parent_span_id, span.status.code == 2, told))
        return trace_service_pb2.ExportTraceServiceResponse()

    def __enter__(self) -> Collector:
        self._server = grpc.server(ThreadPoolExecutor(2))
        trace_service_pb2_grpc.add_TraceServiceServicer_to_server(self, self._server)  # pyright: ignore[reportUnknownMemberType]  # generated code
        self.url = f"http://127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.stop(None).wait()


def _value(value: Any) -> Any:
    return getattr(value, value.WhichOneof("value"))
