"""`mpp device add kiosk|display|print-host|program CODE`: enrol a device by name; `mpp device key CODE`: the
address of a display's page for old TVs."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from server.cli.places import load_settings
from server.cli.words import Parser

KINDS = ("kiosk", "display", "print-host", "program")


def run(argv: Sequence[str]) -> int:
    """Enrol a device, or give a display's simple page a key; token and key are shown once, here."""
    if list(argv[:1]) == ["key"]:
        return _run_key(argv[1:])
    parser = Parser("device", "Daftarkan perangkat. Lihat juga `mpp device key --help`.")
    parser.add_argument("what", choices=("add",), metavar="add")
    parser.add_argument("kind", choices=KINDS, metavar="kiosk|display|print-host|program")
    parser.add_argument("code", metavar="KODE")
    parser.add_argument("--name", help="nama perangkat")
    parser.add_argument("--zone", help="kode zona")
    parser.add_argument("--printer", help="kode pencetak di samping kios")
    parser.add_argument("--fallback", metavar="PENCETAK", help="kode pencetak pengganti, bila pencetak kios tidak dapat mencetak")
    said = _told(parser, argv)
    told = _add(said)
    if said.json:
        print(json.dumps(told))
    else:
        print(f"Perangkat {told['code']} ({told['kind']}) terdaftar. Token: {told['token']}")
        if told["url"]:
            print(f"Buka sekali di perangkat itu: {told['url']}")
    return 0


def _told(parser: Parser, argv: Sequence[str]) -> Namespace:
    parser.add_argument("--json", action="store_true", help="jawab sebagai JSON")
    parser.add_argument("--data", metavar="FOLDER", help="folder data")
    return parser.parse_args(argv)


def _run_key(argv: Sequence[str]) -> int:
    """Give a display's simple page a new key, or take it away."""
    parser = Parser("device key", "Buat alamat baru halaman sederhana sebuah layar; alamat yang lama berakhir.")
    parser.add_argument("code", metavar="KODE")
    parser.add_argument("--end", action="store_true", help="cabut saja")
    said = _told(parser, argv)
    told = _key(said)
    if said.json:
        print(json.dumps(told))
    elif told["url"]:
        print(f"Buka di TV itu, dan jangan bagikan: {told['url']}")
    else:
        print(f"Alamat halaman sederhana layar {told['display']} dicabut.")
    return 0


def _key(said: Namespace) -> dict[str, Any]:
    from server.app import displays
    from server.ops import talking

    settings = load_settings(None, {"server.data": said.data})
    with talking.site(settings) as site:
        if isinstance(site, talking.Remote):
            told = site.post(f"/displays/{quote(said.code, safe='')}/key{'/end' if said.end else ''}", {})
            return {"display": said.code, "url": told.get("url")}
        key, key_hash = talking.token_and_hash()
        site.do(displays.set_key, display=said.code, key_hash=None if said.end else key_hash)
    base = settings.public.url.rstrip("/") or f"http://localhost:{settings.server.port}"
    return {"display": said.code, "url": None if said.end else f"{base}/display/{said.code}/simple?key={key}"}


def _add(said: Namespace) -> dict[str, Any]:
    from server.app import devices
    from server.ops import talking
    from server.web import bodies

    settings = load_settings(None, {"server.data": said.data})
    facts = {"kind": said.kind, "code": said.code, "name": said.name or said.code}
    facts |= {"zone": said.zone, "printer": said.printer, "fallback": said.fallback}
    talking.checked(bodies.NewDevice, facts)
    with talking.site(settings) as site:
        if isinstance(site, talking.Remote):
            told = site.post("/devices", {k: v for k, v in facts.items() if v is not None})
            return {name: told[name] for name in ("kind", "code", "token", "url")}
        else:
            token, token_hash = talking.token_and_hash()
            site.do(devices.add_device, token_hash=token_hash, **facts)
    # Without a server the address is the one it will have.
    base = settings.public.url.rstrip("/") or f"http://localhost:{settings.server.port}"
    has_page = said.kind in ("kiosk", "display")
    url = f"{base}/{said.kind}/{said.code}?enrol={token}" if has_page else None
    return {"kind": said.kind, "code": said.code, "token": token, "url": url}
