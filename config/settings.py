"""Loads the settings: the defaults, then a site file (TOML), then ``MPP_*`` variables.

``MPP_<SECTION>_<KEY>`` overrides ``key`` of ``[section]``, ``MPP_<KEY>`` a top-level key. All
mistakes are reported at once, each with the key, the offending value and the remedy.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from config.keys import Settings
from config.mistakes import meant, sentence, shown, system_said
from config.simulated import SimulatedClock, parse_clock

__all__ = ["Mistake", "Settings", "SettingsError", "SimulatedClock", "keys", "load", "parse_clock"]

PREFIX = "MPP_"
NOT_SETTINGS = frozenset({"MPP_TOKEN", "MPP_PYTHON"})
"""Variables of the commands: a print host's or the command line's token, the launcher's Python."""

_SECRET = frozenset({"public.wifi_password", "database.url"})
_HIDDEN = "(dirahasiakan)"

_Rule = tuple[tuple[str, ...], object, bool, str]
"""A rule between keys: the keys, the first one's value, whether it holds, the sentence if not."""


@dataclass(frozen=True)
class Mistake:
    """One wrong setting. ``key``: ``section.key`` or the variable's name; ``value``: as given."""

    key: str
    value: object
    text: str

    def __str__(self) -> str:
        return f"{self.key} = {shown(self.value)}: {self.text}"


class SettingsError(Exception):
    """Every mistake of the site file and the environment; ``str()`` gives one line for each."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in mistakes))


def keys() -> Iterator[tuple[str, Any]]:
    """Each setting as (``section.key``, its pydantic field: default, unit and limit)."""
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            for key, inner in field.annotation.model_fields.items():
                yield f"{name}.{key}", inner
        else:
            yield name, field


def load(site_file: Path | None, env: Mapping[str, str]) -> Settings:
    """The settings of this site; raises SettingsError with all mistakes."""
    given, mistakes = _read(site_file)
    origins = _override(given, env, mistakes)
    bad = _check_keys(given, origins, mistakes)
    for dotted in bad:
        _drop(given, dotted)
    settings = Settings.model_validate(given)
    mistakes += _check_together(settings, bad)
    if mistakes:
        raise SettingsError(mistakes)
    return settings


def _read(site_file: Path | None) -> tuple[dict[str, Any], list[Mistake]]:
    if site_file is None:
        return {}, []
    try:
        return tomllib.loads(site_file.read_text(encoding="utf-8-sig")), []
    except OSError as problem:
        why = f"berkas tidak dapat dibaca ({system_said(problem)}); periksa nama dan izinnya"
    except UnicodeDecodeError:
        why = "berkas bukan teks UTF-8; simpan ulang sebagai UTF-8"
    except (ValueError, RecursionError) as problem:
        why = f"tata tulis TOML salah; perbaiki baris yang disebut ({problem})"
    return {}, [Mistake("berkas pengaturan", str(site_file), why)]


def _override(given: dict[str, Any], env: Mapping[str, str], mistakes: list[Mistake]) -> dict[str, str]:
    """Put the variables over the file's values; tells which key came from which variable."""
    known = {PREFIX + dotted.replace(".", "_").upper(): (dotted, field) for dotted, field in keys()}
    origins: dict[str, str] = {}
    for variable in sorted(name for name in env if name.startswith(PREFIX) and name not in NOT_SETTINGS):
        if variable not in known:
            text = f"variabel tidak dikenal; hapus atau perbaiki ejaannya{meant(variable, known)}"
            mistakes.append(Mistake(variable, env[variable], text))
            continue
        dotted, field = known[variable]
        if _put(given, dotted, _typed(env[variable], field.annotation)):
            origins[dotted] = variable
    return origins


def _typed(text: str, annotation: Any) -> object:
    """A variable's text as the key's type; left as text when it is not of that type."""
    if annotation is bool:
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    digits = text.strip().removeprefix("-")
    if annotation is int and digits.isascii() and digits.isdigit() and len(digits) <= 20:
        return int(text.strip())
    return text


def _put(given: dict[str, Any], dotted: str, value: object) -> bool:
    section, _, key = dotted.rpartition(".")
    table = given.setdefault(section, {}) if section else given
    if isinstance(table, dict):
        table[key] = value
        return True
    return False


def _drop(given: dict[str, Any], dotted: str) -> None:
    section, _, key = dotted.rpartition(".")
    (given[section] if section else given).pop(key, None)


def _check_keys(given: dict[str, Any], origins: Mapping[str, str], mistakes: list[Mistake]) -> set[str]:
    """Check each key by itself; tells the keys at fault."""
    try:
        Settings.model_validate(given)
    except ValidationError as problem:
        errors = problem.errors(include_url=False)
    else:
        return set()
    fields = dict(keys())
    bad = {".".join(str(part) for part in error["loc"][:2]) for error in errors}
    for error in errors:
        dotted = ".".join(str(part) for part in error["loc"][:2])
        text = sentence(error)
        if error["type"] == "extra_forbidden":
            text += meant(dotted, [*fields, *Settings.model_fields])
        elif dotted in fields:
            facts = fields[dotted].json_schema_extra
            text += f" (satuan: {facts['unit']}; batas: {facts['limit']})"
        value = _HIDDEN if dotted in _SECRET else error["input"]
        mistakes.append(Mistake(origins.get(dotted, dotted), value, text))
    return bad


def _check_together(settings: Settings, bad: set[str]) -> list[Mistake]:
    """The rules between keys; a rule is skipped when one of its keys is already at fault."""
    return [
        Mistake(names[0], value, text)
        for names, value, good, text in [*_public_rules(settings), *_timing_rules(settings)]
        if not good and not bad & set(names)
    ]


def _public_rules(settings: Settings) -> Iterator[_Rule]:
    name, password = settings.public.wifi_name, settings.public.wifi_password
    yield (
        ("public.wifi_name", "public.wifi_password"),
        name,
        bool(name or not password),
        "wajib diisi bila wifi_password diisi; tulis nama Wi-Fi tamu",
    )
    yield (
        ("public.wifi_password",),
        _HIDDEN,
        not 0 < len(password) < 8,
        "terlalu pendek; sandi Wi-Fi paling sedikit 8 huruf, kosongkan bila Wi-Fi terbuka",
    )


def _timing_rules(settings: Settings) -> Iterator[_Rule]:
    screens, printing = settings.screens, settings.printing
    yield (
        ("screens.stale_after_s", "screens.pulse_s"),
        screens.stale_after_s,
        screens.stale_after_s > 2 * screens.pulse_s,
        "harus lebih dari dua kali screens.pulse_s, agar satu denyut yang terlambat tidak dianggap putus",
    )
    yield (
        ("printing.lease_s", "printing.connect_timeout_s", "printing.write_timeout_s"),
        printing.lease_s,
        printing.lease_s > printing.connect_timeout_s + printing.write_timeout_s,
        "harus lebih dari connect_timeout_s + write_timeout_s, agar satu lembar tidak dicetak dua kali",
    )
    ports = (settings.server.port, printing.virtual_tcp_port, printing.virtual_http_port)
    yield (
        ("printing.virtual_http_port", "printing.virtual_tcp_port", "server.port"),
        printing.virtual_http_port,
        not printing.virtual or len(set(ports)) == len(ports),
        "server.port, virtual_tcp_port, dan virtual_http_port harus tiga nomor yang berbeda",
    )
