"""Makes a database with an issue that has begun to leave: ``python -m tests.faults.begin READERS``.

For databases that are not the tests' own. Prints the id of the issue.
"""

import sys

import django


def main(readers: int) -> None:
    django.setup()
    from newsletter.commands.database import prepare_database
    from tests.delivery.given import an_issue_being_sent

    prepare_database()
    print(an_issue_being_sent(readers).pk)


if __name__ == "__main__":
    main(int(sys.argv[1]))
