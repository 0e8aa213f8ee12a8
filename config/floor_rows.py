"""The rows of a floor plan as a site writes them: keys, defaults and limits of each table.

Field order and names follow the plan's plain data (`FloorPlan.as_data`); where people think in
minutes the key ends in ``_min`` and the data in seconds.
"""

import re
import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from config.hours import day_intervals
from config.mistakes import meant
from config.pictograms import PICTOGRAMS

TIMEZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that a screen or printer obeys or hides instead of showing."""


def _match(kind: str, pattern: str, text: str) -> AfterValidator:
    form = re.compile(pattern)

    def check(value: str) -> str:
        if form.fullmatch(value) is None:
            raise PydanticCustomError(kind, "{text}", {"text": text})
        return value

    return AfterValidator(check)


def _readable(value: str) -> str:
    if any(unicodedata.category(sign) in _HIDDEN for sign in value):
        raise PydanticCustomError(
            "hidden", "berisi huruf kendali; tulis ulang tanpa huruf tersembunyi dan baris baru"
        )
    if value != value.strip():
        raise PydanticCustomError("spaces", "diawali atau diakhiri spasi; hapus spasinya")
    return value


def _pictogram(value: str) -> str:
    if value not in PICTOGRAMS:
        raise PydanticCustomError(
            "pictogram",
            "piktogram tidak dikenal; pilih nama dari config/pictograms.py{hint}",
            {"hint": meant(value, PICTOGRAMS, near=0.75)},
        )
    return value


def _own_language_first(value: list[str]) -> list[str]:
    if value[0] == "mkn" or len(set(value)) < len(value):
        raise PydanticCustomError("languages", "tulis tiap bahasa sekali, id atau en paling depan; mkn hanya untuk layar kios")
    return value


_CODE_TEXT = "kode salah; pakai 1 sampai 20 huruf besar, angka, atau tanda hubung, seperti DKC-KTP"
_PREFIX_TEXT = "awalan nomor salah; pakai 1 sampai 4 huruf besar atau angka, seperti B"
_COLOR_TEXT = "warna salah; tulis seperti #1D4ED8"
_MOMENT_TEXT = "jam salah; tulis seperti 22:00"
_PRIORITY_TEXT = "kode salah; pakai 1 sampai 20 huruf kecil, seperti lansia (umum sudah terpakai)"

Code = Annotated[str, _match("code", CODE.pattern, _CODE_TEXT)]
Prefix = Annotated[str, _match("prefix", r"[A-Z0-9]{1,4}", _PREFIX_TEXT)]
Color = Annotated[str, _match("color", r"#[0-9A-Fa-f]{6}", _COLOR_TEXT)]
Moment = Annotated[str, _match("moment", r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", _MOMENT_TEXT)]
PriorityCode = Annotated[str, _match("priority", r"(?!umum$)[a-z][a-z0-9_]{0,19}", _PRIORITY_TEXT)]
Pictogram = Annotated[str, AfterValidator(_pictogram)]
Name = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_readable)]
Short = Annotated[str, Field(min_length=1, max_length=24), AfterValidator(_readable)]
Note = Annotated[str, Field(max_length=160), AfterValidator(_readable)]
Requirement = Annotated[str, Field(min_length=1, max_length=160), AfterValidator(_readable)]
Day = Annotated[list[list[str]], BeforeValidator(day_intervals)]
Languages = Annotated[
    list[Literal["id", "en", "mkn"]], Field(min_length=1, max_length=3), AfterValidator(_own_language_first)
]
CutoffMin = Annotated[int, Field(ge=0, le=480)]


class Row(BaseModel):
    """One table of the plan; frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Site(Row):
    """``[site]``: one location with its own calendar, time zone and numbers."""

    code: Code
    name: Name
    short: Short
    timezone: Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
    day_close: Moment = "22:00"
    address: Note = ""
    phone: Note = ""
    #: offered at the kiosk, the first one first; `mkn` is a pack of the kiosk's texts alone
    languages: Languages = ["id", "en"]
    #: where the information desk stands, after "meja informasi": "di dekat pintu masuk"
    front_desk: Note = ""
    complaint: Note = "SP4N-LAPOR! lapor.go.id · SMS 1708"


class Priority(Row):
    """``[[priority]]``: a group that may go first (UU 25/2009 Ps 29)."""

    code: PriorityCode
    name: Short
    name_en: Annotated[str, Field(max_length=24), AfterValidator(_readable)] = ""


PRIORITIES = (
    Priority(code="lansia", name="Lansia", name_en="Senior citizen"),
    Priority(code="disabilitas", name="Penyandang disabilitas", name_en="Person with disability"),
    Priority(code="hamil", name="Ibu hamil", name_en="Pregnant"),
    Priority(code="menyusui", name="Ibu menyusui", name_en="Nursing mother"),
    Priority(code="anak", name="Membawa anak kecil", name_en="With a small child"),
)


