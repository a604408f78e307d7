"""Which trading day a board shows: evidence, groups of boards, days. Pure: no database here."""
