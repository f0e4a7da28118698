"""`python -m controller` is `packctl`."""

from controller.cli import main

if __name__ == "__main__":
    main()
