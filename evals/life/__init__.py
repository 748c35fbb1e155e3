"""Evaluation from life: cases made of what people did, candidates run over stored dossiers, and flags held against what was sold later."""
