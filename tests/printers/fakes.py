"""A small real server that speaks the print-host contract, and helpers to wait for what it saw."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "token-of-the-print-host"
# Only says when a wait that will not come true is red; a loaded machine is slow.
WAIT_S = 60.0


@dataclass
class FakeJob:
    """A print job as the server keeps it."""

    id: str
    printer: str
    slip: Any
    age_s: float = 0.0
    state: str = "queued"
    cause: str = ""


class FakeServer:
    """Thread-safe record of jobs, results and printer states; goes away and comes back on its port."""

    def __init__(self, printers: list[dict[str, Any]], **limits: float) -> None:
        self.printers = printers
        self.limits = {"print_ttl_s": 60, "claim_wait_s": 20, "lease_s": 30, **limits}
        self.jobs: dict[str, FakeJob] = {}
        self.results: list[tuple[str, str, str]] = []
        self.statuses: list[tuple[str, str, str]] = []
        self.requests: list[str] = []
        self.ill = False
        self.elsewhere = False
        #: a claim for which there is no job is not answered before the server goes away
        self.holds = False
        self.logo = b""
        self.before_result: Callable[[str], bool] = lambda job: True
        self.news = threading.Condition()
        self._http: _Http | None = None
        self._port = 0
        self.back()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def logo_sha(self) -> str | None:
        return hashlib.sha256(self.logo).hexdigest() if self.logo else None

    def back(self) -> None:
        """Answer (again), on the same port."""
        self._http = _Http(("127.0.0.1", self._port), self)
        self._port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def away(self) -> None:
        """Connections are refused from now on; long polls end without an answer."""
        if self._http:
            http, self._http = self._http, None
            http.shutdown()
            http.server_close()
            with self.news:
                self.news.notify_all()

    def queue(self, printer: str, slip: Any, job: str | None = None, age_s: float = 0.0) -> str:
        """A new job; its id."""
        with self.news:
            job_id = job or f"job-{len(self.jobs) + 1}"
            self.jobs[job_id] = FakeJob(job_id, printer, slip, age_s)
            self.news.notify_all()
            return job_id

    def wait(self, true: Callable[[FakeServer], object]) -> None:
        """Until `true(self)`; fails the test after WAIT_S."""
        with self.news:
            assert self.news.wait_for(lambda: true(self), WAIT_S), (self.jobs, self.statuses)

    def wait_for_state(self, job: str, *states: str) -> str:
        """Until the job is in one of `states`; the cause that was given."""
        self.wait(lambda me: me.jobs[job].state in states)
        return self.jobs[job].cause

    # What the HTTP side calls.

    def claim(self, printer: str, wait_s: float, http: _Http) -> FakeJob | None:
        with self.news:
            self.news.wait_for(lambda: self._next(printer) or self._http is not http, WAIT_S if self.holds else wait_s)
            job = self._next(printer) if self._http is http else None
            if job:
                job.state = "sending"
            return job

    def _next(self, printer: str) -> FakeJob | None:
        mine = [job for job in self.jobs.values() if job.printer == printer]
        held = [job for job in mine if job.state == "sending"]
        return next(iter(held + [job for job in mine if job.state == "queued"]), None)

    def take_result(self, job_id: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self.news:
            state, cause = body["state"], body.get("cause", "")
            self.results.append((job_id, state, cause))
            job = self.jobs.get(job_id)
            if job:
                job.state, job.cause = ("queued" if state == "not_begun" else state), cause
                if state == "not_begun" and self.elsewhere:
                    job.printer = "another"
            self.news.notify_all()
        return (200, {"id": job_id, "state": job.state}) if job else (404, {"code": "unknown_job"})

    def take_status(self, printer: str, body: dict[str, Any]) -> None:
        with self.news:
            self.statuses.append((printer, body["state"], body.get("cause", "")))
            self.news.notify_all()

    def take_answers(self, printer: str, body: dict[str, Any]) -> None:
        with self.news:
            next(one for one in self.printers if one["code"] == printer)["answers"] = body["answers"]
            self.news.notify_all()

    def note(self, request: str) -> None:
        with self.news:
            self.requests.append(request)
            self.news.notify_all()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], fake: FakeServer) -> None:
        self.fake = fake
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A host that was killed in the middle of a request is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def do_GET(self) -> None:
        self._route("GET", {})

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        self._route("POST", json.loads(self.rfile.read(size)))

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def _route(self, method: str, body: dict[str, Any]) -> None:
        fake, path = self.server.fake, self.path.removeprefix("/api/v1")
        fake.note(f"{method} {path}")
        if fake.ill:
            self._send(503, {"code": "storage_unavailable"})
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._send(401, {"code": "unauthenticated"})
        elif (method, path) == ("GET", "/print-host"):
            host = {"code": "PH1", "name": "Uji"}
            self._send(200, {"host": host, "printers": fake.printers, "logo_sha": fake.logo_sha, **fake.limits})
        elif fake.logo_sha and path == f"/brand/{fake.logo_sha}.png":
            self._send(200, fake.logo)
        elif path == "/print-jobs/claim":
            self._claim(body)
        elif path.startswith("/print-jobs/") and path.endswith("/result"):
            job = path.split("/")[2]
            if not fake.before_result(job):
                self.close_connection = True
                return
            self._send(*fake.take_result(job, body))
        elif path.startswith("/printers/") and path.endswith("/answers"):
            fake.take_answers(path.split("/")[2], body)
            self._send(204, None)
        elif path.startswith("/printers/") and path.endswith("/status"):
            fake.take_status(path.split("/")[2], body)
            self._send(204, None)
        else:
            self._send(404, {"code": "not_found"})

    def _claim(self, body: dict[str, Any]) -> None:
        fake = self.server.fake
        job = fake.claim(body["printer"], body["wait_s"], self.server)
        if job is None:
            self._send(204, None)
            return
        answer = {
            "id": job.id, "printer": job.printer, "copy": 0, "lease_s": fake.limits["lease_s"],
            "created_at": "2026-11-03T00:15:00.000Z", "age_s": job.age_s, "slip": job.slip,
            "elsewhere": fake.elsewhere,
        }  # fmt: skip
        self._send(200, {"job": answer})

    def _send(self, status: int, body: Any) -> None:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def printer(code: str, port: int, **changes: Any) -> dict[str, Any]:
    """A network printer as `GET /print-host` describes it."""
    transport = {
        "kind": "network", "host": "127.0.0.1", "port": port,
        "connect_timeout_s": 1, "write_timeout_s": 2,
    }  # fmt: skip
    return {
        "code": code, "name": f"Pencetak {code}", "transport": transport, "width_mm": 80, "dots": 576,
        "chars": 48, "codepage": "cp437", "native_qr": True, "cut": True, "answers": [], **changes,
    }  # fmt: skip
