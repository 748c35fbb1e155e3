"""How the database got its shape, step by step; `briefs.store.schema.ensure` applies what is missing."""
