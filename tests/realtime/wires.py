"""A Socket.IO client on the bare websocket: it can say what a well-bred client never would."""

import json
import urllib.error
import urllib.parse
import urllib.request

import websocket

TIMEOUT_S = 15
OTHERS_MAX = 40
#: A silent but living server sends one every 5 s.
PINGS_MAX = 4


class Http:
    """The server's HTTP side."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.base + path, timeout=TIMEOUT_S) as answer:
            return answer.read()

    def json(self, path: str) -> dict:
        return json.loads(self.get(path))

    def post(self, path: str, **values: object) -> dict:
        url = f"{self.base}{path}?{urllib.parse.urlencode(values)}"
        with urllib.request.urlopen(url, data=b"", timeout=TIMEOUT_S) as answer:
            return json.loads(answer.read())


class Screen:
    """One connection. Pings are answered while something is awaited."""

    def __init__(self, port: int, **options: object) -> None:
        url = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        self.socket = websocket.create_connection(url, timeout=TIMEOUT_S, skip_utf8_validation=True, **options)
        assert self.socket.recv().startswith("0{")

    def say(self, text: str | bytes) -> None:
        self.socket.send(text, websocket.ABNF.OPCODE_BINARY if isinstance(text, bytes) else 1)

    def hear(self) -> str:
        """The next message that is no ping; '' when the server has closed."""
        for _ in range(PINGS_MAX):
            try:
                text = self.socket.recv()
            except (websocket.WebSocketConnectionClosedException, ConnectionError):
                return ""
            if text == "2":
                self.say("3")
            elif text in ("1", ""):
                return ""
            else:
                return text
        raise AssertionError("nothing but pings")

    def enter(self, room: object, token: object = "floor gerai:* display:* kiosk:* desk") -> str:
        self.say(f"40/live,{json.dumps({'room': room, 'token': token})}")
        return self.hear()

    def next(self, name: str) -> str:
        """The JSON text of the next event of that name."""
        head = f'42/live,["{name}",'
        for _ in range(OTHERS_MAX):
            text = self.hear()
            if text.startswith(head):
                return text[len(head) : -1]
            assert text, f"closed while waiting for {name}"
        raise AssertionError(f"{OTHERS_MAX} other messages instead of {name}")

    def view(self, version: int) -> str:
        """The first view of at least that version."""
        while True:
            text = self.next("view")
            if json.loads(text)["version"] >= version:
                return text

    def close(self) -> None:
        self.socket.shutdown()
