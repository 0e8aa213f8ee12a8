"""What the campaigns `machine` and `clock` need: troubles of the computer, and a hall that goes through them."""
