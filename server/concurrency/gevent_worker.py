"""gunicorn's own gevent worker with our patch and a quicker heartbeat: the way out of eventlet."""

from gunicorn.workers import ggevent

from server.concurrency import connections
from server.concurrency.modes import patch


class GeventWorker(connections.Bounded, ggevent.GeventWorker):
    """Ends with its master, as gunicorn's own does."""

    def patch(self) -> None:
        patch("gevent")
        from gevent import Timeout

        self.within = Timeout
        super().patch()
