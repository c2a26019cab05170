package dev.drpo.tracking.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * TensorFlow's messages {@code Event} and {@code Summary}, as far as they are needed. The numbers
 * of fields are those of its event.proto and summary.proto.
 */
final class Event {
  // Event
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;

  // SessionLog
  private static final int STATUS = 1;
  private static final int START = 1;

  // Summary, and its Value
  private static final int VALUE = 1;
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int HISTOGRAM = 5;

  // HistogramProto
  private static final int LEAST = 1;
  private static final int MOST = 2;
  private static final int COUNT = 3;
  private static final int SUM = 4;
  private static final int LIMITS = 6;
  private static final int BUCKETS = 7;

  private Event() {}

  /** Writes fields of a message. */
  @FunctionalInterface
  private interface Fields {
    void to(CodedOutputStream out) throws IOException;
  }

  /** The first of a file. */
  static byte[] fileVersion(double wallTime) {
    return message(
        out -> {
          out.writeDouble(WALL_TIME, wallTime);
          out.writeString(FILE_VERSION, "brain.Event:2");
        });
  }

  /** A run goes on: a reader forgets what it has of this step and of later ones. */
  static byte[] resumed(double wallTime, long step) {
    return message(
        out -> {
          out.writeDouble(WALL_TIME, wallTime);
          out.writeInt64(STEP, step);
          out.writeByteArray(SESSION_LOG, message(log -> log.writeEnum(STATUS, START)));
        });
  }

  /** Numbers and histograms of a step. */
  static byte[] summary(
      double wallTime, long step, Map<String, Double> scalars, Map<String, Histogram> histograms) {
    byte[] summary =
        message(
            out -> {
              for (Map.Entry<String, Double> scalar : scalars.entrySet()) {
                out.writeByteArray(
                    VALUE,
                    message(
                        value -> {
                          value.writeString(TAG, scalar.getKey());
                          value.writeFloat(SIMPLE_VALUE, scalar.getValue().floatValue());
                        }));
              }
              for (Map.Entry<String, Histogram> histogram : histograms.entrySet()) {
                out.writeByteArray(
                    VALUE,
                    message(
                        value -> {
                          value.writeString(TAG, histogram.getKey());
                          value.writeByteArray(HISTOGRAM, histogram(histogram.getValue()));
                        }));
              }
            });
    return message(
        out -> {
          out.writeDouble(WALL_TIME, wallTime);
          out.writeInt64(STEP, step);
          out.writeByteArray(SUMMARY, summary);
        });
  }

  private static byte[] histogram(Histogram histogram) {
    return message(
        out -> {
          out.writeDouble(LEAST, histogram.least());
          out.writeDouble(MOST, histogram.most());
          out.writeDouble(COUNT, histogram.count());
          out.writeDouble(SUM, histogram.sum());
          out.writeByteArray(
              LIMITS,
              message(
                  limits -> {
                    for (double end : histogram.ends()) {
                      limits.writeDoubleNoTag(end);
                    }
                  }));
          out.writeByteArray(
              BUCKETS,
              message(
                  buckets -> {
                    for (double count : histogram.counts()) {
                      buckets.writeDoubleNoTag(count);
                    }
                  }));
        });
  }

  /**
   * What an event is about.
   *
   * @param step 0 where it has none
   * @param tag the first of its values'; empty where it has none
   */
  record Subject(long step, String tag) {}

  /**
   * Reads the subject of an event.
   *
   * @throws IOException if it is not one
   */
  static Subject subject(byte[] event) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(event);
    long step = 0;
    String tag = "";
    for (int field = in.readTag(); field != 0; field = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(field)) {
        case STEP -> step = in.readInt64();
        case SUMMARY -> tag = firstTag(in.readBytes());
        default -> in.skipField(field);
      }
    }
    return new Subject(step, tag);
  }

  private static String firstTag(ByteString summary) throws IOException {
    CodedInputStream in = summary.newCodedInput();
    if (in.readTag() == 0) {
      return "";
    }
    CodedInputStream value = in.readBytes().newCodedInput();
    return value.readTag() == 0 ? "" : value.readString();
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.to(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes any message", e);
    }
    return bytes.toByteArray();
  }
}
