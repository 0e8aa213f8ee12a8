"""The parts of `mpp bench` that must not lie: frames, answers, quantiles, goals. Speeds are never asserted."""

import subprocess
import sys
from pathlib import Path

import pytest

from server.ops.bench import disk, http_load, page_day, sockets
from server.ops.bench.figures import Day, Round, Series, Weight, quantile
from server.ops.bench.report import Report, as_json, goals, lines

ROOT = Path(__file__).parents[2]


def server_frame(payload: bytes) -> bytes:
    """A frame as servers send it: not masked."""
    size = len(payload)
    if size < 126:
        return bytes([0x81, size]) + payload
    if size < 65536:
        return bytes([0x81, 126]) + size.to_bytes(2, "big") + payload
    return bytes([0x81, 127]) + size.to_bytes(8, "big") + payload


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536, 100_000])
def test_a_frame_is_cut_out_whole_however_it_arrives(size: int) -> None:
    sent = server_frame(b"x" * size) + server_frame(b"2")
    got = bytearray()
    cuts = []
    for part in (sent[:1], sent[1:size // 2 + 3], sent[size // 2 + 3:]):
        got += part
        while (one := sockets.take_frame(got)) is not None:
            cuts.append(one)
    assert cuts == [(1, b"x" * size), (1, b"2")]
    assert not got


@pytest.mark.parametrize("payload", [b"3", b"40/live," + b"y" * 200])
def test_a_clients_frame_is_masked(payload: bytes) -> None:
    raw = sockets.frame(payload)
    head = 2 if len(payload) < 126 else 4
    mask, body = raw[head:head + 4], raw[head + 4:]
    assert raw[0] == 0x81 and raw[1] & 0x80
    assert bytes(byte ^ mask[place % 4] for place, byte in enumerate(body)) == payload


def test_an_answer_counts_only_when_all_of_it_is_there() -> None:
    whole = b"HTTP/1.1 201 CREATED\r\nContent-Length: 5\r\nX: y\r\n\r\nabcde"
    assert [http_load.status_of(bytearray(whole[:n])) for n in (10, len(whole) - 1, len(whole))] == [0, 0, 201]
    assert http_load.status_of(bytearray(b"HTTP/1.1 204 NO CONTENT\r\nX: y\r\n\r\n")) == 204


def test_every_keyed_request_has_a_key_of_its_own() -> None:
    one = http_load.wish("POST", "/x", {"A": "b"}, b"{}", keyed=True)
    assert len({one.request() for _ in range(20)}) == 20
    assert one.request().endswith(b"\r\n\r\n{}")


def test_quantiles_are_nearest_rank_and_rounds_meet_in_their_median() -> None:
    assert [quantile([4, 1, 3, 2], share) for share in (0.5, 0.99)] == [2, 4]
    series = Series([Round((0.1,) * 10, 1.0), Round((0.2,) * 20, 1.0), Round((9.0,) * 3, 1.0)])
    assert (series.per_s, series.ms(0.5), series.count) == (10, 200, 33)


def report_with(view: float, inserts: float, tickets: float) -> Report:
    report = Report()
    for name, per_s in (("bare view", view), ("insert+commit", inserts), ("tickets", tickets)):
        report.of(name).add(Round((1 / per_s,) * int(per_s), 1.0))
    return report


def test_the_goal_is_the_smaller_of_both() -> None:
    by_view = next(iter(goals(report_with(1000, 2000, 200))))
    by_disk = next(iter(goals(report_with(1000, 100, 40))))
    assert (by_view.wanted, by_view.met) == (200, True)
    assert (by_disk.wanted, by_disk.met) == (50, False)


@pytest.mark.parametrize(("said", "odd"), [([5, 6, 7], 0), ([5, 7], 1), ([5, 6, 6, 7], 1), ([6, 5, 7], 1), ([], 3)])
def test_a_call_unsaid_said_again_or_too_late_is_odd(said: list[int], odd: int) -> None:
    assert page_day.odd(said, 5, 3) == odd


def test_a_page_that_is_heavy_or_grows_misses_its_goal() -> None:
    light, grown = Weight(11, 51_200, 136_000, 34_000), Day(5000, (1400.0, 1900.0), (190, 190), 0)
    report = Report(weights={"display": light, "counter": Weight(13, 151_000, 400_000, 0)}, days={"display": grown})
    assert [goal.met for goal in goals(report)] == [True, True, False, False, False, True]
    assert any("11 requests" in line for line in lines(report))
    assert as_json(report)["days"]["display"]["calls"] == 5000


def test_what_was_not_measured_has_no_goal_and_no_invented_figure() -> None:
    report = Report(facts={"disk": "x"})
    report.of("fsync of 4 KB").add(Round((0.001,), 1.0))
    assert list(goals(report)) == []
    assert as_json(report)["series"]["fsync of 4 KB"]["cpu_ms"] is None
    assert any(line.startswith("fsync") for line in lines(report))


def test_the_disk_is_measured_on_the_disk(tmp_path: Path) -> None:
    assert len(disk.fsync_times(tmp_path, 3).took_s) == 3
    assert disk.insert_loop(tmp_path, 0.01).took_s
    assert not (tmp_path / "fsync.bin").exists()


@pytest.mark.parametrize("said", [["--only", "nothing"], ["--legs", "-1"], ["--rounds", "0"], ["--calls", "5"], ["--speed"]])
def test_bad_arguments_are_one_sentence(said: list[str]) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "server.cli.main", "bench", *said], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 2
    assert told.stderr.count("\n") == 1 and told.stdout == ""
