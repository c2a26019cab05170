package dev.drpo.cli.rehearse;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Rounding;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random weights in bf16 that associate some tokens with what follows them, so that a policy which
 * nobody trained says something that can be judged, right or wrong by chance.
 *
 * <p>The first layer's feed-forward block holds the associations as keys and values (Geva et al.,
 * arXiv 2012.14913): the gate and the up projection of one inner unit look for a token's embedding,
 * and the down projection adds the embeddings of its successors, which the tied head then finds.
 * All that other layers add is small beside an embedding.
 *
 * @param policy with tied embeddings, and more inner units than associations
 * @param associations each unit's token and its equally likely successors
 */
record AssociativeWeights(ModelConfig policy, List<Association> associations) {
  private static final long SEED = 0x5EED;

  /** Logit of an associated token, about; embeddings are as long as that takes. */
  private static final double LOGIT = 30;

  /** Of other matrices, as transformers initialises them. */
  private static final double MATRIX = 0.02;

  /** Of the matrices whose products enter the residual stream. */
  private static final double RESIDUAL = 1e-4;

  /** How strongly a unit answers to its token: with this number times the root of the width. */
  private static final double KEY = 0.5;

  /** How many times its own length a token's embedding gets of its successors'. */
  private static final double VALUE = 3;

  private static final String FIRST = "model.layers.0.mlp.";

  /** What follows a token. */
  record Association(int token, List<Integer> successors) {}

  /**
   * Writes them as a checkpoint has them.
   *
   * @throws IOException if the file can't be written
   */
  void write(Path file) throws IOException {
    List<TensorInfo> tensors =
        PolicyLayout.of(policy).parts().stream()
            .map(part -> new TensorInfo(part.name(), ElementType.BF16, part.shape()))
            .toList();
    SafetensorsWriter.writePieces(file, tensors, this::writeRows);
  }

  private void writeRows(TensorInfo tensor, SafetensorsWriter.Sink sink) throws IOException {
    int width = Math.toIntExact(tensor.shape().getLast());
    long rows = tensor.elements() / width;
    SplittableRandom random = new SplittableRandom(SEED ^ tensor.name().hashCode());
    ByteBuffer piece = ByteBuffer.allocate(width * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long row = 0; row < rows; row++) {
      double[] values = row(tensor.name(), Math.toIntExact(row), width, random);
      piece.clear();
      for (double value : values) {
        piece.putShort(Rounding.bfloat16((float) value));
      }
      sink.write(piece.flip());
    }
  }

  private double[] row(String name, int row, int width, SplittableRandom random) {
    if (name.equals("model.embed_tokens.weight")) {
      return embedding(row);
    }
    boolean gain = name.endsWith("norm.weight");
    boolean residual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
    double deviation = gain ? 0 : residual ? RESIDUAL : MATRIX;
    double[] values = normal(random, width, gain ? 1 : 0, deviation);
    if (name.equals(FIRST + "gate_proj.weight") || name.equals(FIRST + "up_proj.weight")) {
      return row < associations.size() ? key(associations.get(row)) : values;
    }
    if (name.equals(FIRST + "down_proj.weight")) {
      for (int unit = 0; unit < associations.size(); unit++) {
        values[unit] = value(associations.get(unit), row);
      }
    }
    return values;
  }

  /**
   * A token's embedding, whoever asks for it. All are equally long: of two successors a longer one
   * would be likelier by far.
   */
  private double[] embedding(int token) {
    double[] random = normal(new SplittableRandom(SEED + token), policy.hiddenSize(), 0, 1);
    double squares = 0;
    for (double element : random) {
      squares += element * element;
    }
    double scale = lengthOfEmbeddings() / Math.sqrt(squares);
    for (int i = 0; i < random.length; i++) {
      random[i] *= scale;
    }
    return random;
  }

  /** A state is as long as the root of the width once it is normed, whatever it was before. */
  private double lengthOfEmbeddings() {
    return LOGIT / Math.sqrt(policy.hiddenSize());
  }

  /** The direction of a token's embedding. */
  private double[] key(Association association) {
    double[] key = embedding(association.token());
    for (int i = 0; i < key.length; i++) {
      key[i] *= KEY / lengthOfEmbeddings();
    }
    return key;
  }

  /** An element of what a unit adds when it answers to its token. */
  private double value(Association association, int element) {
    // The gate is linear for what is large; both projections answer alike.
    double answer = KEY * KEY * policy.hiddenSize();
    double sum = 0;
    for (int successor : association.successors()) {
      sum += embedding(successor)[element];
    }
    return VALUE * sum / answer;
  }

  private static double[] normal(
      SplittableRandom random, int count, double mean, double deviation) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = deviation == 0 ? mean : mean + deviation * random.nextGaussian();
    }
    return values;
  }
}
