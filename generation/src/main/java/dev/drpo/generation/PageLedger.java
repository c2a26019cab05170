package dev.drpo.generation;

import dev.drpo.policy.sampler.KvCacheSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who may take another page of the KV cache, so that every response that has begun can reach its
 * longest: the banker's algorithm (E. W. Dijkstra, EWD 623). A page is given only if afterwards
 * there is an order in which all can end, each with what is free and what those before it give back.
 * Whoever gets none waits as it is and asks again.
 *
 * <p>In such a state the response that lacks least always gets what it asks for. So some response
 * goes on in every step, and all end. While one waits none begins, so that whoever waits is
 * overtaken by those alone that had begun, however many would like to.
 *
 * <p>One thread uses an instance.
 */
final class PageLedger {
  private final int pages;
  private final int pageTokens;
  private final List<Claim> claims = new ArrayList<>();
  private int free;
  private int waiting;
  private long begun;

  /**
   * All pages are free.
   *
   * @param pages room for one response of the longest size, at least
   * @param pageTokens positions of a page
   */
  PageLedger(int pages, int pageTokens) {
    this.pages = pages;
    this.pageTokens = pageTokens;
    this.free = pages;
  }

  /** The pages of a KV cache. */
  static PageLedger of(KvCacheSize size) {
    return new PageLedger(size.responsePages(), size.pageTokens());
  }

  /** What a response holds, and how much it may come to hold. */
  static final class Claim {
    /** Those that began earlier first. */
    static final Comparator<Claim> OLDEST_FIRST = Comparator.comparingLong(claim -> claim.number);

    private final long number;
    private final int pageTokens;
    private final int most;
    private int held;
    private boolean waits;

    private Claim(long number, int pageTokens, int most) {
      this.number = number;
      this.pageTokens = pageTokens;
      this.most = most;
    }

    /** Positions of the pages that are held. */
    int positions() {
      return held * pageTokens;
    }

    private int lacks() {
      return most - held;
    }
  }

  /**
   * Begins a response with its first page, if one may begin now.
   *
   * @param positions how many it may come to hold; no more than fit
   */
  Optional<Claim> begin(int positions) {
    if (waiting > 0) {
      return Optional.empty();
    }
    Claim claim = new Claim(begun, pageTokens, Math.ceilDiv(positions, pageTokens));
    if (claim.most > pages) {
      throw new IllegalArgumentException(
          "a response of %d pages for a KV cache of %d".formatted(claim.most, pages));
    }
    claims.add(claim);
    if (claim.most > 0 && !take(claim)) {
      claims.removeLast();
      return Optional.empty();
    }
    begun++;
    return Optional.of(claim);
  }

  /** Whether a response of so many positions may begin now. */
  boolean admits(int positions) {
    Optional<Claim> claim = begin(positions);
    claim.ifPresent(this::end);
    return claim.isPresent();
  }

  /** Gives a response another page; if it has to wait for one, false. */
  boolean grow(Claim claim) {
    boolean taken = take(claim);
    setWaits(claim, !taken);
    return taken;
  }

  /** A response gives everything back. */
  void end(Claim claim) {
    claims.remove(claim);
    free += claim.held;
    setWaits(claim, false);
  }

  /** Positions of the pages that are held. */
  long positions() {
    return (long) (pages - free) * pageTokens;
  }

  /** Responses that wait for a page. */
  int waiting() {
    return waiting;
  }

  private boolean take(Claim claim) {
    free--;
    claim.held++;
    if (isSafe()) {
      return true;
    }
    free++;
    claim.held--;
    return false;
  }

  private void setWaits(Claim claim, boolean waits) {
    if (claim.waits != waits) {
      claim.waits = waits;
      waiting += waits ? 1 : -1;
    }
  }

  /** Whether all can end one after the other: if any order does, then that of what they lack. */
  private boolean isSafe() {
    if (claims.stream().allMatch(claim -> claim.lacks() <= free)) {
      return true;
    }
    long available = free;
    for (Claim claim :
        claims.stream().sorted(Comparator.comparingInt(Claim::lacks)).toList()) {
      if (claim.lacks() > available) {
        return false;
      }
      available += claim.held;
    }
    return true;
  }
}
