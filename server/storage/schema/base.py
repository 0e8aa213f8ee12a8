"""One MetaData, with names for every constraint so that migrations can name them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, MetaData, String

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def site_column(primary_key: bool = False) -> Column[str]:
    """Every row belongs to a site from the first day."""
    return Column(
        "site", String, ForeignKey("site.code"), nullable=False, primary_key=primary_key
    )
