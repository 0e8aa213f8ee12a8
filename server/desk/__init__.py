"""The front desk's face: take a number for someone, look one up."""
