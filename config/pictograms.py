"""The fixed list of pictogram names a floor plan may use.

Each name has one drawing among the files the faces share; the Indonesian words are its text
alternative. A picture beside every word is asked by Perwali Kota Kupang 24/2023 Ps 1(14)
(*bahasa gambar*).
"""

from collections.abc import Mapping
from types import MappingProxyType

PICTOGRAMS: Mapping[str, str] = MappingProxyType(
    {
        "id-card": "kartu tanda penduduk",
        "camera": "perekaman foto",
        "phone-id": "identitas di ponsel",
        "family": "keluarga",
        "birth": "kelahiran",
        "death": "kematian",
        "child-card": "kartu anak",
        "move": "pindah rumah",
        "marriage": "perkawinan",
        "license": "izin",
        "business": "usaha",
        "building": "bangunan",
        "billboard": "papan reklame",
        "health": "kesehatan",
        "food": "makanan",
        "tax": "pajak",
        "coins": "pajak daerah",
        "land": "tanah",
        "map": "peta",
        "water": "air",
        "electricity": "listrik",
        "power": "tambah daya listrik",
        "power-time": "listrik sementara",
        "repair": "perbaikan",
        "bank": "bank",
        "phone-bank": "bank di ponsel",
        "money": "uang",
        "payment": "pembayaran",
        "post": "surat",
        "parcel": "paket",
        "insurance": "jaminan sosial",
        "worker": "pekerja",
        "retirement": "hari tua",
        "law": "hukum",
        "brand": "merek",
        "copyright": "hak cipta",
        "document": "dokumen",
        "checked-document": "dokumen diperiksa",
        "renew": "pengaktifan kembali",
        "passport": "paspor",
        "police": "kepolisian",
        "education": "pendidikan",
        "social": "bantuan sosial",
        "religion": "agama",
        "court": "pengadilan",
        "prosecutor": "kejaksaan",
        "narcotics": "bebas narkotika",
        "cooperative": "koperasi",
        "woman-child": "perempuan dan anak",
        "vehicle": "kendaraan",
        "info": "informasi",
        "complaint": "pengaduan",
    }
)
