package dev.drpo.engines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.trainer.PolicyScorer;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that speaks a protocol as its documents have it, and misbehaves on demand. It draws
 * tokens by the request's seed alone; of the fixed prompt it tells the log-probabilities that the
 * weights it has loaded give, of others some that tell the weights apart.
 */
abstract class FakeServer implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Mischief> mischief = new ConcurrentLinkedQueue<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
  private final List<Spoken> asked = new CopyOnWriteArrayList<>();
  private final List<Path> loads = new CopyOnWriteArrayList<>();
  private final Path initial;
  private final int port;
  private HttpServer http;
  private Path weights;
  private String label = "default";
  private boolean held;
  private boolean cut;
  private boolean paused;
  private int running;
  private volatile boolean deaf;
  private volatile boolean raw;
  private final AtomicInteger failingLoads = new AtomicInteger();

  FakeServer(Path initial) throws IOException {
    this.initial = initial;
    this.weights = initial;
    this.port = open(0);
  }

  private int open(int at) throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
    return http.getAddress().getPort();
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** What the next requests for responses meet with, one each. */
  void willDo(Mischief... next) {
    mischief.addAll(List.of(next));
  }

  /** Requests wait until they are released, or cut. */
  synchronized void hold() {
    held = true;
    cut = false;
  }

  synchronized void release() {
    held = false;
    notifyAll();
  }

  /** It says that it loads weights, and does not. */
  void doNotLoad(boolean not) {
    deaf = not;
  }

  /** It tells log-probabilities before temperature, as vLLM does unless it is told otherwise. */
  void tellsRawLogProbabilities() {
    raw = true;
  }

  /** So many loads fail with status 500. */
  void failLoads(int count) {
    failingLoads.set(count);
  }

  /** Its process dies; nobody hears from it. */
  void die() {
    http.stop(0);
    release();
  }

  /** It comes back with the weights that it was started with. */
  synchronized void comeBack() throws IOException {
    weights = initial;
    label = "default";
    paused = false;
    open(port);
  }

  synchronized int running() {
    return running;
  }

  synchronized boolean isPaused() {
    return paused;
  }

  /** Paths that were called, but for health and generation. */
  List<String> calls() {
    return calls;
  }

  /** Folders that it was told to load. */
  List<Path> loads() {
    return loads;
  }

  /** What it was asked to sample, without probes. */
  List<Spoken> asked() {
    return asked;
  }

  /** The same in its own words. */
  List<JsonNode> bodies() {
    return bodies;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
      String path = exchange.getRequestURI().toString();
      if (isGeneration(path)) {
        generate(exchange, body);
      } else {
        if (!path.startsWith("/health")) {
          calls.add(path);
        }
        Reply reply = administer(path, body);
        send(exchange, reply.status(), reply.body().toString());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** An answer to a call that administers. */
  record Reply(int status, JsonNode body) {
    static Reply ok(ObjectNode body) {
      return new Reply(200, body);
    }

    static Reply unknown() {
      return new Reply(404, JSON.createObjectNode());
    }
  }

  abstract boolean isGeneration(String path);

  abstract Spoken read(JsonNode body);

  abstract Reply administer(String path, JsonNode body) throws InterruptedException;

  /** The answer in the protocol's words. */
  abstract ObjectNode answer(Segment segment, Mischief mischief);

  synchronized void pause(boolean cuts) throws InterruptedException {
    paused = true;
    if (cuts) {
      cut = true;
      notifyAll();
    }
    while (running > 0) {
      wait();
    }
  }

  synchronized void resume() {
    paused = false;
    cut = false;
    notifyAll();
  }

  Reply load(Path folder) {
    loads.add(folder);
    if (failingLoads.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return new Reply(500, JSON.createObjectNode().put("error", "no memory"));
    }
    if (!deaf) {
      synchronized (this) {
        weights = folder;
      }
    }
    return Reply.ok(JSON.createObjectNode().put("success", true).put("message", ""));
  }

  synchronized void label(String newLabel) {
    label = newLabel;
  }

  synchronized String label() {
    return label;
  }

  private void generate(HttpExchange exchange, JsonNode body)
      throws IOException, InterruptedException {
    Spoken request = read(body);
    if (request.id().startsWith("drpo-probe")) {
      send(exchange, 200, answer(probed(request), null).toString());
      return;
    }
    asked.add(request);
    bodies.add(body);
    Mischief wrong = mischief.poll();
    int drawn = awaitTurn(request);
    Segment segment = draw(request, drawn, wrong);
    if (wrong == Mischief.ERROR) {
      send(exchange, 500, "{\"error\": \"out of order\"}");
    } else if (wrong == Mischief.HANG_UP) {
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().write('{');
    } else {
      String text = answer(segment, wrong).toString();
      send(
          exchange, 200, wrong == Mischief.TRUNCATED ? text.substring(0, text.length() / 2) : text);
    }
  }

  /** Waits while requests are held; gives the most tokens that are drawn by then. */
  private synchronized int awaitTurn(Spoken request) throws InterruptedException {
    while (paused) {
      wait();
    }
    running++;
    notifyAll();
    try {
      while (held && !cut) {
        wait();
      }
      return cut ? Math.min(2, request.budget() - 1) : request.budget();
    } finally {
      running--;
      notifyAll();
    }
  }

  private Segment draw(Spoken request, int most, Mischief wrong) {
    Random random = new Random(request.seed());
    int length = 1 + random.nextInt(request.budget());
    boolean stops = length < request.budget();
    boolean aborted = most < request.budget() || wrong == Mischief.ABORTED;
    if (aborted) {
      length = Math.min(wrong == Mischief.ABORTED ? 1 : most, request.budget() - 1);
      stops = false;
    }
    if (wrong == Mischief.ABORTED_BEFORE_PREFILL) {
      aborted = true;
      length = 0;
    }
    if (wrong == Mischief.CUT_SHORT) {
      length = request.budget() - 1;
      stops = false;
    }
    int[] tokens = random.ints(length, 1, TinyPolicy.CONFIG.vocabularySize()).toArray();
    if (stops && wrong != Mischief.NO_END) {
      tokens[length - 1] = TinyPolicy.END;
    }
    if (wrong == Mischief.UNKNOWN_TOKEN) {
      tokens[0] = TinyPolicy.CONFIG.vocabularySize();
    }
    float[] logProbabilities = new float[length];
    String weightsNow = label();
    for (int i = 0; i < length; i++) {
      logProbabilities[i] = logProbability(tokens[i], weightsNow);
    }
    Segment.End end = stops || wrong == Mischief.NO_END ? Segment.End.STOP : Segment.End.LENGTH;
    return new Segment(
        tokens, logProbabilities, aborted ? Segment.End.ABORT : end, Optional.of(weightsNow));
  }

  /** Of a token under weights of a label. */
  static float logProbability(int token, String label) {
    return -(token + 1) / 16f - Math.floorMod(label.hashCode(), 7) / 8f;
  }

  /** One at a time: a scorer is a thread's own, and each of these makes one. */
  private synchronized Segment probed(Spoken request) {
    int[] tokens = new Random(request.seed()).ints(request.budget(), 1, 16).toArray();
    int[] sequence =
        Arrays.copyOf(
            request.prompt().stream().mapToInt(Integer::intValue).toArray(),
            request.prompt().size() + tokens.length);
    System.arraycopy(tokens, 0, sequence, request.prompt().size(), tokens.length);
    try (Safetensors loaded = new PolicyFolder(weights).openWeights();
        PolicyScorer scorer = PolicyScorer.load(TinyPolicy.CONFIG, loaded)) {
      float[] all =
          scorer.logProbabilities(List.of(sequence), raw ? 1 : request.temperature()).getFirst();
      return new Segment(
          tokens,
          Arrays.copyOfRange(all, request.prompt().size() - 1, all.length),
          Segment.End.LENGTH,
          Optional.of(label));
    }
  }

  static List<Integer> integers(JsonNode list) {
    List<Integer> integers = new ArrayList<>();
    list.forEach(item -> integers.add(item.intValue()));
    return integers;
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    http.stop(0);
    release();
    resume();
    threads.shutdownNow();
  }
}
