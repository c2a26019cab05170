package dev.drpo.policy.patch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchAssemblyTest {
  private static final int TOTAL = 3;

  @TempDir private Path folder;
  private PatchAssembly assembly;

  @BeforeEach
  void open() {
    assembly = new PatchAssembly(folder);
  }

  @AfterEach
  void close() throws IOException {
    assembly.close();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void chunksInOrderMakeThePatch() throws IOException {
    add(0, 1, 2);
    assertWhole();
    // Taken once, it is gone.
    assertThat(useless()).contains("no chunk of the patch from 3 (aaaaaaaaaaaa) to 4");
  }

  @Test
  void aLostChunkIsNamed() throws IOException {
    add(0, 2);
    assertThat(useless())
        .contains("chunk 2 of 3 came where chunk 1 was expected: what lies between is lost");
  }

  @Test
  void aLostFirstChunkIsNamed() throws IOException {
    add(1, 2);
    assertThat(useless()).contains("chunk 1 of 3 came where chunk 0 was expected");
  }

  @Test
  void aLostLastChunkIsNamed() throws IOException {
    add(0, 1);
    assertThat(useless()).contains("2 of its 3 chunks were there");
  }

  @Test
  void chunksOutOfOrderAreNamed() throws IOException {
    add(0, 2, 1);
    assertThat(useless()).contains("chunk 2 of 3 came where chunk 1 was expected");
  }

  @Test
  void aRepeatedChunkIsTakenOnce() throws IOException {
    add(0, 1, 0, 1, 1, 2, 2);
    assertWhole();
  }

  @Test
  void aRepeatedChunkWithOtherDataIsNamed() throws IOException {
    add(0, 1);
    assembly.add(PatchChunk.of(Policies.TRANSITION, 1, TOTAL, new byte[] {77}));
    add(2);
    assertThat(useless()).contains("chunk 1 of 3 came again with other data");
  }

  @Test
  void aCorruptChunkIsNamed() throws IOException {
    add(0);
    PatchChunk good = chunk(1);
    assembly.add(new PatchChunk(Policies.TRANSITION, 1, TOTAL, new byte[] {9, 9}, good.checksum()));
    add(2);
    assertThat(useless()).contains("chunk 1 of 3 came with a wrong checksum");
  }

  @Test
  void aChunkOfAnotherTotalIsNamed() throws IOException {
    add(0);
    assembly.add(PatchChunk.of(Policies.TRANSITION, 1, TOTAL + 1, new byte[] {1}));
    assertThat(useless()).contains("chunk 1 of 4 came, of a patch of 3 chunks");
  }

  @Test
  void impossiblePlacesAreNamed() throws IOException {
    assembly.add(PatchChunk.of(Policies.TRANSITION, -1, TOTAL, new byte[0]));
    assertThat(useless()).contains("chunk -1 of 3");
    assembly.add(PatchChunk.of(Policies.TRANSITION, 0, 0, new byte[0]));
    assertThat(useless()).contains("chunk 0 of 0");
  }

  @Test
  void anAnnouncementOfAnotherNumberOfChunksIsNamed() throws IOException {
    add(0, 1, 2);
    assertThat(assembly.take(Policies.TRANSITION, TOTAL + 1))
        .isInstanceOfSatisfying(
            PatchAssembly.Found.Useless.class,
            found -> assertThat(found.reason()).contains("3 of its 4 chunks were there"));
  }

  @Test
  void aPatchThatBeginsAgainAfterADefectIsWhole() throws IOException {
    add(0, 2, 0, 1, 2);
    assertWhole();
  }

  @Test
  void aPatchThatIsPublishedAgainInOtherChunksIsWhole() throws IOException {
    assembly.add(PatchChunk.of(Policies.TRANSITION, 0, 2, new byte[] {5}));
    add(0, 1, 2);
    assertWhole();
  }

  @Test
  void aLaterPatchTakesThePlaceOfAnUnfinishedOne() throws IOException {
    Transition other =
        new Transition(
            Policies.TRANSITION.result(), new PolicyVersion(5, new PolicyDigest("c".repeat(64))));
    assembly.add(PatchChunk.of(other, 0, TOTAL, new byte[] {1}));
    add(0, 1, 2);
    assertThat(assembly.take(other, TOTAL)).isInstanceOf(PatchAssembly.Found.Useless.class);
    assertWhole();
  }

  private void add(int... indices) throws IOException {
    for (int index : indices) {
      assembly.add(chunk(index));
    }
  }

  private static PatchChunk chunk(int index) {
    return PatchChunk.of(
        Policies.TRANSITION, index, TOTAL, new byte[] {(byte) index, (byte) (index + 1)});
  }

  private String useless() throws IOException {
    return ((PatchAssembly.Found.Useless) assembly.take(Policies.TRANSITION, TOTAL)).reason();
  }

  private void assertWhole() throws IOException {
    try (PatchFile patch =
        ((PatchAssembly.Found.Whole) assembly.take(Policies.TRANSITION, TOTAL)).patch()) {
      assertThat(patch.chunks()).isEqualTo(TOTAL);
      assertThat(patch.bytes()).isEqualTo(2L * TOTAL);
      for (int i = 0; i < TOTAL; i++) {
        assertThat(patch.chunk(i)).isEqualTo(chunk(i).data());
      }
    }
  }
}
