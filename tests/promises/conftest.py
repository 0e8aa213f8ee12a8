"""A small hall of its own for every test that asks for one."""

from tests.app.small_hall import hall

__all__ = ["hall"]
