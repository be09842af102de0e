"""How an outlook's method and the lack of one are put into words. Apart from outlook.py, so that pages need no numpy."""

from indicators.marks import gettext_noop as _

METHODS: dict[str, str] = {
    "": "",
    "constant": _("The value has never changed; it is carried on."),
    "theil_sen": _("Fewer than eight values: the median of the slopes between all pairs of them (Theil-Sen) is carried on."),
    "combined": _("The middle one of three: a line of growth, the median slope between all pairs of values, and a flattening trend."),
}
REASONS: dict[str, str] = {
    "": "",
    "too_few_points": _("A forecast needs at least four comparable values; %(points)s are known."),
    "too_wild": _("The values jump too much for a forecast to say anything."),
    "evidence_only": _("A milestone is judged by evidence; there is no series to carry on."),
    "growth_rate": _("A growth rate is not carried on; what counts is the amount behind it."),
    "areas_counted": _("Every area has to meet the goal for itself; how many will is not forecast. See the areas."),
    "under_one_year": _("Known values span less than a year, too little for a yearly pace."),
    "sign_change": _("Values change sign, are negative or reach zero, so growth between them is not defined."),
}
