package dev.drpo.runtime.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupsDigestTest {
  private static final GroupsDigest.Response RIGHT =
      new GroupsDigest.Response(new int[] {3, 4}, new float[] {-0.5f, -1}, true, 1);
  private static final GroupsDigest.Response WRONG =
      new GroupsDigest.Response(new int[] {3}, new float[] {-0.25f}, false, 0);

  @Test
  void theOrderOfGroupsMakesNoDifference() {
    assertThat(digest("a", "b", "c")).isEqualTo(digest("c", "a", "b")).hasSize(64);
  }

  @Test
  void aGroupThatIsMissingOrTakenTwiceDoes() {
    assertThat(List.of(digest("a", "b"), digest("a"), digest("a", "b", "b"), digest()))
        .doesNotHaveDuplicates();
  }

  @Test
  void soDoesEveryPartOfAGroup() {
    List<String> digests = new ArrayList<>();
    digests.add(digest("p", List.of(RIGHT, WRONG)));
    digests.add(digest("q", List.of(RIGHT, WRONG)));
    digests.add(digest("p", List.of(WRONG, RIGHT)));
    digests.add(digest("p", List.of(RIGHT)));
    digests.add(digest("p", with(new int[] {3, 5}, new float[] {-0.5f, -1}, true, 1)));
    digests.add(digest("p", with(new int[] {3, 4}, new float[] {-0.5f, -1.0000001f}, true, 1)));
    digests.add(digest("p", with(new int[] {3, 4}, new float[] {-0.5f, -1}, false, 1)));
    digests.add(digest("p", with(new int[] {3, 4}, new float[] {-0.5f, -1}, true, 0.5)));
    assertThat(digests).doesNotHaveDuplicates();
  }

  private static List<GroupsDigest.Response> with(
      int[] tokens, float[] logProbabilities, boolean correct, double reward) {
    return List.of(new GroupsDigest.Response(tokens, logProbabilities, correct, reward), WRONG);
  }

  private static String digest(String... prompts) {
    GroupsDigest digest = new GroupsDigest();
    for (String prompt : prompts) {
      digest.add(prompt, List.of(RIGHT, WRONG));
    }
    return digest.hex();
  }

  private static String digest(String prompt, List<GroupsDigest.Response> responses) {
    GroupsDigest digest = new GroupsDigest();
    digest.add(prompt, responses);
    return digest.hex();
  }
}
