"""`python -m api.cli` is the `briefs` command."""

from api.cli import main

main()