class Policy(Row):
    """``[policy]``: who goes first, and how often a visitor is called."""

    priority_mode: Literal["ask", "staff_only"] = "ask"
    priority_ratio: Annotated[int, Field(ge=1, le=20)] = 2
    max_wait_guard_min: Annotated[int, Field(ge=1, le=480)] = 60
    no_show_min_calls: Annotated[int, Field(ge=1, le=10)] = 2
    no_show_wait_s: Annotated[int, Field(ge=0, le=600)] = 60
    max_calls: Annotated[int, Field(ge=1, le=20)] = 5
    put_back_places: Annotated[int, Field(ge=0, le=50)] = 3
    return_places: Annotated[int, Field(ge=0, le=50)] = 2
    call_starts_service: bool = False
    alert_wait_percent: Annotated[int, Field(ge=0, le=1000)] = 100
    alert_service_percent: Annotated[int, Field(ge=0, le=1000)] = 300
    alert_queue: Annotated[int, Field(ge=0, le=1000)] = 30
    alert_idle_s: Annotated[int, Field(ge=0, le=7200)] = 300
    alert_queue_of: dict[Code, Annotated[int, Field(ge=0, le=1000)]] = {}
    alert_idle_s_of: dict[Code, Annotated[int, Field(ge=0, le=7200)]] = {}
    officer_figures: bool = False


class Standard(Row):
    """``[standard]``: the decree behind services that name none of their own."""

    version: Short = "contoh"
    decree: Note = ""


class Week(Row):
    """Opening hours of each day; a day that is not written is closed."""

    mon: Day = []
    tue: Day = []
    wed: Day = []
    thu: Day = []
    fri: Day = []
    sat: Day = []
    sun: Day = []


class SiteHours(Week):
    """``[hours]``: the hours of every gerai without its own, and when the last number is given."""

    cutoff_min: CutoffMin = 30


class Zone(Row):
    """``[[zone]]``: a part of the hall; displays of one ``sound_group`` hear each other."""

    code: Code
    name: Name
    color: Color
    sound_group: Code | None = None


class Agency(Row):
    """``[[agency]]``: an *Organisasi Penyelenggara*."""

    code: Code
    name: Name
    short: Short
    pictogram: Pictogram


class Gerai(Row):
    """``[[gerai]]``: the place of an agency in the hall."""

    code: Code
    agency: Code
    name: Name
    short: Short
    zone: Code
    place: Note = ""
    pictogram: Pictogram | None = None
    hours: Week | None = None
    cutoff_min: CutoffMin | None = None


class Counter(Row):
    """``[[counter]]``: one desk; ``services`` left out means every service of its gerai."""

    code: Code
    gerai: Code
    label: Short
    number: Annotated[int, Field(ge=1, le=999)]
    services: Annotated[list[Code], Field(min_length=1, max_length=100)] | None = None
    weights: dict[Code, Annotated[int, Field(ge=1, le=100)]] = {}


class Series(Row):
    """``[[series]]``: the numbers of a queue; ``width`` is the fewest digits shown."""

    code: Code
    prefix: Prefix
    width: Annotated[int, Field(ge=1, le=4)] = 3
    first: Annotated[int, Field(ge=1, le=9999)] = 1
    last: Annotated[int, Field(ge=1, le=9999)] = 9999


class Service(Row):
    """``[[service]]``: what a visitor comes for, with its *standar pelayanan*."""

    code: Code
    gerai: Code
    series: Code
    name: Name
    name_en: Annotated[str, Field(max_length=80), AfterValidator(_readable)] = ""
    pictogram: Pictogram
    requirements: Annotated[list[Requirement], Field(max_length=12)] = []
    cost: Note = "Gratis"
    quota: Annotated[int, Field(ge=1, le=9999)] | None = None
    cutoff_min: CutoffMin | None = None
    hours: Week | None = None
    mode: Literal["langsung", "elektronik", "mandiri", "bergerak"] = "langsung"
    popular: Annotated[int, Field(ge=0, le=100)] = 0
    wait_min: Annotated[int, Field(ge=1, le=480)]
    service_min: Annotated[int, Field(ge=1, le=480)]
    standard_version: Annotated[str, Field(max_length=24), AfterValidator(_readable)] = ""
    standard_decree: Note = ""


TABLES: dict[str, type[Row]] = {"site": Site, "policy": Policy, "hours": SiteHours, "standard": Standard}
LISTS: dict[str, type[Row]] = {
    "zone": Zone,
    "agency": Agency,
    "gerai": Gerai,
    "counter": Counter,
    "series": Series,
    "service": Service,
    "priority": Priority,
}
REQUIRED = ("site", "hours", "zone", "agency", "gerai", "counter", "series", "service")
