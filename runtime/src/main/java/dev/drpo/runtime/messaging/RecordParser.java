package dev.drpo.runtime.messaging;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;

/** Turns a record's bytes into a message, or says why it can't. */
record RecordParser<T>(Parser<T> parser) {

  /** A record that holds no message of its topic. The message is the reason for a dead letter. */
  static final class UnparseableException extends Exception {
    private static final long serialVersionUID = 1L;

    private UnparseableException(String message) {
      super(message);
    }

    private UnparseableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  T parse(byte[] value) throws UnparseableException {
    if (value == null) {
      throw new UnparseableException("it has no value");
    }
    try {
      return parser.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new UnparseableException("it can't be parsed: " + e.getMessage(), e);
    }
  }
}
