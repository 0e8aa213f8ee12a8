"""The packaged plans load clean, are whole, and give the plain data the store expects.

Planted, each seen red and taken out: a zone's default sound group left None; wait_min not turned
into seconds; a gerai of Kupang removed; a Friday without its break; a prefix doubled; a picture
of two services of a gerai, or of two gerai.
"""

import json
from pathlib import Path

import pytest

from config.floor import FLOORS, FloorError, FloorPlan, floor_path, read_floor
from config.hours import DAYS
from config.pictograms import PICTOGRAMS

KUPANG = "PTSP DKC PAM BPD BJT BJK BNT HAM KPP BPN POS PLN".split()
LAMPUNG = "PTSP DKC KES SOS KUT PPA DIK POL KAG PAG BLP BJT KJR BNN BJK".split()

SMALL = """
[site]
code = "CONTOH"
name = "MPP <b>Contoh</b> & Rekan"
short = "MPP Contoh"
timezone = "Asia/Jayapura"
[hours]
mon = ["00:00-24:00"]
fri = ["08:00-11:30", "13:00-15:30"]
[[zone]]
code = "Z"
name = "Zona"
color = "#112233"
[[agency]]
code = "A"
name = "Instansi"
short = "Ins"
pictogram = "info"
[[gerai]]
code = "G"
agency = "A"
name = "Gerai"
short = "G"
zone = "Z"
[gerai.hours]
sat = ["09:00-12:00"]
[[counter]]
code = "G-1"
gerai = "G"
label = "Loket 1"
number = 1
[[series]]
code = "G"
prefix = "1A"
[[service]]
code = "G-X"
gerai = "G"
series = "G"
name = "Layanan"
pictogram = "law"
wait_min = 10
service_min = 5
"""


@pytest.mark.parametrize(
    ("name", "gerai", "zone_name", "letters"),
    [
        ("kota-kupang", KUPANG, "Asia/Makassar", "ABCDEFGHJKLM"),
        ("lampung-timur", LAMPUNG, "Asia/Jakarta", "ABCDEFGHJKLMNPR"),
    ],
)
def test_packaged_plan_is_whole(name: str, gerai: list[str], zone_name: str, letters: str) -> None:
    data = read_floor(name).as_data()
    assert data["site"]["timezone"] == zone_name
    assert [row["code"] for row in data["gerai"]] == [row["code"] for row in data["agencies"]] == gerai
    assert [row["prefix"] for row in data["series"]] == list(letters)
    assert {row["gerai"] for row in data["services"]} == set(gerai)
    assert data["hours"]["fri"] == [["08:00", "11:30"], ["13:00", "15:30"]]
    assert len({row["sound_group"] for row in data["zones"]}) == 1, "one display shows every call"
    used = {row["pictogram"] for table in ("agencies", "gerai", "services") for row in data[table]}
    assert used <= PICTOGRAMS.keys()
    drawn = [row["pictogram"] for row in data["gerai"]]
    assert len(set(drawn)) == len(drawn), "every gerai has a picture of its own"
    for code in gerai:
        own = [row["pictogram"] for row in data["services"] if row["gerai"] == code]
        assert len(set(own)) == len(own), f"the services of {code} are told apart by their pictures"
    assert json.loads(json.dumps(data)) == data


def test_kupang_is_complete_enough_for_a_first_day() -> None:
    data = read_floor(Path("config/floors/kota-kupang.toml")).as_data()
    services = {row["code"]: row for row in data["services"]}
    per_gerai = [sum(row["gerai"] == code for row in data["services"]) for code in KUPANG]
    desks = {code: sum(row["gerai"] == code for row in data["counters"]) for code in KUPANG}
    assert all(3 <= count <= 8 for count in per_gerai)
    assert all(1 <= count <= 4 for count in desks.values())
    assert desks["DKC"] == 4
    assert len({row["number"] for row in data["counters"]}) == len(data["counters"])
    assert {"DKC-KTP", "DKC-KTP-REKAM", "DKC-KK", "DKC-IKD", "PTSP-NIB"} <= services.keys()
    assert {code for code, row in services.items() if row["quota"]} == {"DKC-KTP-REKAM", "DKC-IKD"}
    assert all(row["name"]["en"] != row["name"]["id"] and row["cost"] for row in services.values())
    assert all("contoh" in row["standard"]["version"] for row in services.values())
    assert all(row["services"] is None for row in data["counters"]), "any loket serves a newcomer"


