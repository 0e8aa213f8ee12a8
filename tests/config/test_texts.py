"""Texts: both languages hold the same keys, and every key the contract names is there.

Planted, each seen red and taken out: a key only in id.json; an error code without a title;
``antrian`` in a text; a control character in a text.
"""

import json
import re
from importlib.resources import files

import pytest

from config import texts
from config.floor_rows import PRIORITIES

ERRORS = """
bad_json idempotency_key_required idempotency_key_invalid unauthenticated forbidden csrf not_your_counter
password_change_required unknown_service unknown_ticket unknown_counter unknown_display unknown_room
unknown_gerai unknown_printer unknown_job unknown_device unknown_user unknown_leg unknown_override
unknown_enrolment unknown_route method_not_allowed closed before_opening quota_reached after_cutoff
range_exhausted counter_taken counter_busy counter_closed counter_paused counter_open officer_busy
wrong_state too_early not_waiting ticket_active gerai_closed day_closed clock_suspect site_mismatch
expired_link too_large unsupported_media_type invalid idempotency_mismatch too_many
storage_unavailable bad_login locked weak_password internal already_exists not_held lease_lapsed
"""
GROUPS = {
    "error": ERRORS,
    "reason": "closed before_opening break after_cutoff quota_reached holiday range_exhausted"
    " gerai_closed service_closed service_paused clock_suspect",
    "priority": "umum lansia disabilitas hamil menyusui anak asked confirmed removed",
    "state": "planned waiting called serving on_hold finished no_show cancelled transferred expired",
    "print": "queued sending sent confirmed assumed uncertain failed late none",
    "printer": "ready paper_low paper_out cover_open offline error unknown lease lease_sent",
    "role": "officer receptionist agency_head viewer supervisor admin",
    "call": "first recall",
}


PLACEHOLDER = re.compile(r"\{\w+\}")


def test_both_languages_hold_the_same_keys() -> None:
    assert texts.load("id").keys() == texts.load("en").keys()


@pytest.mark.parametrize("lang", texts.LANGUAGES)
def test_every_key_of_the_contract_is_there(lang: str) -> None:
    wanted = {f"{group}.{name}" for group, named in GROUPS.items() for name in named.split()}
    assert wanted <= texts.load(lang).keys()


@pytest.mark.parametrize("lang", texts.LANGUAGES)
def test_texts_are_readable_and_written_once(lang: str) -> None:
    pairs = json.loads(
        files("config").joinpath(f"texts/{lang}.json").read_text(encoding="utf-8"), object_pairs_hook=list
    )
    assert len(pairs) == len(dict(pairs))
    for key, text in pairs:
        assert text.strip() == text != "", key
        assert text.isprintable(), key


def test_spelling_follows_kbbi() -> None:
    words = PLACEHOLDER.sub("", " ".join(texts.load("id").values())).lower()
    assert "antrian" not in words.replace("antrian mpp", "")
    assert "counter" not in words


def test_both_languages_fill_in_the_same_facts() -> None:
    english = texts.load("en")
    for key, text in texts.load("id").items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(english[key])), key


def test_error_titles_are_sentences() -> None:
    titles = [text for key, text in texts.load("id").items() if key.startswith("error.")]
    assert all(title[0].isupper() and title.endswith(".") for title in titles)


def test_default_priorities_have_the_same_words_in_plan_and_texts() -> None:
    for lang, field in (("id", "name"), ("en", "name_en")):
        words = texts.load(lang)
        assert all(words[f"priority.{row.code}"] == getattr(row, field) for row in PRIORITIES)


@pytest.mark.parametrize("pack", texts.PACKS)
def test_a_pack_holds_only_texts_of_the_kiosk_and_says_that_it_is_a_draft(pack: str) -> None:
    """Planted: a key of a slip in the pack; a placeholder misspelt; no word that it is a draft -> red."""
    indonesian, own = texts.load("id"), texts.load(pack)
    assert all(key.startswith("kiosk.") and key in indonesian for key in own)
    assert all(set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(indonesian[key])) for key, text in own.items())
    assert all(text.strip() == text != "" and text.isprintable() for text in own.values())
    assert "draf" in own["kiosk.language_draft"]


def test_load_gives_a_new_dict_and_refuses_other_languages() -> None:
    texts.load("id").clear()
    assert texts.load("id")
    with pytest.raises(ValueError, match="'jv' tidak dikenal"):
        texts.load("jv")
