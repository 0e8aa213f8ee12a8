"""HTTP framing attacks: requests whose end two readers would see at different places. One answer at most, nothing done."""

from __future__ import annotations

from server.ops.prove.security.asking import API, raw, statuses
from server.ops.prove.security.stage import OWN, Hall

#: longest wait for an answer on one connection, seconds; the server closes by itself long before
WAIT_S = 3.0
#: gunicorn says 501 to a transfer coding that it does not know (RFC 9112 section 6.1)
REFUSED = frozenset({*range(400, 500), 501})
_HUGE = 9000


def attack(hall: Hall, service: str) -> None:
    """Each attack would take a number if its hidden request were believed."""
    hidden = _hidden(hall, service)
    before = hall.tickets()
    for name, data in _attacks(hidden).items():
        said = raw(hall.address, data, WAIT_S)
        found = statuses(said)
        hall.count("framing attacks")
        hall.expect(len(found) <= 1, f"framing: {name}: {len(found)} answers {found}")
        hall.expect(all(status in REFUSED for status in found), f"framing: {name}: answered {found}")
    hall.expect(hall.tickets() == before, f"framing: hidden requests took {hall.tickets() - before} numbers")
    for name, data in _honest(hidden).items():
        found = statuses(raw(hall.address, data, WAIT_S))
        hall.expect(found == [200, 201], f"framing: honest {name}: answered {found}")
    hall.expect(hall.tickets() == before + len(_honest(hidden)), "framing: honest requests in one packet were not done once each")


def _hidden(hall: Hall, service: str) -> bytes:
    """A number for `service` at the kiosk K1, as a whole request."""
    body = b'{"service":"' + service.encode() + b'"}'
    return (
        f"POST {API}/tickets HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {hall.tokens['K1']}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: hidden-{OWN}-%d\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def _attacks(hidden: bytes) -> dict[str, bytes]:
    one = hidden.replace(b"%d", b"attack")
    post = b"POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(one), one)
    get = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
    return {
        "CL.TE": post + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + one,
        "TE.CL": post + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + chunk,
        "two lengths": post + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(one) + one,
        "two lengths in one": post + b"Content-Length: 0, %d\r\n\r\n" % len(one) + one,
        "a signed length": post + b"Content-Length: +%d\r\n\r\n" % len(one) + one,
        "a length below zero": post + b"Content-Length: -1\r\n\r\n" + one,
        "a length with an underscore": post + b"Content-Length: 0_0\r\n\r\n" + one,
        "a length in other digits": post + "Content-Length: ٠\r\n\r\n".encode() + one,
        "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
        "two hosts": b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "a space before the colon": post + b"Content-Length : 0\r\nTransfer-Encoding : chunked\r\n\r\n" + one,
        "a folded header": post + b"X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + one,
        "chunked twice": post + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + one,
        "an unknown coding": post + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + one,
        "chunked before identity": post + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + one,
        "chunked with a tab": post + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + one,
        "chunked in HTTP/1.0": post.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + one,
        "lines that end in LF": (post + b"Content-Length: 0\r\n\r\n").replace(b"\r\n", b"\n") + one,
        "a bare CR": post + b"X-A: b\rContent-Length: 0\r\n\r\n" + one,
        "a chunk size of LF": post + b"Transfer-Encoding: chunked\r\n\r\n0\n\n" + one,
        "a chunk size that is none": post + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + one,
        "a chunk size below zero": post + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + one,
        "a chunk longer than told": post + b"Transfer-Encoding: chunked\r\n\r\n1\r\nAB\r\n0\r\n\r\n" + one,
        "a chunk without its end": post + b"Transfer-Encoding: chunked\r\n\r\n5\r\nAB",
        "a trailer that sets a length": post + b"Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 9999\r\n\r\n",
        "a length that never comes": post + b"Content-Length: 5000\r\n\r\n{}",
        "a header of 9 kB": get + b"X-A: " + b"a" * _HUGE + b"\r\n\r\n",
        "200 headers": get + b"".join(b"X-%d: a\r\n" % n for n in range(200)) + b"\r\n",
        "an address of 9 kB": b"GET /" + b"a" * _HUGE + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        "a NUL in a header": get + b"X-A: a\x00b\r\n\r\n",
        "a NUL in the address": b"GET /health\x00z HTTP/1.1\r\nHost: a\r\n\r\n",
        "no version": b"GET /healthz\r\n\r\n",
        "HTTP/9.9": get.replace(b"1.1", b"9.9") + b"\r\n",
        "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
        "HTTP/2's greeting": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "CONNECT": b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "TRACE": b"TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    }


def _honest(hidden: bytes) -> dict[str, bytes]:
    """Two whole requests in one packet are two requests: only the disguised ones are refused."""
    get = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    return {"pipelining": get + hidden.replace(b"%d", b"honest").replace(b"Host: a", b"Host: a\r\nConnection: close")}
