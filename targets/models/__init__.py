from targets.models.assessment import Assessment, AssessmentRun
from targets.models.outlook import Outlook
from targets.models.plan import Allocation, ArithmeticCheck, Plan, RuleLevel, RuleSet, Target

__all__ = ["Allocation", "ArithmeticCheck", "Assessment", "AssessmentRun", "Outlook", "Plan", "RuleLevel", "RuleSet", "Target"]
