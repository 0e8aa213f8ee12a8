"""The virtual printer: an ESC/POS printer in software whose paper can be looked at in a browser."""
