"""What each page shows, worked out before any HTML: pure functions from results, briefs, dossiers and rows to small frozen views."""
