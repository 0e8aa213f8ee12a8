"""The page of a visitor's own phone: one ticket, followed by the link on its slip."""
