"""Under which addresses the pages can be opened, and what a person at the terminal is shown about them."""

import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

FIRST_RUN = "first-run.json"
ANYWHERE = ("", "0.0.0.0", "::")
#: An address for documentation (RFC 5737): asking for the way to it sends nothing.
SOMEWHERE_ELSE = ("192.0.2.1", 9)

#: key in first-run.json -> what it is, in the order of a newcomer's first walk
PAGES = {
    "home": "Halaman awal",
    "kiosk": "Kios (ambil nomor)",
    "display": "Layar panggilan",
    "counter": "Loket (petugas)",
    "desk": "Meja depan",
    "supervisor": "Pengawas",
    "admin": "Administrator",
    "virtual_printer": "Pencetak maya",
}


def local_url(host: str, port: int) -> str:
    """The address of the server for this computer itself."""
    name = "127.0.0.1" if host in ANYWHERE else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def hall_url(host: str, port: int) -> str:
    """The address of the server for the other computers of the hall; the local one when there is no network."""
    if host not in ANYWHERE:
        return local_url(host, port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way_out:
        try:
            way_out.connect(SOMEWHERE_ELSE)
        except OSError:
            return local_url(host, port)
        return f"http://{way_out.getsockname()[0]}:{port}"


def read_first_run(data: Path) -> dict[str, Any]:
    """What the first run wrote down (addresses, people, devices); empty when somebody has removed it."""
    try:
        return dict(json.loads((data / FIRST_RUN).read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def welcome(facts: Mapping[str, Any], data: Path, base: str, hall: str, is_first: bool) -> str:
    """What is shown on the terminal: every address, and on the first run every password."""
    written = facts.get("addresses", {})
    rows = [(what, moved(written[key], base)) for key, what in PAGES.items() if key in written]
    rows = rows or [(PAGES["home"], base + "/")]
    lines = ["", f"{facts.get('site') or 'Antrian MPP'} siap. Buka di komputer ini:", *_table(rows)]
    if hall != base:
        lines += ["", f"Dari komputer lain: ganti {base} dengan {hall}."]
    if is_first and facts.get("users"):
        people = [(user["username"], f"{user['password']}  {user.get('name', '')}".rstrip()) for user in facts["users"]]
        lines += ["", "Nama pengguna dan kata sandi:", *_table(people)]
    if facts:
        lines += ["", f"Semua ini juga tercatat di {data / FIRST_RUN}; pindahkan ke tempat yang aman."]
    return "\n".join([*lines, "", "Hentikan dengan Ctrl-C."])


def moved(address: str, base: str) -> str:
    """The same page under the address the server has today; other servers' pages stay where they are."""
    page, today = urlsplit(address), urlsplit(base)
    if page.path in ("", "/") and page.port != today.port and page.port is not None and not page.query:
        return address
    return urlunsplit((today.scheme, today.netloc, page.path, page.query, page.fragment))


def _table(rows: list[tuple[str, str]]) -> list[str]:
    width = max(len(left) for left, _ in rows)
    return [f"  {left:<{width}}  {right}" for left, right in rows]
