"""Networks of cities: who belongs to which, since when, in which field, in which office."""
