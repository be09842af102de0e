"""Every reason code the engine can give, with the one sentence that says it. A code's place in REASONS is its internal number."""

from indicators.marks import gettext_noop as _

REASONS: dict[str, str] = {
    "": "",
    # achieved
    "goal_met": _("By the end of %(period)s the value is %(value)s; the goal of %(goal)s is met."),
    "range_met": _("By the end of %(period)s the value is %(value)s, inside the range from %(goal)s to %(goal_high)s."),
    "range_exceeded": _(
        "By the end of %(period)s the value is %(value)s, beyond the range from %(goal)s to %(goal_high)s: more than fulfilled."
    ),
    "benchmark_met": _("By the end of %(period)s the value is %(value)s; the benchmark of %(goal)s is met."),
    "benchmark_near": _(
        "By the end of %(period)s the value is %(value)s, within %(tolerance)s of the benchmark of %(goal)s: "
        "near enough by the stored tolerance."
    ),
    "cut_met": _(
        "By the end of %(period)s the value has changed by %(change)s since the baseline; the planned cut of %(goal)s is reached."
    ),
    "growth_met": _("At the end of %(period)s the growth is %(value)s; the goal of %(goal)s is met."),
    "milestone_done": _("At the end of %(period)s the milestone is done."),
    # judged by pace
    "pace_on_track": _(
        "By the end of %(period)s the value is %(value)s; the path asks for %(expected)s; that is %(ratio)s "
        "of the planned pace, and on track begins at %(cut)s."
    ),
    "pace_at_risk": _(
        "By the end of %(period)s the value is %(value)s; the path asks for %(expected)s; that is %(ratio)s "
        "of the planned pace, less than the %(cut)s at which on track begins."
    ),
    "pace_off_track": _(
        "By the end of %(period)s the value is %(value)s; the path asks for %(expected)s; that is %(ratio)s "
        "of the planned pace, less than the %(low_cut)s at which at risk begins."
    ),
    # judged by direct comparison
    "share_on_track": _(
        "By the end of %(period)s the value is %(value)s against the %(expected)s asked for: it reaches %(ratio)s, "
        "and on track begins at %(cut)s."
    ),
    "share_at_risk": _(
        "By the end of %(period)s the value is %(value)s against the %(expected)s asked for: it reaches %(ratio)s, "
        "less than the %(cut)s at which on track begins."
    ),
    "share_off_track": _(
        "By the end of %(period)s the value is %(value)s against the %(expected)s asked for: it reaches %(ratio)s, "
        "less than the %(low_cut)s at which at risk begins."
    ),
    # against the goal's direction, or with no way left to share out
    "wrong_way": _(
        "By the end of %(period)s the value is %(value)s: since the baseline of %(baseline_value)s it has "
        "moved the wrong way, by %(change)s."
    ),
    "moved_back": _(
        "By the end of %(period)s the value is %(value)s, worse than the baseline of %(baseline_value)s: it has moved the wrong way."
    ),
    "holding": _(
        "By the end of %(period)s the value is %(value)s, for the whole year %(compared)s: like the baseline it keeps the goal of "
        "%(goal)s, "
        "which counts when the year is over."
    ),
    "baseline_met": _("The baseline already met the goal of %(goal)s, so there is no way to share out."),
    "slipped": _(
        "By the end of %(period)s the value is %(value)s: the baseline already met the goal of %(goal)s, the value no longer does."
    ),
    "baseline_equals_goal": _(
        "The baseline is the goal of %(goal)s itself, so there is no way to share out; the value of %(value)s does not meet it."
    ),
    "deadline_missed": _("The deadline was the end of %(period)s; the value then was %(value)s and the goal of %(goal)s was not met."),
    "late_fulfilment": _(
        "The deadline was the end of %(period)s; the goal of %(goal)s was not met then, but it was by the end of %(late_period)s."
    ),
    # judged by warning level
    "level_1": _(
        "By the end of %(period)s the value is %(value)s: it rose by %(yearly_change)s within a year instead of falling, warning level 1."
    ),
    "level_2": _(
        "By the end of %(period)s the value is %(value)s: within a year it changed by %(yearly_change)s, "
        "short of the planned %(planned_change)s, warning level 2."
    ),
    "level_2_no_change": _(
        "By the end of %(period)s the value is %(value)s: it neither rose nor fell within a year, short of "
        "the planned %(planned_change)s, warning level 2."
    ),
    "level_3": _(
        "By the end of %(period)s the value is %(value)s: within a year it changed by %(yearly_change)s, the "
        "planned %(planned_change)s or better, warning level 3."
    ),
    # milestones
    "milestone_under_way": _("At the end of %(period)s the milestone is begun and its deadline has not passed."),
    "milestone_waiting": _("At the end of %(period)s the milestone is not begun; %(time_left)s of its time is left."),
    "milestone_at_risk": _(
        "At the end of %(period)s the milestone is not begun and only %(time_left)s of its time is left; at risk begins below %(cut)s."
    ),
    "milestone_off_track": _(
        "At the end of %(period)s the milestone is not begun and only %(time_left)s of its time is left; off "
        "track begins below %(low_cut)s."
    ),
    # no data
    "no_value": _("No figure is known for %(period)s."),
    "input_missing": _("For %(period)s the figure cannot be computed: %(lacking)s is missing."),
    "denominator_zero": _("For %(period)s the figure cannot be computed: its denominator is zero."),
    "coverage_too_low": _(
        "For %(period)s only %(reported)s of %(due)s areas have reported, holding %(coverage_weight)s of the weight: too little to speak "
        "for all; the figure is withheld."
    ),
    "missing_at_deadline": _(
        "The deadline was the end of %(period)s and no figure is known for it, so whether the goal was met cannot be said."
    ),
    "no_goal": _("No goal is stated, so nothing can be compared with it."),
    "no_baseline": _("The target has no baseline by its own rule."),
    "baseline_not_known": _("The baseline asked for by the target's rule is not known."),
    "baseline_after_deadline": _("The first known baseline does not lie before the deadline."),
    "window_not_open": _("The measured time has not begun by the end of %(period)s."),
    "nothing_due": _("No step of the path is due by the end of %(period)s."),
    "window_not_known": _("The first year that counts is not stated, so the share of time left is not known."),
    "under_one_year": _("Less than a year lies between the baseline and %(period)s, too little for a yearly pace."),
    "no_year_before": _("No comparable figure of the year before is known, so the change within a year is not known."),
    "coverage_changed": _("Not all areas reported both this year and the year before, so the sums cannot be compared."),
    "zero_base": _("The baseline is zero, so growth from it is not defined."),
    "sign_change": _("Values change sign, are negative or reach zero, so growth between them is not defined."),
    "goal_not_positive": _("The goal is not above zero, so no share of it can be stated."),
    # why one number cannot stand
    "expected_zero": _("The path asks for zero, and a share of zero is not defined."),
    "deadline_passed": _("The deadline has passed; there is no time left to set a pace for."),
    "last_year": _("The last year has begun; no full year is left to set a yearly pace for."),
    "single_year": _("The goal is the growth of one year; there is no yearly pace towards it."),
    "too_large": _("The number is too large to be stated."),
    "evidence_only": _("A milestone is judged by evidence; no number is computed."),
    "no_pace": _("The result does not rest on a pace, so there is no distance to another level."),
}

CODE: dict[str, int] = {code: number for number, code in enumerate(REASONS)}
