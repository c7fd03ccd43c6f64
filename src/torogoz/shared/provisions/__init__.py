"""What States and institutions have agreed, provision by provision; three topics of the Compact stand on it."""
