"""What the commands of deploy/bin do on a host beyond files and units: AWS, PostgreSQL, S3."""
