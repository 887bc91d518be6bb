"""People, delegations of cities and their delegates."""