def test_data_has_exactly_the_agreed_shape_with_all_defaults() -> None:
    data = read_floor(SMALL).as_data()
    weekdays = {day: [] for day in DAYS}
    priorities = data["policy"].pop("priorities")
    assert [row["code"] for row in priorities] == ["lansia", "disabilitas", "hamil", "menyusui", "anak"]
    assert priorities[0]["name"] == {"id": "Lansia", "en": "Senior citizen"}
    assert data == {
        "site": {
            "code": "CONTOH", "name": "MPP <b>Contoh</b> & Rekan", "short": "MPP Contoh",
            "timezone": "Asia/Jayapura", "day_close": "22:00", "address": "", "phone": "",
            "languages": ["id", "en"], "front_desk": "", "complaint": "SP4N-LAPOR! lapor.go.id · SMS 1708",
        },
        "policy": {
            "priority_mode": "ask", "priority_ratio": 2, "max_wait_guard_s": 3600,
            "no_show_min_calls": 2, "no_show_wait_s": 60, "max_calls": 5, "put_back_places": 3,
            "return_places": 2, "call_starts_service": False, "officer_figures": False,
            "alert_wait_percent": 100, "alert_service_percent": 300, "alert_queue": 30, "alert_idle_s": 300, "alert_queue_of": {}, "alert_idle_s_of": {},
        },
        "hours": {
            **weekdays,
            "mon": [["00:00", "24:00"]],
            "fri": [["08:00", "11:30"], ["13:00", "15:30"]],
        },
        "cutoff_min": 30,
        "zones": [{"code": "Z", "name": "Zona", "color": "#112233", "sound_group": "Z"}],
        "agencies": [{"code": "A", "name": "Instansi", "short": "Ins", "pictogram": "info"}],
        "gerai": [
            {
                "code": "G", "agency": "A", "name": "Gerai", "short": "G", "zone": "Z", "place": "",
                "pictogram": "info", "hours": {**weekdays, "sat": [["09:00", "12:00"]]},
                "cutoff_min": None,
            }
        ],
        "counters": [
            {
                "code": "G-1", "gerai": "G", "label": "Loket 1", "number": 1, "services": None,
                "weights": {},
            }
        ],
        "series": [{"code": "G", "prefix": "1A", "width": 3, "first": 1, "last": 9999}],
        "services": [
            {
                "code": "G-X", "gerai": "G", "series": "G",
                "name": {"id": "Layanan", "en": "Layanan"}, "pictogram": "law", "requirements": [],
                "cost": "Gratis", "quota": None, "cutoff_min": None, "hours": None,
                "mode": "langsung", "popular": 0,
                "standard": {"wait_s": 600, "service_s": 300, "version": "contoh", "decree": ""},
            }
        ],
    }  # fmt: skip


def test_data_is_new_at_each_call() -> None:
    plan = read_floor(SMALL)
    plan.as_data()["hours"]["mon"].clear()
    plan.as_data()["gerai"][0]["hours"]["sat"].append("x")
    assert plan.as_data() == read_floor(SMALL).as_data()


def test_a_plan_is_found_by_its_file_or_its_packaged_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("kota-kupang", "kota-kupang.toml", "config/floors/kota-kupang.toml"):
        assert floor_path(name) == FLOORS / "kota-kupang.toml"
    own = tmp_path / "kota-kupang.toml"
    own.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert floor_path("kota-kupang.toml") == Path("kota-kupang.toml")
    assert isinstance(read_floor("kota-kupang.toml"), FloorPlan), "byte order mark and CRLF of Windows"
    with pytest.raises(FloorError, match=r"berkas denah tiada.toml tidak dapat dibaca \(tidak ada\)"):
        read_floor("tiada.toml")
