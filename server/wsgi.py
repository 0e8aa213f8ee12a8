"""The application a server answers with, built in the worker after the patch.

`application` is looked up on demand, so that importing this module builds nothing:
`gunicorn -k server.concurrency.EventletWorker server.wsgi:application` works on a data folder that
`mpp serve` has prepared; `mpp serve` itself calls `open_house` and `close_house`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from config.settings import Settings
    from server.bootstrap import Running

_houses: list["Running"] = []


def open_house(settings: "Settings") -> Any:
    """Build and start everything; answers the WSGI application. Once per process."""
    from server import bootstrap
    from server.concurrency import keep_native

    # Loaded by now; its locks are met by the writer's and the readers' native threads only.
    keep_native("sqlalchemy")
    house = bootstrap.build(settings)
    _houses.append(house)
    house.start()
    return house.wsgi_app


def close_house() -> None:
    """Stop what `open_house` started, if it came so far."""
    while _houses:
        _houses.pop().stop()


def __getattr__(name: str) -> Any:
    if name != "application":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from server.cli.places import load_settings

    return open_house(load_settings())
