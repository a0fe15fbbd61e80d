"""A crowd of people with think time: what a running site is measured and tried with.

`python -m benchmarks.people run https://site` reads, posts and chats as strict native clients of
API.md do, and reports latency, message delay, every failed request and every broken promise.
"""
