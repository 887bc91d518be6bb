"""The draft as a table: out to CSV, XLSX, schedules and calendars, and in from them."""
