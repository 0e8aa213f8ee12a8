"""A small hall for acts in this process, a stage with a real server for crowds."""

from tests.app.small_hall import hall
from tests.promises.stage import stage

__all__ = ["hall", "stage"]
