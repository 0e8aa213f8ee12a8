"""gunicorn's own thread worker, for `async_mode = "threading"`: one thread per open connection."""

from gunicorn.workers.gthread import ThreadWorker

__all__ = ["ThreadWorker"]
