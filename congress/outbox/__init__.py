"""Mail that leaves after the transaction that caused it, and never twice."""
