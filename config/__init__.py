"""Typed settings, floor plans and texts: what a site may choose, checked before a visitor can notice."""
