"""The officer's face: open a loket, call, serve, finish."""
