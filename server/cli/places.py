"""Where things are: the checkout, the site's settings, the data folder."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from config.settings import Mistake, Settings, SettingsError, load
from server.cli.faults import BAD_ARGUMENTS, Stop

SITE_FILE = "site.toml"


def home() -> Path:
    """The checkout this code runs from; the current folder when it was installed elsewhere."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "setup.cfg").is_file() else Path.cwd()


def load_settings(site_file: str | None = None, said: Mapping[str, object] | None = None) -> Settings:
    """Load the settings with what was said on the command line (`server.port` -> value) put over them.

    A relative folder or file said on the command line is meant from the current folder, one in the settings
    from the checkout; the answer has both absolute (a packaged floor plan keeps its name). All mistakes are
    raised at once as a Stop with exit code 2.
    """
    spoken = {_variable(key): str(value) for key, value in (said or {}).items() if value is not None}
    for variable in ("MPP_SERVER_DATA", "MPP_SERVER_FLOOR"):
        if spoken.get(variable):
            spoken[variable] = str(Path(spoken[variable]).absolute())
    try:
        settings = load(_site_file(site_file), {**os.environ, **spoken})
    except SettingsError as error:
        raise Stop(_told(error.mistakes, said or {}), BAD_ARGUMENTS) from error
    return _with_absolute_places(settings)


def _told(mistakes: Sequence[Mistake], said: Mapping[str, object]) -> str:
    """All mistakes; what was said on the command line goes by the argument's name."""
    arguments = {_variable(key): f"--{key.rpartition('.')[2]}" for key, value in said.items() if value is not None}
    lines = [str(replace(one, key=arguments.get(one.key, one.key))) for one in mistakes]
    if len(mistakes) == 1 and mistakes[0].key in arguments:
        return f"Argumen salah: {lines[0]}."
    return "\n".join(["Pengaturan salah:", *lines])


def _variable(key: str) -> str:
    return f"MPP_{key.replace('.', '_').upper()}"


def _site_file(said: str | None) -> Path | None:
    if said is not None:
        return Path(said)
    usual = home() / SITE_FILE
    return usual if usual.exists() else None


def _with_absolute_places(settings: Settings) -> Settings:
    server = settings.server
    floor = home() / server.floor
    places = {
        "data": str((home() / server.data).resolve()),
        "floor": str(floor) if floor.exists() else server.floor,
    }
    layout = home() / settings.display.layout
    display = settings.display.model_copy(update={"layout": str(layout)}) if layout.is_file() else settings.display
    signs = settings.signs.model_copy(update={"config": str(home() / settings.signs.config)}) if settings.signs.config else settings.signs
    return settings.model_copy(update={"server": server.model_copy(update=places), "display": display, "signs": signs})
