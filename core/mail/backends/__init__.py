"""How a letter leaves: each a Django e-mail backend. All of them hold the promises of tests/core/test_mail_backends.py."""
