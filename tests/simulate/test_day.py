"""A whole day of 500 visitors against the real server, in compressed time, with lost replies; then P1 to P5.

The checker's own plants stand in test_checks.py. Planted in the server, each red: no stored answer is given again
(performing.py: P5, 500s), the line's head is its newest (hall_sql.py: P4), every 5th number is left out (days.py: P2),
a call shown with another number (views/hall.py: P8), a display the relay forgets (relay.py: P8).
"""

import os
import re
import subprocess
from collections.abc import Callable

from tests.simulate.conftest import MPP, ROOT, Hall

FRIDAY = "2026-11-06T07:10:00+08:00@600"
DAY_TIMEOUT_S = 400


def simulate(hall: Hall, *said: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MPP_")}
    return subprocess.run(
        [*MPP, "simulate", "--data", str(hall.data), *said], cwd=ROOT, env=kept, capture_output=True, text=True,
        timeout=DAY_TIMEOUT_S, check=False,
    )


def figure(text: str, name: str) -> int:
    found = re.search(rf"^ +{re.escape(name)} +(\d+)$", text, re.MULTILINE)
    return int(found[1]) if found else 0


def test_a_friday_of_500_visitors_keeps_every_promise(hall: Callable[[str], Hall]) -> None:
    here = hall(FRIDAY)
    other = simulate(here, "--date", "2026-11-03")
    assert (other.returncode, other.stderr) == (2, "Server sedang menjalani tanggal 2026-11-06, bukan 2026-11-03.\n")
    day = simulate(here, "--tickets", "500", "--seed", "7", "--lose-replies", "0.03", "--close-day",
                   "--date", "2026-11-06")
    assert day.returncode == 0, day.stdout[-4000:] + day.stderr[-4000:]
    # On a machine that falls behind the quick clock, the last to come find the gerai closed, or the day over.
    assert 0 < figure(day.stdout, "nomor diberikan") <= 500 - figure(day.stdout, "pulang tanpa nomor")
    for happened in ("selesai dilayani", "tidak hadir", "dialihkan", "ditahan", "dipanggil ulang", "jeda loket",
                     "balasan dihilangkan", "jawaban diulang server", "counter_busy", "idempotency_mismatch"):
        assert figure(day.stdout, happened) > 0, f"{happened}\n{day.stdout}"
