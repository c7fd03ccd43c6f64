"""`python -m torogoz` is the command `torogoz`."""

from torogoz.site.command import main

if __name__ == "__main__":
    main()
