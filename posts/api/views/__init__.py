"""The routes of posts: single ones, toggles on them, and lists."""
