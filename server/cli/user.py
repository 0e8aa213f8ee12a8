"""`mpp user add|passwd NAME`: people with an account."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence

from server.cli.faults import BAD_ARGUMENTS, Stop
from server.cli.places import load_settings
from server.cli.words import Parser

OF_GERAI = ("officer", "agency_head")
ROLES = ("officer", "receptionist", "agency_head", "viewer", "supervisor", "admin")


def run(argv: Sequence[str]) -> int:
    """Add a person or give one another password; a made-up password is printed once."""
    parser = Parser("user", "Tambah orang (add) atau ganti kata sandi (passwd).")
    parser.add_argument("what", choices=("add", "passwd"), metavar="add|passwd")
    parser.add_argument("username", metavar="NAMA")
    parser.add_argument("--role", choices=ROLES, help="peran (untuk add)")
    parser.add_argument("--name", help="nama lengkap")
    parser.add_argument("--gerai", default="", help="kode gerai, dipisah koma; wajib untuk officer dan agency_head")
    parser.add_argument("--password-stdin", action="store_true", help="baca kata sandi dari masukan standar")
    parser.add_argument("--json", action="store_true", help="jawab sebagai JSON")
    parser.add_argument("--data", metavar="FOLDER", help="folder data")
    said = parser.parse_args(argv)
    if said.what == "add" and said.role is None:
        raise Stop("mpp user add: argumen --role wajib diisi; lihat `mpp user --help`.", BAD_ARGUMENTS)
    gerai = [code for code in said.gerai.split(",") if code]
    if said.what == "add" and said.role in OF_GERAI and not gerai:
        raise Stop(f"mpp user add: peran {said.role} memerlukan --gerai, misalnya --gerai DKC; lihat `mpp user --help`.", BAD_ARGUMENTS)
    password = _given(said)
    shown = _do(said, gerai, password)
    if said.json:
        print(json.dumps({"username": said.username, "password": shown}))
    else:
        done = "ditambahkan" if said.what == "add" else "diberi kata sandi baru"
        print(f"{said.username} {done}. Kata sandi: {shown}")
    return 0


def _given(said: Namespace) -> str | None:
    if not said.password_stdin:
        return None
    return sys.stdin.readline().rstrip("\n")


def _do(said: Namespace, gerai: list[str], given: str | None) -> str:
    from server.app import people
    from server.ops import talking
    from server.ops.first_run import new_password
    from server.web import bodies
    from server.web.passwords import check_strength, hash_password

    settings = load_settings(None, {"server.data": said.data})
    password = given if given is not None else new_password()
    must_change = given is None
    who = {"username": said.username, "name": said.name or said.username}
    if said.what == "add":
        talking.checked(bodies.NewUser, {**who, "role": said.role, "gerai": gerai})
    with talking.site(settings) as site:
        if isinstance(site, talking.Remote):
            body = {"password": password, "must_change": must_change}
            if said.what == "add":
                site.post("/users", {**who, "role": said.role, "gerai": gerai, **body})
            else:
                site.post(f"/users/{said.username}/password", body)
            return password
        talking.refused(check_strength, password, said.username, settings.security.password_min)
        more = {"password_hash": hash_password(password), "must_change": must_change}
        if said.what == "add":
            site.do(
                people.add_user,
                **who,
                role=said.role,
                gerai=gerai,
                **more,
            )
        else:
            site.do(people.set_password, username=said.username, **more)
    return password
