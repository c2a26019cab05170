package dev.drpo.judge.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PairingTest {

  @Property
  void aPairingIsFoundExactlyIfThereIsOne(
      @ForAll @IntRange(min = 1, max = 6) int size,
      @ForAll @IntRange(min = 0, max = 9) int tenths,
      @ForAll Random random) {
    boolean[][] equal = new boolean[size][size];
    for (boolean[] row : equal) {
      for (int j = 0; j < size; j++) {
        row[j] = random.nextInt(10) < tenths;
      }
    }
    Pairing pairing = new Pairing(letters(size), letters(size), (i, j) -> equal[i][j] ? 1 : 0);
    boolean found = true;
    for (int i = 0; i < size && found; i++) {
      found = pairing.pair(i);
    }
    assertThat(found).isEqualTo(exists(equal, 0, new boolean[size]));
  }

  /** Tries every assignment. */
  private static boolean exists(boolean[][] equal, int element, boolean[] taken) {
    if (element == equal.length) {
      return true;
    }
    for (int other = 0; other < taken.length; other++) {
      if (equal[element][other] && !taken[other]) {
        taken[other] = true;
        if (exists(equal, element + 1, taken)) {
          return true;
        }
        taken[other] = false;
      }
    }
    return false;
  }

  private static List<Answer> letters(int size) {
    List<Answer> letters = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      letters.add(new Choice((char) ('a' + i % 3)));
    }
    return letters;
  }
}
