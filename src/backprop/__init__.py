"""The mathematics of the book: networks, costs, the four equations, and what learns by them.

NumPy alone (the data sets also use scikit-learn, the progress bar tqdm). Columns are samples,
w[l] is out x in, a[0] is the input: the code is the displayed equation.
"""
