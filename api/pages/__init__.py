"""The pages people work in all day: the CSM's inbox and review desk, the AE's brief, the admin's and the evaluator's reports."""
