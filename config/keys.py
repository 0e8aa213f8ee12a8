"""Every settings key of a site with its default, unit and limit.

``config/default.toml`` says the same for people; a test keeps the two equal.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from config.pace import PaceRule, parse_pace
from config.simulated import parse_clock

_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"


def _whole(default: int, low: int, high: int, unit: str) -> Any:
    facts = {"unit": unit, "limit": f"{low} sampai {high}"}
    return Field(default, ge=low, le=high, json_schema_extra=facts)


def _text(default: str, longest: int, unit: str = "teks", *, shortest: int = 0) -> Any:
    limit = f"{shortest} sampai {longest} huruf" if shortest else f"paling panjang {longest} huruf"
    facts = {"unit": unit, "limit": limit}
    return Field(
        default, min_length=shortest, max_length=longest, pattern=_NO_CONTROLS, json_schema_extra=facts
    )


def _choice(default: object, limit: str) -> Any:
    return Field(default, json_schema_extra={"unit": "pilihan", "limit": limit})


def _clock(text: str) -> str:
    try:
        parse_clock(text)
    except ValueError as problem:
        raise PydanticCustomError("clock", "{why}", {"why": str(problem)}) from None
    return text


def _pace(text: str) -> str:
    try:
        parse_pace(text)
    except ValueError as problem:
        raise PydanticCustomError("pace", "{why}", {"why": str(problem)}) from None
    return text


def _public_url(text: str) -> str:
    plain = text.removeprefix("https://").removeprefix("http://")
    if text and (plain == text or not plain or any(sign in plain for sign in "/?#@ ")):
        raise PydanticCustomError(
            "public_url",
            "bukan alamat situs; tulis seperti https://antrean.contoh.go.id tanpa jalur",
        )
    return text


def _database_url(text: str) -> str:
    if text and not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg2://")):
        raise PydanticCustomError(
            "database_url",
            "alamat basis data tidak dikenal; awali dengan sqlite:/// atau postgresql://",
        )
    return text


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Server(_Section):
    """The process that serves pages, commands and live news."""

    host: str = _text("0.0.0.0", 255, "nama atau alamat IP", shortest=1)
    port: int = _whole(8080, 1, 65535, "nomor port")
    data: str = _text("var", 1000, "folder", shortest=1)
    async_mode: Literal["eventlet", "gevent", "threading"] = _choice(
        "eventlet", "eventlet, gevent, threading"
    )
    graceful_timeout_s: int = _whole(2, 1, 60, "detik")
    ping_interval_s: int = _whole(5, 1, 60, "detik")
    ping_timeout_s: int = _whole(5, 1, 60, "detik")
    start_wait_s: int = _whole(10, 0, 120, "detik")
    floor: str = _text("config/floors/kota-kupang.toml", 1000, "berkas denah", shortest=1)
    max_body_bytes: int = _whole(65536, 1024, 1048576, "bita")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _choice(
        "INFO", "DEBUG, INFO, WARNING, ERROR"
    )


class Public(_Section):
    """How visitors' phones reach the site."""

    url: Annotated[str, AfterValidator(_public_url)] = _text("", 200, "alamat http atau https")
    wifi_name: str = _text("", 32)
    wifi_password: str = _text("", 63)


class Database(_Section):
    """Where the rows live and how long an act may wait for them."""

    url: Annotated[str, AfterValidator(_database_url)] = _text("", 500, "alamat basis data")
    writer_queue_max: int = _whole(1000, 1, 100000, "tugas")
    writer_wait_s: int = _whole(10, 1, 120, "detik")
    group_commit_max: int = _whole(16, 1, 256, "tugas")
    read_wait_s: int = _whole(10, 1, 120, "detik")


class Screens(_Section):
    """The rhythm of the live screens."""

    pulse_s: int = _whole(10, 1, 60, "detik")
    view_interval_ms: int = _whole(100, 10, 5000, "milidetik")
    stale_after_s: int = _whole(25, 2, 300, "detik")
    call_window_s: int = _whole(60, 5, 600, "detik")
    call_min: int = _whole(12, 1, 100, "panggilan")
    down_after_s: int = _whole(20, 2, 600, "detik")


class Printing(_Section):
    """Paper: how long a slip is worth printing and how long a printer may take."""

    print_ttl_s: int = _whole(60, 5, 3600, "detik")
    connect_timeout_s: int = _whole(2, 1, 30, "detik")
    write_timeout_s: int = _whole(8, 1, 60, "detik")
    lease_s: int = _whole(30, 5, 600, "detik")
    claim_wait_s: int = _whole(20, 0, 20, "detik")
    virtual: bool = _choice(True, "true atau false")
    virtual_tcp_port: int = _whole(9100, 1, 65535, "nomor port")
    virtual_http_port: int = _whole(8090, 1, 65535, "nomor port")


