"""What sales are likely to come to, learned from what became of earlier deals.

`states`, `fitting`, `scoring`, `simulating` and `backtest` work with numpy and belong to Celery; web workers read what
these stored (opportunities/models/forecast.py) and never import them.
"""
