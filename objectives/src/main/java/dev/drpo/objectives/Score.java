package dev.drpo.objectives;

/**
 * s(o, q): how much the current policy favours a response, in either way of arXiv 2505.12366. With
 * importance weights, a token's change since the update's start counts by its weight.
 */
public enum Score {
  /** Mean log-probability of the tokens. */
  LOG_LIKELIHOOD {
    @Override
    double of(Response response, TokenSpan without) {
      double sum = 0;
      for (int t = 0; t < response.length(); t++) {
        if (without.contains(t)) {
          continue;
        }
        sum += response.counted(t, response.old()[t], response.current()[t]);
      }
      return sum / response.length();
    }

    @Override
    double slope(Response response, int token) {
      return response.importance(token) / response.length();
    }
  },

  /** Mean ratio of the tokens' probabilities, current to old; it is not clipped. */
  LIKELIHOOD_RATIO {
    @Override
    double of(Response response, TokenSpan without) {
      double sum = 0;
      for (int t = 0; t < response.length(); t++) {
        if (without.contains(t)) {
          continue;
        }
        sum += response.counted(t, 1, Math.exp(response.logRatio(t)));
      }
      return sum / response.length();
    }

    @Override
    double slope(Response response, int token) {
      return response.importance(token) * Math.exp(response.logRatio(token)) / response.length();
    }
  };

  /** Over the whole response. */
  double of(Response response) {
    return of(response, TokenSpan.NONE);
  }

  /** Without the part of some tokens; the mean is still over all. */
  abstract double of(Response response, TokenSpan without);

  /** Derivative by the current log-probability of a token. */
  abstract double slope(Response response, int token);
}
