"""`mpp printer list|add|probe|preview`: the printers of this site. (`mpp printers` is the process that prints.)"""

from __future__ import annotations

import json
import re
import time
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from server.cli import printer_preview
from server.cli.faults import BAD_ARGUMENTS, FAILED, Stop
from server.cli.places import load_settings
from server.cli.words import Parser

#: longer than a host takes to see that a probe is wanted (5 s) and a mute printer to say nothing
PROBE_S = 30.0
#: after so long its host has tried
TRIED_S = 12.0
_LOOK_S = 0.5
#: name or IPv4 address, or an IPv6 address in brackets; then a port
_ADDRESS = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/\[\]]+))(?::(\d{1,5}))?")
_USB = re.compile(r"([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::(.{1,60}))?")
ANSWERS = {
    "status": "memberi tahu keadaannya (DLE EOT)",
    "asb": "mengabarkan perubahan sendiri (GS a)",
    "completion": "memastikan karcis keluar (GS ( H)",
    "graphics": "menyimpan logo dalam ingatannya sendiri (GS ( L)",
}


def run(argv: Sequence[str]) -> int:
    """Exit codes: 0 done, 1 refused or no host answered, 2 bad arguments."""
    if argv[:1] == ["preview"]:
        return printer_preview.run(argv[1:])
    said = _said(argv)
    if said.what != "list" and not said.code:
        raise Stop("mpp printer: argumen KODE wajib diisi; lihat `mpp printer --help`.", BAD_ARGUMENTS)
    told = {"list": _list, "add": _add, "probe": _probe}[said.what](said)
    print(json.dumps(told)) if said.json else _print(told)
    return 0


def _said(argv: Sequence[str]) -> Namespace:
    parser = Parser("printer", "Pencetak: daftar (list), tambah atau ubah (add), cari tahu kemampuannya (probe), lihat karcisnya (preview).")
    parser.add_argument("what", choices=("list", "add", "probe"), metavar="list|add|probe")
    parser.add_argument("code", nargs="?", metavar="KODE")
    parser.add_argument("--host", metavar="PERANGKAT", help="proses pencetak yang melayaninya (PH1)")
    parser.add_argument("--tcp", metavar="ALAMAT[:PORT]", help="pencetak jaringan, misalnya 192.168.1.50:9100")
    parser.add_argument("--serial", metavar="PERANGKAT", help="pencetak serial, misalnya /dev/ttyUSB0")
    parser.add_argument("--file", metavar="PERANGKAT", help="berkas perangkat, misalnya /dev/usb/lp0")
    parser.add_argument("--usb", metavar="VENDOR:PRODUK[:SERI]", help="pencetak USB, misalnya 04b8:0202 (lihat lsusb)")
    parser.add_argument("--lp", metavar="ANTREAN", help="antrean CUPS di komputer proses pencetak; karcis paling jauh dianggap tercetak")
    parser.add_argument("--baud", type=int, default=19200, help="kecepatan jalur serial (19200)")
    parser.add_argument("--flow", default="dsrdtr", choices=("none", "rtscts", "dsrdtr", "xonxoff"), help="kendali alir serial")
    parser.add_argument("--parity", default="none", choices=("none", "even", "odd"), help="paritas serial")
    parser.add_argument("--width", type=int, choices=(58, 80), help="lebar kertas, mm (80)")
    parser.add_argument("--answers", metavar="DAFTAR", help="jawaban yang dipercaya (status,asb,completion,graphics); tanpa ini pencetak ditanya sendiri")
    parser.add_argument("--name", help="nama pencetak")
    parser.add_argument("--json", action="store_true", help="jawab sebagai JSON")
    parser.add_argument("--data", metavar="FOLDER", help="folder data")
    return parser.parse_args(argv)


def _list(said: Namespace) -> list[dict[str, Any]]:
    from server.app import reading
    from server.ops import talking

    settings = load_settings(None, {"server.data": said.data})
    remote = talking.running(settings)
    if remote is not None:
        return list(remote.get("/printers")["items"])
    with talking.reads(settings) as work:
        return reading.printers(work)


