"""Who speaks in each sound group, and whether every display is worth its place: two looks.

Each is safe to skip and safe to repeat. The turn is taken from a display in memory before the
log names another, so that no two pages are told at one time that they may speak.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from server.app import displays
from server.app.ask import Ask
from server.app.house import House
from server.app.ports import Work
from server.app.views.screens import is_silent
from server.domain import speaking

#: a display that has not shown a view for so long is stale, s
BEHIND_MAX_S = 10.0


class SoundLook:
    def __init__(self, house: House) -> None:
        self._house = house
        #: the conditions the log knows; None: to be read
        self._conditions: dict[str, str] | None = None

    def _ask(self) -> Ask:
        return Ask("system", self._house.now())

    def look_at_speakers(self) -> None:
        """Give the turn to another display where the one that has it is silent, or is well again."""
        house, reports = self._house, self._house.reports
        codes = {device.code for device in house.vault.devices() if device.kind == "display"}
        reports.keep_only(codes)
        if not codes:
            return
        groups, speakers = house.read(_groups)
        for group, members in groups.items():
            current = speaking.speaker(speakers.get(group), members)
            change = speaking.turn(current, [reports.heard(code) for code in members], reports.uptime_s)
            if change is not None and self._change(group, current, change):
                current = change.code
            reports.may_speak -= set(members) - {current}
            reports.may_speak.add(current)

    def _change(self, group: str, current: str, change: speaking.Turn) -> bool:
        """Whether the turn went to another; what was heard so far is in the log before."""
        reports = self._house.reports
        if not change.back:
            reports.may_speak.discard(current)
        self.keep_reports()
        told = {"group": group, "to": change.code, "cause": change.cause, "back": change.back}
        return self._house.act(displays.give_turn, self._ask(), **told).status == 200

    def keep_reports(self) -> None:
        """One batched write of what the displays showed and spoke."""
        reports = self._house.reports.unwritten()
        if reports:
            self._house.act(displays.keep_reports, self._ask(), reports=reports)
            self._house.reports.written(reports)

    def look_at_displays(self) -> None:
        """Tell the log when a display turns mute, frozen, stale or too small, and when it is well again."""
        house, reports = self._house, self._house.reports
        if reports.uptime_s < speaking.SILENT_S:
            return  # nobody has had the time to be heard
        if self._conditions is None:
            self._conditions = house.read(_conditions)
        silent = house.read(_silent)
        for device in house.vault.devices():
            known = self._conditions.get(device.code)
            heard = reports.heard(device.code)
            if device.kind != "display" or (known is None and not heard.is_live()):
                continue
            found = speaking.condition(heard, reports.behind_s(device.code), BEHIND_MAX_S)
            if found == "mute" and device.code in silent:
                found = speaking.sight(heard)
            if found != known:
                told = {"code": device.code, "condition": found, "audio": heard.audio}
                house.act(displays.flip_condition, self._ask(), **told)
                self._conditions[device.code] = found


def _groups(reads: Work) -> tuple[Mapping[str, list[str]], Mapping[str, str]]:
    """Sound group -> its displays; and whose turn it is."""
    floor, groups, silent = reads.floors.current(), defaultdict(list), _silent(reads)
    for row in reads.devices.devices():
        if row["kind"] == "display" and row["revoked_at"] is None and row["code"] not in silent:
            groups[displays.group_of(floor, row["zone"])].append(row["code"])
    return groups, reads.displays.speakers()


def _silent(reads: Work) -> set[str]:
    """Displays that do not show the call: they never speak, and nobody misses their sound."""
    return {code for code, screen in reads.screens.screens().items() if is_silent(screen)}


def _conditions(reads: Work) -> dict[str, str]:
    return {code: state.condition for code, state in reads.displays.states().items() if state.condition}
