package dev.drpo.learner.objective;

import java.util.List;

/**
 * KL(old || current) over a mini-batch, estimated by the token mean of log old - log current
 * (estimator k1, which can be negative), and the number of tokens it is taken over.
 */
record Divergence(double value, long tokens) {
  static Divergence of(List<Group> groups) {
    double sum = 0;
    long tokens = 0;
    for (Group group : groups) {
      for (Response response : group.responses()) {
        for (int t = 0; t < response.length(); t++) {
          sum += (double) response.old()[t] - response.current()[t];
        }
        tokens += response.length();
      }
    }
    return new Divergence(sum / tokens, tokens);
  }
}
