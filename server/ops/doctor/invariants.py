"""What must hold in the data at any moment, as plain SQL that finds whatever breaks it.

Read with SQLite alone, so that neither the doctor nor the campaigns of `mpp prove` believe the server's own reading.
"""

from __future__ import annotations

import sqlite3

ACTIVE = ("called", "serving")
LIVE = ("waiting", "called", "serving", "on_hold")
#: numbers of a series on a date that a restore skipped, flagged in the log
_SKIPPED = (
    "coalesce((SELECT sum(json_extract(e.data, '$.to') - json_extract(e.data, '$.from') + 1) FROM event e "
    "WHERE e.type = 'SeriesJumped' AND json_extract(e.data, '$.series') = d.series "
    "AND json_extract(e.data, '$.date') = d.business_date), 0)"
)
_JUMPED_TO = (
    "coalesce((SELECT max(json_extract(e.data, '$.to')) FROM event e WHERE e.type = 'SeriesJumped' "
    "AND json_extract(e.data, '$.series') = d.series AND json_extract(e.data, '$.date') = d.business_date), -1)"
)
_GIVEN = (
    "SELECT d.series, d.business_date, d.first, d.last_given, count(t.id) AS given, max(t.number) AS highest FROM series_day d "
    "LEFT JOIN ticket t ON t.site = d.site AND t.series = d.series AND t.business_date = d.business_date "
    "GROUP BY d.site, d.business_date, d.series"
)

#: name -> (what it says in Indonesian, the query whose rows are wrong)
INVARIANTS: dict[str, tuple[str, str]] = {
    "a number twice": (
        "nomor diberikan dua kali",
        "SELECT label FROM ticket GROUP BY site, business_date, series, number HAVING count(*) > 1",
    ),
    "a paper twice": (
        "dua karcis bernomor sama", "SELECT label FROM ticket GROUP BY site, business_date, label HAVING count(*) > 1",
    ),
    "two visitors at a counter": (
        "satu loket melayani dua orang", f"SELECT counter FROM leg WHERE state IN {ACTIVE} GROUP BY counter HAVING count(*) > 1",
    ),
    "a ticket in two places": (
        "satu nomor menunggu di dua tempat", f"SELECT ticket FROM leg WHERE state IN {LIVE} GROUP BY ticket HAVING count(*) > 1",
    ),
    "an active leg at no counter": (
        "nomor dipanggil tanpa loket", f"SELECT id FROM leg WHERE state IN {ACTIVE} AND counter IS NULL",
    ),
    "a ticket without a leg": (
        "nomor tanpa langkah", "SELECT label FROM ticket WHERE id NOT IN (SELECT ticket FROM leg)",
    ),
    "a counter opened twice": (
        "satu loket dibuka dua kali",
        "SELECT counter FROM counter_session WHERE closed_at IS NULL GROUP BY counter HAVING count(*) > 1",
    ),
    "an officer at two": (
        "satu petugas di dua loket",
        "SELECT officer FROM counter_session WHERE closed_at IS NULL GROUP BY officer HAVING count(*) > 1",
    ),
    "two open days": (
        "dua hari layanan terbuka", "SELECT count(*) FROM business_day WHERE closed_at IS NULL HAVING count(*) > 1",
    ),
    "an open leg of a closed day": (
        "langkah terbuka pada hari yang sudah ditutup",
        f"SELECT leg.id FROM leg JOIN business_day ON date = business_date WHERE state IN {(*LIVE, 'planned')} "
        "AND closed_at IS NOT NULL",
    ),
    "an open session of a closed day": (
        "loket terbuka pada hari yang sudah ditutup",
        "SELECT counter FROM counter_session s JOIN business_day d ON d.date = s.business_date AND d.site = s.site "
        "WHERE s.closed_at IS NULL AND d.closed_at IS NOT NULL",
    ),
    "numbers with a gap": (
        "nomor terlewat tanpa catatan",
        f"SELECT series, business_date FROM ({_GIVEN}) d WHERE coalesce(last_given, first - 1) - first + 1 <> given + {_SKIPPED}",
    ),
    "a series behind its papers": (
        "seri tertinggal dari karcisnya",
        f"SELECT series, business_date FROM ({_GIVEN}) d WHERE coalesce(last_given, -1) <> max(coalesce(highest, -1), {_JUMPED_TO})",
    ),
    "time that runs backwards": (
        "waktu berjalan mundur",
        "SELECT id FROM leg WHERE first_called_at < queued_at OR last_called_at < first_called_at OR ended_at < queued_at",
    ),
    "a call of nobody": ("panggilan tanpa catatan", "SELECT id FROM call WHERE id NOT IN (SELECT seq FROM event)"),
    "a closed day with another head": (
        "penutup hari tidak cocok dengan catatan",
        "SELECT date FROM business_day b WHERE head_seq > 0 AND NOT EXISTS "
        "(SELECT 1 FROM event e WHERE e.site = b.site AND e.seq = b.head_seq AND e.hash = b.head_hash)",
    ),
    "a slip that ended and has no end": (
        "karcis selesai dicetak tanpa waktu",
        "SELECT id FROM print_job WHERE state NOT IN ('queued', 'sending', 'sent') AND ended_at IS NULL",
    ),
}


def violations(database: sqlite3.Connection) -> list[str]:
    """Each broken invariant with the first row that breaks it, in Indonesian."""
    found = []
    for words, sql in INVARIANTS.values():
        row = database.execute(f"SELECT * FROM ({sql}) LIMIT 1").fetchone()
        if row is not None:
            found.append(f"{words} ({', '.join(str(value) for value in row)})")
    return found
