"""LED signs above the lokets, on a serial line."""
