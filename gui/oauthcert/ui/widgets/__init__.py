"""Small parts that pages are made of. They show plain text only and take their colours from the theme."""
