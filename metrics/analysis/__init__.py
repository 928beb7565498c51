"""What can be read out of a build beyond single figures: peers, outlook, distribution, cohorts, ranks …

One small module an analysis. Each reads a build through query() and series() or its tables, writes nothing, and
gives a Finding: numbers, what they rest on, a status, and a sentence in Chinese and English.
"""
