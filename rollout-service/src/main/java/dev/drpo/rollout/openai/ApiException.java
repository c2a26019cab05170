package dev.drpo.rollout.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;

/**
 * A request that gets an error for its answer. The message names what is wrong, what is expected
 * and the remedy, and is fit for the caller.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String INVALID = "invalid_request_error";
  private static final String SERVER = "server_error";

  private final int status;
  private final String type;
  private final String param;
  private final String code;

  private ApiException(int status, String type, String param, String code, String message) {
    // Without a stack trace: the caller is at fault, or the log has it already.
    super(message, null, false, false);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
  }

  /**
   * The request can't be served as it is.
   *
   * @param param the parameter at fault; null if it is none in particular
   */
  @FormatMethod
  public static ApiException invalid(String param, @FormatString String message, Object... values) {
    return new ApiException(400, INVALID, param, null, message.formatted(values));
  }

  /** Prompt and budget exceed what a sequence may have. */
  public static ApiException tooLong(String param, String message) {
    return new ApiException(400, INVALID, param, "context_length_exceeded", message);
  }

  /** The model is not the one that is served here. */
  public static ApiException unknownModel(String asked, String served) {
    return new ApiException(
        404,
        INVALID,
        "model",
        "model_not_found",
        "the model '%s' is not served here; ask for '%s'".formatted(asked, served));
  }

  /** There is nothing at this path. */
  public static ApiException unknownPath(String path) {
    return new ApiException(
        404,
        INVALID,
        null,
        "unknown_url",
        "there is nothing at %s; see /v1/models, /v1/completions and /v1/chat/completions"
            .formatted(path));
  }

  /** The path is asked with a method that it does not have. */
  public static ApiException wrongMethod(String method, String allowed) {
    return new ApiException(
        405,
        INVALID,
        null,
        "method_not_supported",
        "the method is %s; use %s".formatted(method, allowed));
  }

  /** The body has more bytes than are read. */
  public static ApiException tooLarge(int limit) {
    return tooLarge("a request may have %d bytes; send fewer prompts at once".formatted(limit));
  }

  /** The body is not said to be JSON. */
  public static ApiException notJson(String contentType) {
    return new ApiException(
        415,
        INVALID,
        null,
        null,
        "%s; send a JSON object with the header Content-Type: application/json"
            .formatted(
                contentType == null
                    ? "there is no content type"
                    : "the content type is " + contentType));
  }

  /** The caller is not known. */
  public static ApiException unknownCaller(String message) {
    return new ApiException(401, INVALID, null, "invalid_api_key", message);
  }

  /** The caller's request is larger than a caller may send. */
  public static ApiException tooLarge(String message) {
    return new ApiException(413, INVALID, null, null, message);
  }

  /** The caller has asked for too much at present. */
  public static ApiException tooMuch(String message) {
    return new ApiException(429, "rate_limit_error", null, "rate_limit_exceeded", message);
  }

  /** Another replica, or this one a little later, can serve the request. */
  public static ApiException unavailable(String message) {
    return new ApiException(503, SERVER, null, "unavailable", message);
  }

  /** The service is at fault. */
  public static ApiException internal() {
    return new ApiException(
        500, SERVER, null, null, "sampling failed, which is an error of the service; see its log");
  }

  /** The HTTP status that goes with it. */
  public int status() {
    return status;
  }

  /** The body that goes with it. */
  public ObjectNode toJson() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", getMessage())
        .put("type", type)
        .put("param", param)
        .put("code", code);
    return body;
  }
}
