"""City presentations: what cities offer for the programme, and what organisers choose and place."""
