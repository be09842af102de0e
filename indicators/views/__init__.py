from indicators.views.submissions import act, original, rules, submission, submission_list, upload

__all__ = ["act", "original", "rules", "submission", "submission_list", "upload"]
