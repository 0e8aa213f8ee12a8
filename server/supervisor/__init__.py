"""The supervisor's face: the live load of every gerai and the health of every device."""
