package dev.drpo.rollout.engineapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.rollout.openai.ApiException;
import dev.drpo.runtime.json.JsonDefect;
import dev.drpo.runtime.json.StrictJson;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the bodies of calls that administer an engine. */
public final class ControlRequest {
  private static final StrictJson STRICT = new StrictJson();
  private static final String RELOAD = "reload_weights";

  private ControlRequest() {}

  /**
   * The folder that weights are to be loaded from.
   *
   * @throws ApiException if the call is another one, or the folder has no absolute name
   */
  public static Path weightsPath(byte[] body) {
    JsonNode call = object(body);
    String method = text(call, "/method");
    if (!method.equals(RELOAD)) {
      throw ApiException.invalid(
          "method", "the method is %s; %s is the only one here", method, RELOAD);
    }
    String path = text(call, "/kwargs/weights_path");
    try {
      Path folder = Path.of(path);
      if (folder.isAbsolute()) {
        return folder;
      }
    } catch (InvalidPathException e) {
      // As below.
    }
    throw ApiException.invalid(
        "weights_path", "weights_path is %s; it must be the absolute name of a folder", path);
  }

  /**
   * The label of the weights in use.
   *
   * @throws ApiException if there is none
   */
  public static String version(byte[] body) {
    return text(object(body), "/new_version");
  }

  /**
   * The requests that are to be cut.
   *
   * @throws ApiException if there is no list of them
   */
  public static List<String> requestIds(byte[] body) {
    JsonNode ids = object(body).at("/request_ids");
    if (!ids.isArray()) {
      throw ApiException.invalid("request_ids", "there is no request_ids; give a list of texts");
    }
    List<String> texts = new ArrayList<>();
    ids.forEach(id -> texts.add(id.asText()));
    return texts;
  }

  private static JsonNode object(byte[] body) {
    try {
      return STRICT.object(StrictJson.text(ByteBuffer.wrap(body)));
    } catch (JsonDefect e) {
      throw ApiException.invalid(null, "%s", e.ofBody());
    }
  }

  private static String text(JsonNode object, String pointer) {
    JsonNode value = object.at(pointer);
    if (!value.isTextual()) {
      throw ApiException.invalid(
          pointer.substring(pointer.lastIndexOf('/') + 1),
          "there is no text at %s; give one",
          pointer);
    }
    return value.textValue();
  }
}
