"""How few members may decide, and how few votes carry a proposal."""


def least_quorum(members: int) -> int:
    """The smallest number that is half of the members or more.

    Source: kommunestyrelsesloven § 20 (a committee can decide when at least half of its members
    are present) [GK].
    """
    return (members + 1) // 2


def quorum_of(setting: int, members: int) -> int:
    """How many must be there: what the committee has set, and never under half of its members.

    Source: kommunestyrelsesloven § 20 [GK]; the setting is local config.
    """
    return max(setting, least_quorum(members))


def is_carried(in_favour: int, against: int) -> bool:
    """Say whether more vote for a proposal than against it; a tie carries nothing.

    Source: kommunestyrelsesloven § 20 (matters are settled by majority) [GK].
    """
    return in_favour > against
