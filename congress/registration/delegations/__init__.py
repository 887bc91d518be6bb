"""The people of a city's delegation: named, replaced and sent by its focal point."""
