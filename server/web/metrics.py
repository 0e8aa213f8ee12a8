"""Figures for Prometheus: own registry per app, so that nothing is shared in a process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from server.app.house import House

#: seconds; a touch should be answered within the second bucket row
_BUCKETS_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 25)

#: a label must not grow with what strangers send
_METHODS = frozenset({"GET", "HEAD", "POST"})


class _Gauges(Collector):
    """What the house says of itself at the moment of asking (name -> number)."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[Any]:
        for name, value in sorted(self._house.gauges().items()):
            yield GaugeMetricFamily(f"mpp_{name}", name.replace("_", " "), value=float(value))


def install(app: Flask, house: House) -> None:
    """Count every request by route template, method and status; time it."""
    registry = CollectorRegistry()
    registry.register(_Gauges(house))
    seen = Counter("mpp_http_requests", "HTTP requests", ("method", "route", "status"), registry=registry)
    took = Histogram(
        "mpp_http_seconds", "to answer", ("method", "route"), buckets=_BUCKETS_S, registry=registry
    )
    children: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    def started() -> None:
        g.started_s = time.perf_counter()

    def ended(response: Response) -> Response:
        asked = request._get_current_object()  # type: ignore[attr-defined] # not by way of the proxy each time
        rule = asked.url_rule
        method = asked.method if asked.method in _METHODS else "other"
        label = (method, rule.rule if rule else "unknown", response.status_code)
        pair = children.get(label)
        if pair is None:
            pair = (seen.labels(label[0], label[1], str(label[2])), took.labels(label[0], label[1]))
            children[label] = pair
        pair[0].inc()
        since = g.get("started_s")
        if since is not None:
            pair[1].observe(time.perf_counter() - since)
        return response

    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    app.before_request(started)
    app.after_request(ended)
    app.add_url_rule("/metrics", "metrics", metrics, methods=["GET"])
