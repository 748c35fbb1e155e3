"""Measured figures: how fast and how well the product does what it says, in numbers anybody can take again."""
