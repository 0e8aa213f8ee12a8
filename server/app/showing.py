"""What displays show beside the calls: a screen's own layout, and the playlist's media. Records only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: days of the week as a schedule names them, Monday to Sunday
EVERY_DAY = "1234567"


@dataclass(frozen=True)
class Screen:
    """How one display is set; None: as the site's settings say.

    `layout` names a ready layout, `text` is one of its own and goes before it. `distance_m`: how far away it
    is read, in metres; `diagonal_in`: of the picture, in inches. `gerai`: the one it stands at; `counter`: the
    one it hangs above.
    """

    layout: str | None = None
    text: str | None = None
    distance_m: int | None = None
    diagonal_in: int | None = None
    gerai: str | None = None
    counter: str | None = None


@dataclass(frozen=True)
class Medium:
    """A picture or a video of the playlist, by the SHA-256 of the file that is kept.

    `seconds`: how long a picture stays; `length_ms`: of a video. Shown on `days` ("15": Mondays and Fridays)
    from `from_min` to `to_min` after midnight, site time, on dates from..to. `trouble`: what a display could
    not do with it (missing, corrupt); None: all is well.
    """

    id: int
    sha: str
    mime: str
    name: str
    bytes: int
    width: int
    height: int
    length_ms: int
    seconds: int
    sound: bool
    zone: str | None
    days: str
    from_min: int
    to_min: int
    date_from: date | None
    date_to: date | None
    position: int
    by: str
    trouble: str | None = None

    @property
    def kind(self) -> str:
        return self.mime.partition("/")[0]

    @property
    def file(self) -> str:
        """The file's name in the data folder and in its address."""
        return f"{self.sha}.{ENDINGS[self.mime]}"


#: content type -> ending; what is here is all that is kept
ENDINGS = {"image/jpeg": "jpg", "video/mp4": "mp4", "video/webm": "webm"}
