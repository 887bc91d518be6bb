"""What organisers do with registrations: lists, decisions, corrections, imports, figures."""
