"""Campaigns that try to break what the product promises, over real links and processes; `mpp prove` runs them."""
