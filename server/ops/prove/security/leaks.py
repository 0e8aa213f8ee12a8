"""Every secret that was used is looked for in every log, and in the raw bytes of the database those that must be hashes there."""

from __future__ import annotations

from server.ops.prove.security.asking import API, ask, raw
from server.ops.prove.security.stage import FILE, Hall

#: kept as they are in the database, by design: they prove nothing without a cookie, or name a ticket only
KEPT = ("a CSRF token", "a ticket's public token")


def provoke(hall: Hall) -> None:
    """Put secrets where careless logging would write them down: broken requests, unknown addresses, refused bodies."""
    password = next(secret for secret, what in hall.secrets.items() if what.startswith("the password"))
    for secret in list(hall.secrets):
        raw(hall.address, f"GET /display/TV1/simple?key={secret}\r\nHost: a\r\n\r\n".encode(), 2.0)
        ask(hall.address, "GET", f"/t/{secret}/{secret}")
        ask(hall.address, "GET", f"/display/TV1/simple?key={secret}")
        ask(hall.address, "GET", f"/socket.io/?EIO=4&transport=websocket&sid={secret}%0Aforged", {"Authorization": f"Bearer {secret}"})
        raw(hall.address, f"GET /healthz HTTP/1.1\r\nHost: a\r\nCookie : mpp_session={secret}\r\n\r\n".encode(), 2.0)
    for body in (b'{"username": "admin", "password": "' + password.encode() + b'"', b'{"username": 1, "password": "' + password.encode() + b'"}'):
        ask(hall.address, "POST", f"{API}/login", {}, body)


def search(hall: Hall) -> None:
    """No secret in the server's log or in the log of events; no password, token or session in the database's bytes."""
    logs = {"the server's log": hall.log_text(), "the log of events": repr(hall.rows("SELECT * FROM event"))}
    hall.expect(len(logs["the server's log"]) > 100, "leaks: there is no log to look in")
    for name, text in logs.items():
        for secret, what in hall.secrets.items():
            hall.expect(secret not in text, f"leaks: {what} stands in {name}")
    stored = b"".join(path.read_bytes() for path in sorted(hall.data.glob(FILE + "*")))
    for secret, what in hall.secrets.items():
        hall.expect(what.startswith(KEPT) or secret.encode() not in stored, f"leaks: {what} stands in the database as it is")
    hall.expect("\nforged" not in logs["the server's log"], "leaks: an address began a line of the log")
    hall.counts["secrets looked for"] = len(hall.secrets)
