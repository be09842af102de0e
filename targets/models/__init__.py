from targets.models.assessment import Assessment, AssessmentRun
from targets.models.plan import Allocation, ArithmeticCheck, Plan, RuleSet, Target

__all__ = ["Allocation", "ArithmeticCheck", "Assessment", "AssessmentRun", "Plan", "RuleSet", "Target"]
