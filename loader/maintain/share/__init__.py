"""Make copies of an archive to share."""
