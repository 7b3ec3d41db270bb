"""How few members may decide."""


def least_quorum(members: int) -> int:
    """The smallest number that is half of the members or more.

    Source: kommunestyrelsesloven § 20 (a committee can decide when at least half of its members
    are present) [GK].
    """
    return (members + 1) // 2