def _add(said: Namespace) -> list[dict[str, Any]]:
    from server.app import printing
    from server.ops import talking
    from server.web import bodies_paper

    known = next((row for row in _list(said) if row["code"] == said.code), {"name": said.code, "host": "PH1", "profile": {}})
    width = said.width or known["profile"].get("width_mm", 80)
    profile: dict[str, Any] = {"width_mm": width, "dots": 576 if width == 80 else 384, "chars": 48 if width == 80 else 32}
    if said.answers is not None:
        profile |= {"answers": _trusted(said.answers)}
    facts = {
        "code": said.code, "name": said.name or known["name"], "host": said.host or known["host"],
        "transport": _transport(said),
    }  # fmt: skip
    talking.checked(bodies_paper.NewPrinter, {**facts, "profile": profile})
    with talking.site(load_settings(None, {"server.data": said.data})) as site:
        if isinstance(site, talking.Remote):
            return [site.post("/printers", {**facts, "profile": profile})]
        return [site.do(printing.set_printer, **facts, profile=profile)]


def _trusted(words: str) -> list[str]:
    names = [name for name in words.split(",") if name]
    if not set(names) <= set(ANSWERS):
        raise Stop(f"mpp printer add: --answers hanya mengenal {', '.join(ANSWERS)}.", BAD_ARGUMENTS)
    return names


def _transport(said: Namespace) -> dict[str, Any]:
    if sum(map(bool, (said.tcp, said.serial, said.file, said.usb, said.lp))) != 1:
        raise Stop("mpp printer add: sebutkan --tcp, --serial, --file, --usb, atau --lp, salah satu saja.", BAD_ARGUMENTS)
    if said.lp:
        return {"kind": "lp", "queue": said.lp, "write_timeout_s": 8}
    if said.usb:
        return _usb(said.usb)
    if said.file:
        return {"kind": "file", "device": said.file, "write_timeout_s": 8}
    if said.serial:
        return {
            "kind": "serial", "device": said.serial, "baud": said.baud, "parity": said.parity, "flow": said.flow,
            "write_timeout_s": 8,
        }  # fmt: skip
    found = _ADDRESS.fullmatch(said.tcp)
    port = int(found[3] or 9100) if found else 0
    if not found or not 0 < port < 65536:
        raise Stop(f"mpp printer add: alamat {said.tcp!r} tidak sah; contoh: 192.168.1.50:9100.", BAD_ARGUMENTS)
    host = found[1] or found[2]
    return {"kind": "network", "host": host, "port": port, "connect_timeout_s": 2, "write_timeout_s": 8}


def _usb(words: str) -> dict[str, Any]:
    found = _USB.fullmatch(words)
    if not found:
        raise Stop(f"mpp printer add: nomor USB {words!r} tidak sah; contoh: 04b8:0202.", BAD_ARGUMENTS)
    serial = {"serial": found[3]} if found[3] else {}
    return {"kind": "usb", "vendor": found[1].lower(), "product": found[2].lower(), **serial, "write_timeout_s": 8}


def _probe(said: Namespace) -> list[dict[str, Any]]:
    """Ask the printer's own host to probe it: one connection for each printer, whoever asks."""
    from server.ops import talking

    remote = talking.running(load_settings(None, {"server.data": said.data}))
    if remote is None:
        raise Stop("Server belum berjalan; jalankan `mpp serve` dahulu, karena proses pencetaknya yang bertanya.", FAILED)
    remote.post(f"/printers/{said.code}/probe", {})
    ends_at = time.monotonic() + PROBE_S
    while time.monotonic() < ends_at:
        row = next(row for row in remote.get("/printers")["items"] if row["code"] == said.code)
        if row["profile"].get("answers") is not None:
            return [row]
        if row["state"] in ("offline", "error") and time.monotonic() > ends_at - PROBE_S + TRIED_S:
            break
        time.sleep(_LOOK_S)
    raise Stop(f"Pencetak {said.code} belum dapat ditanya: {row['cause'] or 'proses pencetaknya tidak menjawab'}", FAILED)


def _print(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        print(f"{row['code']}  {row['name']}  {_where(row['transport'])}  {row['state']}{': ' + row['cause'] if row['cause'] else ''}")
        answers = row["profile"].get("answers")
        able = "belum diketahui" if answers is None else "; ".join(ANSWERS[one] for one in answers) or "tidak dapat menjawab"
        print(f"    kemampuan: {able}")


def _where(transport: dict[str, Any]) -> str:
    """The address in one word, as it is given to `add`."""
    if transport["kind"] == "network":
        return f"{transport['host']}:{transport['port']}"
    if transport["kind"] == "usb":
        return ":".join(filter(None, (transport["vendor"], transport["product"], transport.get("serial"))))
    return str(transport.get("device") or transport.get("queue"))
