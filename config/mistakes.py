"""Indonesian sentences for what pydantic or the system finds wrong."""

import errno
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

_REASONS: Mapping[str, str] = {
    "missing": "wajib diisi; tambahkan kunci ini",
    "int_type": "bukan bilangan bulat; tulis angka tanpa tanda kutip dan tanpa koma",
    "bool_type": "bukan true atau false; tulis salah satunya tanpa tanda kutip",
    "string_type": "bukan teks; tulis di antara tanda kutip",
    "list_type": "bukan daftar; tulis di antara kurung siku",
    "dict_type": "bukan tabel; tulis di antara kurung kurawal",
    "model_type": "bukan tabel; tulis sebagai bagian sendiri dengan nama di dalam kurung siku",
    "string_pattern_mismatch": "berisi huruf kendali; tulis ulang tanpa huruf tersembunyi",
    "extra_forbidden": "kunci tidak dikenal; hapus atau perbaiki ejaannya",
}
_LIMITS: Mapping[str, str] = {
    "greater_than_equal": "terlalu kecil; isi paling sedikit {ge}",
    "less_than_equal": "terlalu besar; isi paling banyak {le}",
    "string_too_long": "terlalu panjang; isi paling banyak {max_length} huruf",
    "string_too_short": "terlalu pendek; isi paling sedikit {min_length} huruf",
    "too_long": "terlalu banyak butir; isi paling banyak {max_length} butir",
    "too_short": "terlalu sedikit butir; isi paling sedikit {min_length} butir",
    "literal_error": "pilihan tidak dikenal; pilih {expected}",
}

_SYSTEM: Mapping[int | None, str] = {
    errno.ENOENT: "tidak ada",
    errno.EACCES: "tidak diizinkan",
    errno.EPERM: "tidak diizinkan",
    errno.EISDIR: "itu sebuah folder",
    errno.ENOTDIR: "sebagian jalurnya bukan folder",
    errno.EEXIST: "sudah ada yang bernama sama",
    errno.ENOSPC: "ruang simpan penuh",
    errno.EROFS: "media hanya dapat dibaca",
    errno.EIO: "media gagal dibaca atau ditulis",
    errno.ENAMETOOLONG: "nama terlalu panjang",
    errno.EADDRNOTAVAIL: "bukan alamat komputer ini",
}


def system_said(error: OSError) -> str:
    """Why the system refused, in few words; in its own words when it is something rare."""
    return _SYSTEM.get(error.errno) or error.strerror or type(error).__name__


def sentence(error: Mapping[str, Any]) -> str:
    """The reason and remedy for one entry of ``ValidationError.errors()``; never empty."""
    kind = str(error["type"])
    if kind in _LIMITS:
        facts = {key: str(value).replace(" or ", " atau ") for key, value in error["ctx"].items()}
        return _LIMITS[kind].format(**facts)
    return _REASONS.get(kind) or str(error["msg"])


def meant(word: object, known: Iterable[str], near: float = 0.6) -> str:
    """``" (mungkin maksudnya: X)"`` when a known word is close (``near``: 0 to 1) to the given one, else nothing."""
    close = get_close_matches(str(word), list(known), n=1, cutoff=near)
    return f" (mungkin maksudnya: {close[0]})" if close else ""


def shown(value: object, limit_chars: int = 60) -> str:
    """A value as it is quoted in a message: printable, on one line, cut to ``limit_chars``."""
    text = ascii(value) if not str(value).isprintable() else repr(value)
    return text if len(text) <= limit_chars else text[: limit_chars - 1] + "…"
