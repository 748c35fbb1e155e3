"""Reads what people wrote without a language model: sentences, who says them, what they say, and which dates and numbers they name."""
