"""A real server around the real relay and door; only the database is a list in memory.

Started by gunicorn with the worker class of MPP_TEST_MODE. Routes under /test turn it.
"""

import os

from flask import Flask, Response, jsonify, request

from server.app.views import wire
from server.app.views.wire import Encoded
from server.concurrency import Loop
from server.domain.errors import RuleBroken
from server.domain.events import touches
from server.realtime.live import Door, Live, make_socketio
from server.realtime.registry import Guest
from server.realtime.relay import Relay
from server.realtime.sources import Pace, Sources
from tests.app.halls import SITE
from tests.realtime.fakes import House

WAIT_S = 10.0


class Hall:
    """Everything of this server in one place."""

    def __init__(self) -> None:
        self.app = Flask(__name__)
        self.loop = Loop()
        self.house = House()
        self.up: list[list[str]] = []
        self.down: list[list[str]] = []
        self.ended: set[str] = set()
        self.live = Live(self.loop)
        sources = Sources(self.house.latest, self.house.gather, self.house.now)
        self.relay = Relay(self.loop, sources, SITE, self.live, Pace(pulse_s=0.5))
        socketio = make_socketio(self.app, os.environ["MPP_TEST_MODE"], 5, 5, wire)
        door = Door(self.who, self.may_join, self.relay.greet, self.came, self.went)
        self.live.attach(socketio, door)
        self.relay.start()

    def who(self, auth, environ):
        """A token is the rooms it opens: 'floor' or 'gerai:*'."""
        token = auth.get("token")
        if not isinstance(token, str) or token in self.ended:
            return None
        return Guest(key=token, kind="user", code=token, proof=frozenset(token.split(",")[0].split()))

    def may_join(self, guest, room):
        return touches(guest.proof, room)

    def came(self, kind, code, sid):
        self.up.append([kind, code])

    def went(self, kind, code, sid):
        self.down.append([kind, code])


hall = Hall()
application = app = hall.app


@app.get("/view/<room>")
def view(room):
    try:
        return Response(hall.relay.view(room).body, content_type="application/json")
    except RuleBroken as refusal:
        return {"code": refusal.code}, 404


@app.post("/test/commit")
def commit():
    for _ in range(int(request.args.get("n", 1))):
        hall.house.commit(request.args.get("type", "TicketIssued"), gerai=request.args.get("gerai"))
        hall.relay.nudge()
        hall.loop.sleep(0)
    return {"seq": len(hall.house.log)}


@app.post("/test/flood")
def flood():
    for _ in range(int(request.args["n"])):
        hall.live.send("flood", Encoded(f'"{"x" * 65536}"'), request.args["room"])
    return {"dropped": hall.live.dropped_slow}


@app.post("/test/drop")
def drop():
    hall.ended.add(request.args["key"])
    return {"dropped": hall.live.drop(request.args["key"]), "screens": len(hall.live.registry)}


@app.get("/test/counts")
def counts():
    """The figures; with ?screens=n it first waits until so many screens are connected."""
    wanted = request.args.get("screens")
    waited_s = 0.0
    while wanted is not None and len(hall.live.registry) != int(wanted) and waited_s < WAIT_S:
        hall.loop.sleep(0.02)
        waited_s += 0.02
    return jsonify(
        screens=len(hall.live.registry), ignored=hall.live.ignored, up=hall.up, down=hall.down,
        events=len(hall.house.log), binary=len(hall.live.socketio.server._binary_packet),
    )  # fmt: skip
