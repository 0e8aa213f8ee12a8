"""Every kind of floor plan mistake is told with its own line, and all of them at once.

Planted, each seen red and taken out: stopping at the first wrong table; cross checks skipped when
a row is wrong; lines counted from 0; a double prefix allowed; a service without a loket allowed;
24:00 refused as an end; touching intervals allowed; a control character allowed; codes compared
without their last letter.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.floor import FloorError, Mistake, read_floor

PLAN = """\
[site]
code = "CONTOH"
name = "MPP Contoh"
short = "MPP"
timezone = "Asia/Makassar"
day_close = "22:00"
[policy]
max_calls = 5
[hours]
mon = ["08:00-15:30"]
fri = ["08:00-11:30", "13:00-15:30"]
[[zone]]
code = "Z"
name = "Zona"
color = "#112233"
[[agency]]
code = "AGN"
name = "Instansi"
short = "Ins"
pictogram = "info"
[[gerai]]
code = "GRI"
agency = "AGN"
name = "Gerai"
short = "Gerai"
zone = "Z"
[[gerai]]
code = "LAIN"
agency = "AGN"
name = "Gerai lain"
short = "Lain"
zone = "Z"
[[counter]]
code = "GRI-1"
gerai = "GRI"
label = "Loket 1"
number = 1
services = ["SATU", "DUA"]
weights = { SATU = 2 }
[[counter]]
code = "LAIN-1"
gerai = "LAIN"
label = "Loket 2"
number = 2
[[series]]
code = "SERI"
prefix = "A"
width = 3
first = 1
last = 999
[[series]]
code = "SERI2"
prefix = "B"
[[service]]
code = "SATU"
gerai = "GRI"
series = "SERI"
name = "Layanan satu"
pictogram = "law"
requirements = [
  "KTP-el asli",
  "Kartu Keluarga",
]
quota = 10
wait_min = 10
service_min = 5
[[service]]
code = "DUA"
gerai = "GRI"
series = "SERI"
name = "Layanan dua"
pictogram = "law"
wait_min = 10
service_min = 5
[[service]]
code = "TIGA"
gerai = "LAIN"
series = "SERI2"
name = "Layanan tiga"
pictogram = "law"
wait_min = 10
service_min = 5
[[priority]]
code = "lansia"
name = "Lansia"
"""

KINDS = [
    # old text, new text, words of the sentence, text that marks the expected line (default: new)
    ('zone = "Z"', 'zone = "X"', "zone X tidak ada", None),
    ('agency = "AGN"', 'agency = "AGM"', "mungkin maksudnya: AGN", None),
    ('series = "SERI2"', 'series = "SERI3"', "series SERI3 tidak ada", None),
    ('gerai = "LAIN"\nlabel', 'gerai = "LAIM"\nlabel', "mungkin maksudnya: LAIN", 'gerai = "LAIM"'),
    ('code = "SERI2"', 'code = "SERI"', "kode SERI sudah dipakai di baris 46", "second"),
    ('code = "DUA"', 'code = "SATU"', "kode SATU sudah dipakai di baris 55", "second"),
    ('prefix = "B"', 'prefix = "A"', "awalan A sudah dipakai di baris 47", "second"),
    ('prefix = "B"', 'prefix = "b"', "awalan nomor salah", None),
    ('prefix = "B"', 'prefix = "ABCDE"', "awalan nomor salah", None),
    ('code = "Z"', 'code = "-Z"', "kode salah", None),
    ('code = "Z"', 'code = "ABCDEFGHIJKLMNOPQRSTU"', "kode salah", None),
    ('mon = ["08:00-15:30"]', 'mon = ["8-15"]', "8-15 bukan rentang jam", None),
    ('mon = ["08:00-15:30"]', 'mon = ["24:00-24:00"]', "bukan rentang jam", None),
    ('mon = ["08:00-15:30"]', 'mon = ["15:30-08:00"]', "berakhir sebelum mulai", None),
    ('mon = ["08:00-15:30"]', 'mon = ["08:00-12:00", "11:00-13:00"]', "bertumpuk", None),
    ('mon = ["08:00-15:30"]', 'mon = ["08:00-12:00", "12:00-13:00"]', "bertumpuk", None),
    ('mon = ["08:00-15:30"]', 'mon = "08:00-15:30"', "bukan daftar", None),
    ('mon = ["08:00-15:30"]', 'mon = ["01:00-02:00", "03:00-04:00", "05:00-06:00", "07:00-08:00", '
     '"09:00-10:00"]', "lebih dari 4", "mon ="),
    ('"Asia/Makassar"', '"Asia/Kupang"', "pilih 'Asia/Jakarta', 'Asia/Makassar' atau", None),
    ('short = "MPP"', 'short = "MPP"\nlanguages = ["mkn", "id"]', "id atau en paling depan", "languages"),
    ('short = "MPP"', 'short = "MPP"\nlanguages = ["id", "id"]', "tulis tiap bahasa sekali", "languages"),
    ('day_close = "22:00"', 'day_close = "24:00"', "jam salah", None),
    ('code = "LAIN-1"\ngerai = "LAIN"', 'code = "LAIN-1"\ngerai = "GRI"', "gerai LAIN tidak punya loket",
     'row:code = "LAIN"'),
    ('services = ["SATU", "DUA"]', 'services = ["SATU"]', "layanan DUA tidak dilayani loket mana pun",
     'row:code = "DUA"'),
    ('services = ["SATU", "DUA"]', 'services = [\n"SATU",\n"DUA",\n"EMPAT"]', "layanan EMPAT tidak ada",
     '"EMPAT"'),
    ('services = ["SATU", "DUA"]', 'services = ["SATU", "DUA", "DUA"]', "disebut dua kali", None),
    ('services = ["SATU", "DUA"]', 'services = ["SATU", "DUA", "TIGA"]', "milik gerai LAIN", None),
    ("weights = { SATU = 2 }", "weights = { TIGA = 2 }", "milik gerai LAIN", None),
    ("weights = { SATU = 2 }", "weights = { SATU = 0 }", "terlalu kecil", None),
    ('label = "Loket 2"\nnumber = 2', 'label = "Loket 2"\nnumber = 0', "paling sedikit 1", "number = 0"),
    ('pictogram = "info"', 'pictogram = "inpo"', "mungkin maksudnya: info", None),
    ("width = 3", "width = 5", "paling banyak 4", None),
    ("width = 3", 'width = "3"', "bukan bilangan bulat", None),
    ("first = 1", "first = 0", "paling sedikit 1", None),
    ("first = 1", "first = 1000", "nomor pertama 1000 melebihi nomor terakhir 999", None),
    ("last = 999", "last = 10000", "paling banyak 9999", None),
    ("max_calls = 5", "max_calls = 1\nno_show_min_calls = 2", "melebihi max_calls", "no_show_min_calls"),
    ('"Layanan satu"', '"Layanan\\u001b[2J satu"', "huruf kendali", None),
    ('"Layanan satu"', '"Layanan\\nsatu"', "huruf kendali", None),
    ('"Layanan satu"', '"Layanan\\u202Esatu"', "huruf kendali", None),
    ('"Layanan satu"', '""', "terlalu pendek", 'name = ""'),
    ('"Layanan satu"', '" Layanan satu"', "spasi", None),
    ('"Layanan satu"', f'"{"a" * 81}"', "paling banyak 80 huruf", None),
    ('  "Kartu Keluarga",', '  "Kartu\\u0007",', "huruf kendali", None),
    ("quota = 10", "kuota = 10", "mungkin maksudnya: quota", None),
    ("quota = 10", "quota = true", "bukan bilangan bulat", None),
    ("[policy]", "[polisi]", "tabel tidak dikenal", "[polisi]"),
    ('color = "#112233"', 'color = "biru"', "warna salah", None),
    ('code = "lansia"', 'code = "umum"', "umum sudah terpakai", None),
    ("[[priority]]", "[priority]", "tulis [[priority]]", None),
    ('short = "MPP"\n', "", "wajib diisi", "[site]"),
    ('name = "Zona"\n', "", "wajib diisi", "[[zone]]"),
    ("quota = 10", "quota = 10 10", "tata tulis TOML salah di kolom", None),
    ("quota = 10", "quota = 10\nquota = 11", "sudah ditulis sebelumnya", "quota = 11"),
    ("quota = 10", 'quota = "', "tata tulis TOML salah", None),
]  # fmt: skip


def mistakes_of(text: str) -> tuple[Mistake, ...]:
    with pytest.raises(FloorError) as caught:
        read_floor(text)
    return caught.value.mistakes


def expected_line(old: str, new: str, mark: str | None, text: str) -> int:
    lines = text.splitlines()
    if mark == "second":
        return [number for number, line in enumerate(lines, 1) if line == new][1]
    if mark and mark.startswith("row:"):
        return lines.index(mark.removeprefix("row:"))  # the header stands one line above its code
    wanted = mark or new
    return next(number for number, line in enumerate(lines, 1) if wanted in line)


def test_the_plan_itself_is_clean() -> None:
    assert read_floor(PLAN).as_data()["cutoff_min"] == 30


@pytest.mark.parametrize(("old", "new", "words", "mark"), KINDS, ids=[f"{k[1][:24]!r}" for k in KINDS])
def test_each_kind_of_mistake_has_its_line(old: str, new: str, words: str, mark: str | None) -> None:
    assert old in PLAN
    text = PLAN.replace(old, new, 1)
    line = expected_line(old, new, mark, text)
    found = [(mistake.line, mistake.text) for mistake in mistakes_of(text) if words in mistake.text]
    assert [place for place, _ in found] == [line], mistakes_of(text)


def test_a_pictogram_is_guessed_only_from_a_near_name() -> None:
    """Planted: the nearest name whatever its distance (brand, camera) -> red."""
    for given in ("orang", "car"):
        (mistake,) = mistakes_of(PLAN.replace('pictogram = "info"', f'pictogram = "{given}"', 1))
        assert mistake.text.endswith("pilih nama dari config/pictograms.py")


def test_ten_planted_mistakes_are_told_at_once_with_their_lines() -> None:
    planted = [
        ('code = "CONTOH"', 'code = "contoh"', 2, "site.code"),
        ('"Asia/Makassar"', '"Asia/Ende"', 5, "site.timezone"),
        ('fri = ["08:00-11:30", "13:00-15:30"]', 'fri = ["08:00-13:30", "13:00-15:30"]', 11, "hours.fri"),
        ('name = "Zona"', 'nama = "Zona"', 12, "zone[1].name"),
        ('pictogram = "info"', 'pictogram = "foto"', 20, "agency[1].pictogram"),
        ('agency = "AGN"', 'agency = "XYZ"', 23, "gerai[1].agency"),
        ("number = 2", 'number = "dua"', 44, "counter[2].number"),
        ('prefix = "B"', 'prefix = "A"', 53, "series[2].prefix"),
        ('"Kartu Keluarga"', '"Kartu\\u0000Keluarga"', 62, "service[1].requirements[2]"),
        ('code = "DUA"', 'code = "DUAA"', 67, "service[2]"),
    ]
    text = PLAN
    for old, new, _, _ in planted:
        text = text.replace(old, new, 1)
    found = mistakes_of(text)
    assert {(line, where) for _, _, line, where in planted} <= {(m.line, m.where) for m in found}
    also = {(14, "zone[1].nama"), (38, "counter[1].services[2]")}
    assert {(m.line, m.where) for m in found} == {(line, where) for *_, line, where in planted} | also
    assert list(found) == sorted(found)
    assert all(str(mistake).startswith(f"baris {mistake.line}: ") for mistake in found)


def test_an_empty_plan_names_every_part_it_needs() -> None:
    parts = {"site", "hours", "zone", "agency", "gerai", "counter", "series", "service"}
    assert {mistake.where for mistake in mistakes_of("# kosong\n")} == parts


def test_a_counter_without_services_serves_all_and_hours_may_end_at_midnight() -> None:
    plan = PLAN.replace('services = ["SATU", "DUA"]\n', "").replace('"08:00-15:30"', '"00:00-24:00"')
    assert read_floor(plan).as_data()["hours"]["mon"] == [["00:00", "24:00"]]


def test_markup_in_a_name_is_only_text() -> None:
    text = PLAN.replace("Layanan satu", "<script>alert(1)</script> & {{ 7*7 }}")
    assert read_floor(text).as_data()["services"][0]["name"]["id"].startswith("<script>")


@pytest.mark.parametrize("text", ["x = " + "[" * 4000, "x = " + "9" * 5000, "=\n", "x = '''\n\n", "\x00\n"])
def test_hostile_syntax_is_one_sentence(text: str) -> None:
    (mistake,) = mistakes_of(text)
    assert mistake.text


VALUES = ['""', "0", "-1", "true", "[]", "{}", "1979-05-27", "nan", '["x"]']


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_damage_gives_a_plan_or_mistakes_inside_the_file(data: st.DataObject) -> None:
    lines = PLAN.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        damage = data.draw(st.sampled_from(["drop", "double", "value"]))
        if damage == "drop" and len(lines) > 1:
            del lines[place]
        elif damage == "double":
            lines.insert(place, lines[place])
        elif "=" in lines[place]:
            value = data.draw(st.sampled_from(VALUES))
            lines[place] = lines[place].split("=")[0] + "= " + value
    try:
        read_floor("\n".join(lines))
    except FloorError as problem:
        assert problem.mistakes
        for mistake in problem.mistakes:
            assert 1 <= mistake.line <= len(lines)
            assert mistake.text.isprintable()
