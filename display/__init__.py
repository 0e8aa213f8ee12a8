"""The hall's display: who is called where, with a chime."""
