package dev.drpo.reward.call;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;

/**
 * Gathers the messages of a gRPC call, and hands on whole ones: the server's own reader copies all
 * that it has of a message with every chunk that comes, which takes seconds for the largest.
 *
 * <p>A message is charged by the length that it announces, before it is kept.
 */
final class MessageIntake implements AdmittedRequest.Intake {
  /** A flag that says whether the message is compressed, and the length of what follows. */
  private static final int PREFIX_BYTES = 5;

  private final Call call;
  private final Patience patience;
  private final int largestMessage;

  private Buffer message = Buffer.buffer(PREFIX_BYTES);
  private int wanted = PREFIX_BYTES;

  /**
   * Prepares for a call.
   *
   * @param largestMessage in bytes
   */
  MessageIntake(Call call, Patience patience, int largestMessage) {
    this.call = call;
    this.patience = patience;
    this.largestMessage = largestMessage;
  }

  @Override
  public void receive(Buffer chunk, Handler<Buffer> reader) {
    int from = 0;
    while (from < chunk.length()) {
      patience.begin();
      int part = Math.min(wanted - message.length(), chunk.length() - from);
      message.appendBuffer(chunk, from, part);
      from += part;
      if (message.length() == PREFIX_BYTES && wanted == PREFIX_BYTES) {
        makeRoom();
      }
      if (message.length() == wanted) {
        handOn(reader);
      }
    }
  }

  private void makeRoom() {
    boolean compressed = message.getByte(0) != 0;
    long length = message.getUnsignedInt(1);
    if (length > largestMessage) {
      throw RefusedException.tooLarge(largestMessage);
    }
    // What a compressed message holds is known only when it has been read.
    call.chargeMessage(compressed ? largestMessage : length);
    wanted = PREFIX_BYTES + (int) length;
    message = Buffer.buffer(wanted).appendBuffer(message);
  }

  private void handOn(Handler<Buffer> reader) {
    patience.end();
    Buffer whole = message;
    message = Buffer.buffer(PREFIX_BYTES);
    wanted = PREFIX_BYTES;
    reader.handle(whole);
  }
}
