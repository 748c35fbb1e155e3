"""`python -m api.cli` is the `briefs` command."""

from api.cli import main

if __name__ == "__main__":  # a scan's worker processes import this module too
    main()
