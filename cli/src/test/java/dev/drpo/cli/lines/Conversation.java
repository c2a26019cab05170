package dev.drpo.cli.lines;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A person who types a line only after having read the answer to the one before. */
public final class Conversation {
  private Conversation() {}

  /** What reads lines and answers them, until its input ends. */
  public interface Answering {
    void run(InputStream in, LineOutput out) throws Exception;
  }

  /** Says a line some times; returns the answers. */
  public static List<String> say(String line, int times, Answering tested) throws Exception {
    try (PipedOutputStream requests = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(requests);
        PipedInputStream results = new PipedInputStream();
        PipedOutputStream out = new PipedOutputStream(results)) {
      List<String> heard = new ArrayList<>();
      Thread person =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (requests) {
                      BufferedReader reader =
                          new BufferedReader(
                              new InputStreamReader(results, StandardCharsets.UTF_8));
                      for (int i = 0; i < times; i++) {
                        requests.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                        requests.flush();
                        heard.add(reader.readLine());
                      }
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      tested.run(in, new LineOutput(out));
      person.join();
      return heard;
    }
  }
}
