"""The words on paper."""

from datetime import UTC, datetime

import pytest

from config import texts
from server.app.slips import SlipFacts, date_words, is_loopback, slip_of, ticket_url, wifi_code
from tests.app.halls import NINE, make_floor, stop

FLOOR = make_floor()
ID, EN = texts.load("id"), texts.load("en")
TICKET, LEG = stop(1)
FACTS = SlipFacts(public_url="https://mpp.example/")


def slip(ticket=TICKET, leg=LEG, words=ID, facts=FACTS, copy=0):
    return slip_of(ticket, leg, FLOOR, words, facts, copy)


def test_a_slip_has_every_field_of_the_contract():
    assert slip() == {
        "version": 1,
        "language": "id",
        "site_name": "MPP Contoh",
        "number": "A-001",
        "copy": 0,
        "copy_mark": None,
        "service": "Layanan KTP",
        "gerai": "Gerai DKC",
        "place": "Zona A · Lantai 1 · Loket 1, Loket 2",
        "issued_text": "Sel, 3 Nov 2026 09.00 WITA",
        "ahead_text": "Tidak ada antrean di depan Anda",
        "estimate_text": None,
        "priority_text": None,
        "qr": "https://mpp.example/t/token1",
        "qr_caption": "Pindai untuk memantau antrean",
        "wifi_lines": [],
        "notes": [
            "Simpan nomor ini sampai layanan selesai.",
            "Nomor terlewat? Lapor ke petugas pada hari yang sama.",
        ],
        "footer": ["Jalan Contoh 1", "SP4N"],
    }


@pytest.mark.parametrize(
    ("zone", "words"),
    [("Asia/Jakarta", "Sel, 3 Nov 2026 08.00 WIB"), ("Asia/Jayapura", "Sel, 3 Nov 2026 10.00 WIT")],
)
def test_dates_are_told_in_the_sites_zone(zone, words):
    assert date_words(NINE, zone, ID) == words


def test_the_local_date_counts_not_the_utc_one():
    late = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)
    assert date_words(late, "Asia/Makassar", ID) == "Jum, 1 Jan 2027 01.05 WITA"
    assert date_words(late, "Asia/Makassar", EN) == "Fri, 1 Jan 2027 01:05 WITA"


@pytest.mark.parametrize(
    "url",
    ["http://localhost:8080", "http://127.0.0.1", "http://127.9.9.9", "http://[::1]:80", "http://0.0.0.0",
     "http://kiosk.localhost", "http://localhost.", "", "no url"],
)
def test_a_phone_is_never_sent_to_the_server_itself(url):
    """Planted: only 'localhost' and '127.0.0.1' compared -> red for 127.9.9.9 and [::1]."""
    assert is_loopback(url)
    assert ticket_url(url, "t") is None
    assert slip(facts=SlipFacts(public_url=url))["qr"] is None


@pytest.mark.parametrize("url", ["http://mpp.lan:8080", "http://192.168.1.5", "https://[2001:db8::1]/"])
def test_addresses_in_the_hall_are_of_use(url):
    assert ticket_url(url, "abc") == url.rstrip("/") + "/t/abc"


def test_without_an_address_the_qr_joins_the_guest_wifi():
    paper = slip(facts=SlipFacts(wifi_name="Tamu; MPP", wifi_password='a"b:c'))
    assert paper["qr"] == 'WIFI:T:WPA;S:Tamu\\; MPP;P:a\\"b\\:c;;'
    assert paper["wifi_lines"] == ["Wi-Fi tamu: Tamu; MPP", 'Kata sandi: a"b:c']
    assert wifi_code("Tamu", "") == "WIFI:T:nopass;S:Tamu;;"


def test_with_an_address_the_wifi_is_told_in_words():
    paper = slip(facts=SlipFacts("http://mpp.lan", "Tamu", ""))
    assert paper["qr"] == "http://mpp.lan/t/token1"
    assert paper["wifi_lines"] == ["Wi-Fi tamu: Tamu"]


def test_every_copy_is_marked_with_its_number():
    assert slip(copy=2)["copy_mark"] == "CETAK ULANG 2"
    assert slip(words=EN, copy=1)["copy_mark"].startswith("CETAK ULANG 1")


@pytest.mark.parametrize(
    ("from_s", "to_s", "words"),
    [(290, 610, "Perkiraan menunggu 4-11 menit"), (0, 200, "Perkiraan menunggu paling lama 4 menit"),
     (600, 600, "Perkiraan menunggu sekitar 10 menit"), (0, 0, "Perkiraan menunggu paling lama 1 menit"),
     (None, None, None)],
)
def test_an_estimate_is_never_narrower_than_what_is_known(from_s, to_s, words):
    leg = LEG._replace(estimate_from_s=from_s, estimate_to_s=to_s)
    assert slip(leg=leg)["estimate_text"] == words


def test_the_slip_speaks_the_visitors_language():
    ticket = TICKET._replace(language="en", priority="lansia", priority_state="asked")
    paper = slip(ticket, LEG._replace(ahead=1), EN)
    assert paper["priority_text"] == "Priority", "which one is nobody else's business"
    assert paper["ahead_text"] == "1 person is waiting before you"
    assert slip(leg=LEG._replace(ahead=12))["ahead_text"] == "12 orang di depan Anda"


def test_a_removed_priority_is_not_printed():
    assert slip(TICKET._replace(priority="lansia", priority_state="removed"))["priority_text"] is None


def test_a_copy_of_a_service_the_plan_dropped_still_prints():
    leg = LEG._replace(service="LAMA", gerai="LAMA")
    assert (slip(leg=leg)["service"], slip(leg=leg)["place"]) == ("LAMA", "")
