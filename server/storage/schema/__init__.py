"""The declared tables. Importing this package declares all of them."""

from __future__ import annotations

from server.storage.schema import alerts, devices, displays, floor, hall, log, look, paper, people, report, screens
from server.storage.schema.base import metadata

__all__ = ["alerts", "devices", "displays", "floor", "hall", "log", "look", "metadata", "paper", "people", "report", "screens"]
