package dev.drpo.learner.step;

import dev.drpo.runtime.config.RatioBand;
import dev.drpo.runtime.config.TrainingConfig;
import java.util.Arrays;
import java.util.List;

/**
 * What a token of another policy's response counts in an update:
 *
 * <pre>
 *   c_t = min(cap, rho_t)  where rho_t lies in tokens, and exp(mean over t of log rho_t) in responses
 *   c_t = 0                elsewhere
 *   rho_t = old / sampled probability
 * </pre>
 *
 * with old the policy that the update starts from. The cap is truncated importance sampling. The
 * band of tokens is the mask of IcePop (arXiv 2510.18855), whose weight within it is rho itself.
 * The band of responses is over their geometric mean, as GSPO (arXiv 2507.18071) takes the ratio of
 * a whole sequence: the product's logarithm grows with the length, so that it would leave long
 * responses out for being long, and a few tokens make the arithmetic mean.
 *
 * <p>A response of which nothing counts is still in its group.
 *
 * @param cap 0 weighs what is in the bands by 1
 * @param tokens ratios of single tokens that count
 * @param responses geometric means of responses that count
 */
public record Importance(double cap, RatioBand tokens, RatioBand responses) {
  /** Every token counts the same. */
  public static final Importance NONE = new Importance(0, RatioBand.NONE, RatioBand.NONE);

  /** That of a run; nothing is weighed where updates start from the policy that sampled. */
  public static Importance of(TrainingConfig config) {
    return config.recomputesOld()
        ? new Importance(config.importanceCap(), config.tokenRatios(), config.responseRatios())
        : NONE;
  }

  /** One number for each token of a sample; none where all count 1. */
  double[] of(TrainingGroup.Sample sample) {
    double[] importance = new double[equals(NONE) ? 0 : sample.length()];
    if (importance.length == 0 || !admits(sample)) {
      return importance;
    }
    for (int t = 0; t < importance.length; t++) {
      double ratio = Math.exp(sample.drift(t));
      importance[t] = !tokens.contains(ratio) ? 0 : cap == 0 ? 1 : Math.min(cap, ratio);
    }
    return importance;
  }

  /** What of groups has no weight. */
  LeftOut leftOut(List<TrainingGroup> groups) {
    return guards()
        ? groups.stream()
            .flatMap(group -> group.samples().stream())
            .map(this::leftOut)
            .reduce(LeftOut.NOTHING, LeftOut::and)
        : LeftOut.NOTHING;
  }

  private boolean guards() {
    return !tokens.isNone() || !responses.isNone();
  }

  private LeftOut leftOut(TrainingGroup.Sample sample) {
    long out = Arrays.stream(of(sample)).filter(weight -> weight == 0).count();
    return new LeftOut(out, admits(sample) ? 0 : 1);
  }

  private boolean admits(TrainingGroup.Sample sample) {
    if (responses.isNone()) {
      return true;
    }
    double sum = 0;
    for (int t = 0; t < sample.length(); t++) {
      sum += sample.drift(t);
    }
    return responses.contains(Math.exp(sum / sample.length()));
  }
}
