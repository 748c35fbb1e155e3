"""Portfolios with labels: accounts whose verdicts and signals a careful person wrote down, and how far the product agrees with them."""
