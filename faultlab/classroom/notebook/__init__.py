"""A lesson or a lab in its notebook: opened, asked, answered, shown."""
