"""What building the site takes beside Sphinx."""
