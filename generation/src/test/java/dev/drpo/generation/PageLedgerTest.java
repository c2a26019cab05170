package dev.drpo.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageLedgerTest {
  private static final int PAGE = 4;

  /** A response with a budget, of which it will take a part that nobody knows before. */
  private static final class Response {
    private final int budget;
    private final int length;
    private PageLedger.Claim claim;
    private int tokens;
    private int waited;

    Response(int budget, int length) {
      this.budget = budget;
      this.length = length;
    }

    boolean hasRoom() {
      return tokens < claim.positions();
    }

    boolean ended() {
      return tokens == length;
    }
  }

  /** Steps of an engine that does nothing but grow its responses. */
  private static final class Engine {
    private final PageLedger ledger;
    private final int pages;
    private final int slots;
    private final List<Response> live = new ArrayList<>();
    private Response next;

    Engine(int pages, int slots) {
      this.ledger = new PageLedger(pages, PAGE);
      this.pages = pages;
      this.slots = slots;
    }

    /** Begins what may, and takes a step; returns how many have ended. */
    int step(Supplier<Response> more) {
      boolean begins = true;
      while (begins && live.size() < slots) {
        next = next == null ? more.get() : next;
        begins = next != null && begin(next);
      }
      live.stream()
          .filter(response -> !response.hasRoom())
          .map(response -> response.claim)
          .sorted(PageLedger.Claim.OLDEST_FIRST)
          .forEach(ledger::grow);
      int advanced = 0;
      for (Response response : live) {
        if (response.hasRoom()) {
          response.tokens++;
          response.waited = 0;
          advanced++;
        } else {
          response.waited++;
        }
      }
      requireRight(advanced);
      List<Response> ended = live.stream().filter(Response::ended).toList();
      ended.forEach(response -> ledger.end(response.claim));
      live.removeAll(ended);
      return ended.size();
    }

    private boolean begin(Response response) {
      assertThat(ledger.admits(response.budget)).isEqualTo(admits(response));
      Optional<PageLedger.Claim> claim = ledger.begin(response.budget);
      claim.ifPresent(
          given -> {
            response.claim = given;
            live.add(response);
            next = null;
          });
      return claim.isPresent();
    }

    /** The slow way: every order in which the live ones and another could end. */
    private boolean admits(Response response) {
      if (live.stream().anyMatch(one -> one.waited > 0)) {
        return false;
      }
      List<int[]> claims = new ArrayList<>();
      live.forEach(one -> claims.add(new int[] {held(one), Math.ceilDiv(one.budget, PAGE)}));
      claims.add(new int[] {1, Math.ceilDiv(response.budget, PAGE)});
      int free = pages - claims.stream().mapToInt(claim -> claim[0]).sum();
      return free >= 0 && allCanEnd(claims, free);
    }

    private static boolean allCanEnd(List<int[]> claims, int free) {
      if (claims.isEmpty()) {
        return true;
      }
      for (int[] first : claims) {
        if (first[1] - first[0] <= free) {
          List<int[]> others = new ArrayList<>(claims);
          others.remove(first);
          return allCanEnd(others, free + first[0]);
        }
      }
      return false;
    }

    private static int held(Response response) {
      return response.claim.positions() / PAGE;
    }

    private void requireRight(int advanced) {
      int held = live.stream().mapToInt(Engine::held).sum();
      assertThat(held).isLessThanOrEqualTo(pages);
      assertThat(ledger.positions()).isEqualTo((long) held * PAGE);
      assertThat(ledger.waiting()).isEqualTo(live.size() - advanced);
      assertThat(advanced > 0 || live.isEmpty()).as("some response goes on").isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void allEndWithinThePagesWhateverTheirLengths(long seed) {
    Random random = new Random(seed);
    int longest = 1 + random.nextInt(60);
    int pages = Math.ceilDiv(longest, PAGE) + random.nextInt(20);
    Engine engine = new Engine(pages, 1 + random.nextInt(12));
    int[] left = {300};
    Supplier<Response> more =
        () -> {
          int budget = random.nextBoolean() ? longest : 1 + random.nextInt(longest);
          left[0]--;
          return left[0] < 0 ? null : new Response(budget, 1 + random.nextInt(budget));
        };
    int ended = 0;
    for (int step = 0; ended < 300; step++) {
      ended += engine.step(more);
      assertThat(step).isLessThan(300 * 60);
    }
    assertThat(engine.ledger.positions()).isZero();
    assertThat(engine.ledger.waiting()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26})
  void nobodyStarvesHoweverManyWouldLikeToBegin(long seed) {
    Random random = new Random(seed);
    Engine engine = new Engine(16, 8);
    Supplier<Response> more =
        () -> {
          // Short ones would always find a page that a long one must not take yet.
          int budget = random.nextInt(6) == 0 ? 60 : 1 + random.nextInt(8);
          return new Response(budget, budget);
        };
    int longestWait = 0;
    for (int step = 0; step < 20_000; step++) {
      engine.step(more);
      longestWait =
          Math.max(
              longestWait,
              engine.live.stream()
                  .map(response -> response.waited)
                  .max(Comparator.naturalOrder())
                  .orElse(0));
    }
    // All that had begun could go on one after the other meanwhile, and nobody else.
    assertThat(longestWait).isPositive().isLessThan(8 * 60);
  }

  @Test
  void aPageIsKeptBackWhereNobodyCouldEndOtherwise() {
    PageLedger ledger = new PageLedger(4, PAGE);
    PageLedger.Claim one = ledger.begin(3 * PAGE).orElseThrow();
    PageLedger.Claim other = ledger.begin(3 * PAGE).orElseThrow();
    assertThat(ledger.grow(one)).isTrue();
    // The last page is the first one's: with it that one ends, while the other would still lack one.
    assertThat(ledger.grow(other)).isFalse();
    assertThat(ledger.waiting()).isOne();
    assertThat(ledger.begin(PAGE)).isEmpty();
    assertThat(ledger.grow(one)).isTrue();
    ledger.end(one);
    assertThat(ledger.grow(other)).isTrue();
    assertThat(ledger.grow(other)).isTrue();
    assertThat(ledger.waiting()).isZero();
    assertThat(ledger.positions()).isEqualTo(3L * PAGE);
  }

  @Test
  void aResponseThatFeedsNothingTakesNoPage() {
    PageLedger ledger = new PageLedger(1, PAGE);
    PageLedger.Claim all = ledger.begin(PAGE).orElseThrow();
    assertThat(ledger.begin(1)).isEmpty();
    assertThat(ledger.begin(0)).isPresent();
    ledger.end(all);
    assertThat(ledger.begin(1)).isPresent();
  }

  @Test
  void whatNeverFitsIsRefused() {
    assertThatThrownBy(() -> new PageLedger(2, PAGE).begin(2 * PAGE + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("3 pages", "2");
  }
}
