package dev.drpo.policy.sampler;

/**
 * Random numbers that are a function of their coordinates, so that a sample depends neither on its
 * neighbours' draws nor on restarts: Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As
 * Easy as 1, 2, 3", 2011), keyed by a seed and a stream.
 */
public final class CounterRandom {
  private static final int MULTIPLIER_0 = 0xD2511F53;
  private static final int MULTIPLIER_1 = 0xCD9E8D57;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final double TO_UNIT = 0x1p-32;

  private final int key0;
  private final int key1;
  private final int stream0;
  private final int stream1;

  /**
   * Selects a stream.
   *
   * @param seed the run's seed, the key
   * @param stream identity of what is drawn for, such as a hash of a prompt
   */
  public CounterRandom(long seed, long stream) {
    this.key0 = (int) seed;
    this.key1 = (int) (seed >>> 32);
    this.stream0 = (int) stream;
    this.stream1 = (int) (stream >>> 32);
  }

  /** The number in [0, 1) at a sample and token, with 32 significant bits. */
  public double uniform(int sample, int token) {
    int word = block(token, sample, stream0, stream1, key0, key1)[0];
    return Integer.toUnsignedLong(word) * TO_UNIT;
  }

  /** One Philox4x32-10 block: four words of a four-word counter under a two-word key. */
  static int[] block(int c0, int c1, int c2, int c3, int k0, int k1) {
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = Integer.toUnsignedLong(MULTIPLIER_0) * Integer.toUnsignedLong(c0);
      long product1 = Integer.toUnsignedLong(MULTIPLIER_1) * Integer.toUnsignedLong(c2);
      c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c3 = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    return new int[] {c0, c1, c2, c3};
  }

  /** A 64-bit FNV-1a hash of text, finished by SplitMix64, for use as a stream. */
  public static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return hash ^ (hash >>> 31);
  }
}
