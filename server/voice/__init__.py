"""The voice of the server: what is written on a page, as sound."""