class Security(_Section):
    """Sessions, lock-out and rate limits."""

    session_hours: int = _whole(12, 1, 12, "jam")
    idle_minutes: int = _whole(240, 5, 720, "menit")
    lock_after: int = _whole(5, 3, 100, "kali")
    lock_s: int = _whole(60, 1, 86400, "detik")
    login_per_minute: int = _whole(30, 1, 10000, "kali per menit")
    public_per_minute: int = _whole(60, 1, 100000, "kali per menit")
    program_per_second: int = _whole(4, 1, 1000, "nomor per detik")
    kiosk_token_per_second: int = _whole(20, 1, 100000, "nomor per detik")
    device_days: int = _whole(400, 1, 3650, "hari")
    password_min: int = _whole(12, 8, 64, "huruf")


class Kiosk(_Section):
    """How fast a kiosk's page may take numbers: against play and prank."""

    ticket_interval_s: int = _whole(2, 0, 60, "detik")
    tickets_per_minute: int = _whole(20, 0, 600, "nomor per menit")
    pause_s: int = _whole(10, 1, 600, "detik")
    per_device: Annotated[str, AfterValidator(_pace)] = _text("", 2000, "daftar KODE=jarak/per menit/istirahat")

    def rule_of(self, device: str) -> PaceRule:
        """The kiosk's own rule, else the site's."""
        site = PaceRule(self.ticket_interval_s, self.tickets_per_minute, self.pause_s)
        return parse_pace(self.per_device).get(device, site)


class Display(_Section):
    """What a display shows that has nothing of its own on the administrator's page."""

    layout: str = _text("panggilan", 1000, "nama tata letak atau berkas", shortest=1)
    distance_m: int = _whole(5, 1, 40, "meter")
    diagonal_in: int = _whole(43, 5, 200, "inci")


class Media(_Section):
    """Pictures and videos of the displays: how much one may be, and all of them."""

    image_max_mb: int = _whole(20, 1, 100, "megabita")
    image_max_mp: int = _whole(40, 1, 100, "megapiksel")
    video_max_mb: int = _whole(200, 1, 4000, "megabita")
    video_max_s: int = _whole(600, 1, 7200, "detik")
    room_mb: int = _whole(2000, 10, 100000, "megabita")


class Signs(_Section):
    """LED signs above the lokets on this computer's serial lines."""

    config: str = _text("", 1000, "berkas papan loket")


class Voice(_Section):
    """How visitors are called."""

    language: Literal["id", "mkn"] = _choice("id", "id, mkn")
    numbers: Literal["digits", "cardinal"] = _choice("digits", "digits, cardinal")
    repeat: int = _whole(1, 1, 2, "kali")
    name_gerai: bool = _choice(True, "true atau false")
    chime: bool = _choice(True, "true atau false")


class Backup(_Section):
    """How often the data are backed up, where else, and which backups stay."""

    every_min: int = _whole(5, 0, 60, "menit")
    also: str = _text("", 2000, "daftar folder")
    keep_daily_d: int = _whole(35, 1, 400, "hari")
    keep_monthly: int = _whole(13, 0, 120, "bulan")


class ClockGuard(_Section):
    """When the wall clock is believed."""

    slew_s: int = _whole(2, 1, 60, "detik")
    ahead_days: int = _whole(14, 1, 365, "hari")
    check_s: int = _whole(5, 1, 300, "detik")


class Idempotency(_Section):
    """How long an answer is kept for a repeated key."""

    keep_h: int = _whole(48, 1, 720, "jam")


class Settings(_Section):
    """All settings; frozen. Durations end in their unit (``_s``, ``_ms``, ``_h``)."""

    clock: Annotated[str, AfterValidator(_clock)] = _text("", 60, "waktu ISO 8601 @ laju")
    server: Server = Field(default_factory=Server)
    public: Public = Field(default_factory=Public)
    database: Database = Field(default_factory=Database)
    screens: Screens = Field(default_factory=Screens)
    printing: Printing = Field(default_factory=Printing)
    security: Security = Field(default_factory=Security)
    kiosk: Kiosk = Field(default_factory=Kiosk)
    display: Display = Field(default_factory=Display)
    media: Media = Field(default_factory=Media)
    signs: Signs = Field(default_factory=Signs)
    voice: Voice = Field(default_factory=Voice)
    backup: Backup = Field(default_factory=Backup)
    clock_guard: ClockGuard = Field(default_factory=ClockGuard)
    idempotency: Idempotency = Field(default_factory=Idempotency)
