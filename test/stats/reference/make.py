"""Makes reference.json: what the functions of src/stats have to give, computed in another way with 50 digits.

python3 test/stats/reference/make.py   (needs mpmath 1.3; the tests read only the file it writes)

- Student's t quantile: the root of the tail, which is the integral of the density.
- Normal mixture radius: the mean at which the mixture of likelihood ratios exp(l*S - l^2*V/2) over l ~ N(0, 1/rho),
  integrated numerically, reaches the threshold (S = n*m, V = n*variance, rho = tuning*variance).
- t mixture radius: the mean at which the mixture over d ~ N(0, 1/tuning) of the scale-invariant likelihood ratios of
  a standardized mean d against 0, integrated numerically over scale and d, reaches the threshold.
- Digamma and trigamma: mpmath's own.
- Means, medians, sums of squares, quantiles: exact fractions.
"""

import json
from fractions import Fraction
from pathlib import Path

from mpmath import mp, mpf, exp, findroot, gamma, inf, log, pi, quad, sqrt

mp.dps = 50


def t_tail(t, nu):
    """P(T > t) by integrating the density; substituting x = sqrt(nu) / tan(a) makes the range finite."""
    end = mp.atan2(sqrt(nu), t)
    return gamma((nu + 1) / 2) / (sqrt(pi) * gamma(nu / 2)) * quad(lambda a: mp.sin(a) ** (nu - 1), [0, end / 2, end])


def t_quantile(probability, freedom):
    p, nu = mpf(probability), mpf(freedom)
    tail = min(p, 1 - p)
    low, high = mpf(0), mpf(1)
    while t_tail(high, nu) > tail:
        high *= 2
    t = findroot(lambda x: log(t_tail(x, nu) / tail), (low + (high - low) / 2, high), tol=mpf(10) ** -40, maxsteps=100)
    return t if p > mpf(1) / 2 else -t


def root(log_e, threshold, guess):
    """The positive m at which log_e(m) is ln(threshold); log_e rises with m."""
    high = guess
    while log_e(high) < log(threshold):
        high *= 2
    return findroot(
        lambda m: log_e(m) - log(threshold), (high / 2, high), solver='anderson', tol=mpf(10) ** -30, maxsteps=200
    )


def normal_mixture_radius(n, variance, threshold, tuning):
    n, variance, threshold, tuning = map(mpf, (n, variance, threshold, tuning))
    total, rho = n * variance, tuning * variance

    def log_e(m):
        s = n * m
        peak, width = s / (total + rho), 1 / sqrt(total + rho)
        exponent = lambda l: l * s - l * l * total / 2 - l * l * rho / 2
        value = quad(
            lambda l: exp(exponent(l) - exponent(peak)), [peak + k * width for k in (-16, -8, -3, 0, 3, 8, 16)]
        )
        return exponent(peak) + log(value * sqrt(rho / (2 * pi)))

    return root(log_e, threshold, sqrt(variance / n))


def t_mixture_radius(n, squares, threshold, tuning):
    n, squares, threshold, tuning = map(mpf, (n, squares, threshold, tuning))

    def log_e(m):
        v, s = squares + n * m * m, n * m
        # With u = 1 / sigma (Haar measure du / u) and x_i scaled by it: the likelihood of standardized mean d is
        # u^n * exp(-(u^2 v - 2 u d s + n d^2) / 2). The Gaussian integral over d is done first, as for a known scale.
        against = quad(lambda u: u ** (n - 1) * exp(-u * u * v / 2), scale_range(v))
        remaining = v - s * s / (n + tuning)
        mixed = quad(lambda u: u ** (n - 1) * exp(-u * u * remaining / 2), scale_range(remaining))
        return log(mixed / against) + log(tuning / (n + tuning)) / 2

    def scale_range(v):
        peak, width = sqrt(n / v), 1 / sqrt(v)
        return [0, peak / 2, peak, peak + 2 * width, peak + 6 * width, peak + 16 * width, peak + 40 * width]

    return root(log_e, threshold, sqrt(squares / n) / 10)


def text(value):
    return mp.nstr(value, 25)


def fraction(value):
    return text(mpf(value.numerator) / value.denominator)


def sample_entry(sample):
    exact = sorted(Fraction(x) for x in sample)
    n = len(exact)
    mean = sum(exact) / n
    half = exact[n // 2] if n % 2 else (exact[n // 2 - 1] + exact[n // 2]) / 2

    def quantile(p):
        position = Fraction(p) * (n - 1)
        low = int(position)
        return exact[low] + (position - low) * (exact[min(low + 1, n - 1)] - exact[low])

    return {
        'sample': sample,
        'mean': fraction(mean),
        'median': fraction(half),
        'sumOfSquares': fraction(sum((x - mean) ** 2 for x in exact)),
        'quantiles': [{'probability': p, 'value': fraction(quantile(p))} for p in (0, 0.025, 0.25, 0.5, 0.975, 1)],
    }


reference = {
    'studentTQuantile': [
        {'probability': p, 'freedom': nu, 'value': text(t_quantile(p, nu))}
        for nu in (1, 2, 2.5, 3, 5, 7.25, 19, 60, 400)
        for p in (0.975, 0.6, 0.500001, 0.9995, 0.0001, 0.3)
    ],
    'normalMixtureRadius': [
        {'n': n, 'variance': v, 'threshold': th, 'tuning': phi, 'value': text(normal_mixture_radius(n, v, th, phi))}
        for n, v, th, phi in [(3, 0.01, 2880, 0.1), (7, 0.04, 20, 0.1), (8, 0.0025, 2880, 1), (20, 1, 20, 1), (100, 4, 1e5, 3)]
    ],
    'tMixtureRadius': [
        {'n': n, 'sumOfSquares': ss, 'threshold': th, 'tuning': phi, 'value': text(t_mixture_radius(n, ss, th, phi))}
        for n, ss, th, phi in [(8, 0.02, 20, 0.1), (12, 0.3, 2880, 0.1), (20, 0.05, 2880, 0.1), (20, 19, 20, 1), (60, 3, 1e5, 0.5)]
    ],
    'polygamma': [
        {'x': float(x), 'digamma': text(mp.digamma(x)), 'trigamma': text(mp.psi(1, x))}
        for x in (mpf(1) / 2, 1, 1.5, 2.25, 7, 14.999, 15, 100, 5000)
    ],
    'samples': [
        sample_entry(sample)
        for sample in ([1.5], [3, 1, 2], [0.1, 0.2, 0.4, 0.8], [-2.5, 1e6, 3.25, 3.25, 0.0078125], [1e8 + 1, 1e8 + 2, 1e8 + 4])
    ],
}
Path(__file__).with_name('reference.json').write_text(json.dumps(reference, indent=2) + '\n')
