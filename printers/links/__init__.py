"""The kinds of links to a printer, one module each."""
