"""Takes an approved version to sales: the exact bytes a person approved, readable copies, and who approved them."""
