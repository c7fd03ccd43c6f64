#!/usr/bin/env python3
"""The command `torogoz`, for those who look for it here."""

from torogoz.site.command import main

if __name__ == "__main__":
    main()
