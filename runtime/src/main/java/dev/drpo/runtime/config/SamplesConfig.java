package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigKeys.requireBetween;
import static dev.drpo.runtime.config.ConfigKeys.requireBounds;
import static dev.drpo.runtime.config.ConfigKeys.requirePositive;
import static dev.drpo.runtime.config.OnResume.FREE;

/** Which responses of a run are kept in its folder, for people to read. */
public record SamplesConfig(
    @Key(
            byDefault = "10",
            bounds = "0 (never) or more",
            means = "Steps from one whose groups are all kept to the next; the first is kept, too.",
            onResume = FREE)
        int every,
    @Key(
            byDefault = "4",
            bounds = "between 0 and 1000",
            means =
                "Of the other steps: how many of the longest right responses are kept, and how"
                    + " many of the shortest wrong ones.",
            onResume = FREE)
        int others,
    @Key(
            byDefault = "256",
            bounds = "1 or more",
            means =
                "Most room that they take in the run's folder, in MiB, compressed. Beyond it the"
                    + " oldest go, the first step's last.",
            onResume = FREE)
        int mebibytes) {
  public SamplesConfig {
    requireBounds(every >= 0, "samples.every", every);
    requireBetween("samples.others", 0, others, 1000);
    requirePositive("samples.mebibytes", mebibytes);
  }
}
